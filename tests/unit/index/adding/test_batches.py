"""Files → a corpus in memory: what is told as added is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from onrecord.index.adding import batches
from onrecord.index.adding.batches import Indexed
from onrecord.index.corpus import Corpus
from onrecord.index.records import Article, Change
from tests.fakes import HashingEmbedder, MemoryLexicalHome, NumpyVectorHome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXTS = ("The quay closes on 3 May.", "The bath opens on 9 June.", "The market moves in August.")


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    vectors, words = NumpyVectorHome(), MemoryLexicalHome()
    with Corpus.open(tmp_path / "data", HashingEmbedder(), vector_index=vectors, lexical_index=words) as opened:
        yield opened


def rss(*items: str) -> str:
    body = "".join(
        f"<item>{item}<description>{text}</description></item>" for item, text in zip(items, TEXTS, strict=True)
    )
    return f'<rss version="2.0"><channel><title>N</title><link>https://n.example/</link>{body}</channel></rss>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("guid.rss", rss(*['<guid isPermaLink="false">none</guid>'] * 3)),
        ("guid-and-title.rss", rss(*["<title>Notice</title><guid>none</guid>"] * 3)),
        ("link.rss", rss(*["<link>https://n.example/notices</link>"] * 3)),
        ("link-and-guid.rss", rss(*(f"<link>https://n.example/notices</link><guid>{n}</guid>" for n in "abc"))),
        ("title.rss", rss(*["<title>Notice</title>"] * 3)),
        ("id.jsonl", "\n".join(json.dumps({"text": text, "id": 7}) for text in TEXTS)),
        ("url.jsonl", "\n".join(json.dumps({"text": text, "url": "https://n.example/x"}) for text in TEXTS)),
        (
            "number.jsonl",
            "\n".join(
                json.dumps({"text": text, "id": i} if i else {"text": text})
                for text, i in zip(TEXTS, (None, 1, 2), strict=True)
            ),
        ),
        (
            "named-as-lines.jsonl",
            "\n".join(
                json.dumps({"text": text, "id": i})
                for text, i in zip(TEXTS, ("line 2", "line 2", "line 3"), strict=True)
            ),
        ),
    ],
)
def test_what_one_file_calls_by_one_name_is_kept_and_told_apart(
    corpus: Corpus, tmp_path: Path, name: str, content: str
) -> None:
    file = tmp_path / name
    file.write_text(content)
    for change in (Change.ADDED, Change.UNCHANGED):
        told = list(batches.add(corpus, batches.read_files([file], root=tmp_path)))
        assert [each.change for each in told if isinstance(each, Indexed)] == [change] * 3
        assert {corpus.article(each.article.id).text for each in told if isinstance(each, Indexed)} == set(TEXTS)


def test_what_stands_twice_in_a_file_in_the_same_words_is_one_article(corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "twice.jsonl"
    file.write_text('{"text": "The quay closes.", "title": "Quay", "id": "a"}\n' * 2)
    told = list(batches.add(corpus, batches.read_files([file], root=tmp_path)))
    assert [each.change for each in told if isinstance(each, Indexed)] == [Change.ADDED, Change.UNCHANGED]
    assert len(corpus.articles()) == 1


def test_an_article_that_another_source_replaces_is_told_as_changed(corpus: Corpus) -> None:
    one, other = (Article.create(source="https://n.example/x", text=text, title="X") for text in TEXTS[:2])
    told = [each for each in batches.add(corpus, [one, other]) if isinstance(each, Indexed)]
    assert [each.change for each in told] == [Change.ADDED, Change.CHANGED]
    assert corpus.article(one.id).text == TEXTS[1]
