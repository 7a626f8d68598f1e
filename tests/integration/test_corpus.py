"""The corpus on real files: what is added is found, what is removed is not; filters and order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from onrecord.index.corpus import Corpus
from onrecord.index.errors import ArticleNotFound, StoreError
from onrecord.index.records import Article, Change, Filter
from tests.articles import BRIDGE, HARBOUR, ORCHARD, article, found, own_words
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onrecord.index.embedding.embedder import Vectors

from tests.integration.corpora import opened, rows

CRANE = "Its new crane lifts forty tonnes."
RIBBON = "Mayor Alder cut the ribbon."


# --- adding, replacing, removing -----------------------------------------------------------------------------------


def test_what_is_added_is_found(corpus: Corpus) -> None:
    assert corpus.add([HARBOUR, BRIDGE]) == (Change.ADDED, Change.ADDED)
    assert found(corpus, "how much does the crane lift?")[0] == CRANE
    assert found(corpus, "who cut the ribbon?")[0] == RIBBON
    assert corpus.generation == 1
    result = corpus.search("crane", k=2)
    assert (result.generation, result.searchable, len(result.hits)) == (1, 5, 2)
    hit = result.hits[0]
    assert hit.article == HARBOUR
    assert hit.passage.text == HARBOUR.text[hit.passage.start : hit.passage.end]
    assert hit.lead == HARBOUR.text.split("\n\n", maxsplit=1)[0]
    assert 0 <= result.hits[1].score <= hit.score <= 1
    assert -1 <= hit.dense <= 1.0001


def test_an_empty_corpus_finds_nothing_and_loads_no_model(tmp_path: Path) -> None:
    class Unloadable(HashingEmbedder):
        def encode_query(self, text: str) -> Vectors:
            raise AssertionError(text)

    with opened(tmp_path, Unloadable()) as corpus:
        result = corpus.search("anything", k=5)
    assert (result.hits, result.generation, result.searchable) == ((), 0, 0)


def test_an_article_without_a_passage_that_answers_is_kept_but_never_found(corpus: Corpus) -> None:
    corpus.add([article("furniture", "Advertisement", title="Advertisement")])
    assert corpus.search("advertisement", k=3).hits == ()
    assert [summary.passages for summary in corpus.articles()] == [0]


def test_the_same_article_again_changes_nothing(corpus: Corpus, embedder: HashingEmbedder) -> None:
    corpus.add([HARBOUR])
    embedder.embedded.clear()
    assert corpus.add([HARBOUR]) == (Change.UNCHANGED,)
    assert corpus.generation == 1
    assert embedder.embedded == []


def test_a_changed_article_replaces_the_old_and_embeds_only_what_changed(
    corpus: Corpus, embedder: HashingEmbedder
) -> None:
    corpus.add([HARBOUR, BRIDGE])
    embedder.embedded.clear()
    first, _, last = HARBOUR.text.split("\n\n")
    changed = article("harbour", first, "The old crane was scrapped.", last)
    assert corpus.add([changed]) == (Change.CHANGED,)
    assert embedder.embedded == ["harbour\nThe old crane was scrapped."]
    assert corpus.generation == 2
    assert CRANE not in found(corpus, "crane forty tonnes")
    assert found(corpus, "scrapped crane")[0] == "The old crane was scrapped."
    assert found(corpus, "ferry")[0] == last
    assert corpus.article(HARBOUR.id) == changed


def test_of_one_article_given_twice_the_last_counts(corpus: Corpus) -> None:
    older = article("harbour", "The harbour is closed.")
    assert corpus.add([older, HARBOUR]) == (Change.ADDED, Change.ADDED)
    assert corpus.article(HARBOUR.id) == HARBOUR
    assert corpus.add([older, HARBOUR]) == (Change.UNCHANGED, Change.UNCHANGED)


def test_what_is_removed_is_gone(corpus: Corpus) -> None:
    corpus.add([HARBOUR, BRIDGE])
    corpus.remove(HARBOUR.id)
    assert corpus.generation == 2
    assert found(corpus, "crane forty tonnes harbour ferry") == []
    assert {hit.article.id for hit in corpus.search("crane", k=9).hits} == {BRIDGE.id}
    for call in (corpus.article, corpus.contents, corpus.remove):
        with pytest.raises(ArticleNotFound, match="no article"):
            call(HARBOUR.id)
    assert corpus.generation == 2


def test_row_ids_are_never_given_twice(tmp_path: Path) -> None:
    with opened(tmp_path) as corpus:
        corpus.add([HARBOUR])
        corpus.add([BRIDGE])
        seen = rows(tmp_path)
        corpus.remove(BRIDGE.id)
        corpus.remove(HARBOUR.id)
    with opened(tmp_path) as corpus:
        corpus.add([ORCHARD])
        corpus.add([BRIDGE])
        assert not set(seen) & set(rows(tmp_path))
        held = corpus._derived.vectors
        assert held is not None
        assert sorted(held.search(HashingEmbedder().encode_query("x"), 99).rows.tolist()) == rows(tmp_path)


def test_articles_come_by_title(corpus: Corpus) -> None:
    corpus.add([ORCHARD, BRIDGE, HARBOUR])
    assert [(each.title, each.passages) for each in corpus.articles()] == [
        ("bridge", 2),
        ("harbour", 3),
        ("orchard", 2),
    ]


def test_a_failing_embedder_leaves_everything_as_it_was(tmp_path: Path) -> None:
    class Failing(HashingEmbedder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            if any("bridge" in text for text in texts):
                raise MemoryError
            return super().encode_passages(texts)

    with opened(tmp_path, Failing()) as corpus:
        corpus.add([HARBOUR])
        with pytest.raises(MemoryError):
            corpus.add([ORCHARD, BRIDGE])
        assert corpus.generation == 1
        assert [each.id for each in corpus.articles()] == [HARBOUR.id]
        assert corpus.add([ORCHARD]) == (Change.ADDED,)


# --- filters and order ------------------------------------------------------------------------------------------------


def test_a_filter_that_keeps_one_article_in_a_thousand_does_not_starve_the_result(corpus: Corpus) -> None:
    """Whatever it keeps it by: the article is among the worst for the question, far from what either search brings."""
    day = date(2024, 5, 7)
    better = [
        article(f"n{n}", f"The ripe pears of orchard {n} are ripe.", f"Orchard {n} has pears.") for n in range(999)
    ]
    kept = article("kept", "A pear fell from the cart on its way.", "Pears rot.", published=day)
    corpus.add([*better, kept])
    assert kept.id not in {hit.article.id for hit in corpus.search("ripe pears in the orchard", k=50).hits}
    for where in (
        Filter(article_ids=(kept.id,)),
        Filter(published_after=day),
        Filter(published_before=day),
        Filter(source="test:kept"),
    ):
        result = corpus.search("ripe pears in the orchard", k=5, where=where)
        assert [hit.article.id for hit in result.hits] == [kept.id, kept.id]
        assert result.searchable == 2
        assert all(hit.lexical > 0 for hit in result.hits)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(published_after=date(2020, 1, 2)), {"new"}),
        (Filter(published_before=date(2020, 1, 1)), {"old"}),
        (Filter(published_after=date(2020, 1, 1), published_before=date(2020, 1, 1)), {"old"}),
        (Filter(article_ids=()), set()),
        (Filter(article_ids=("unknown",)), set()),
        (Filter(), {"old", "new", "undated"}),
    ],
)
def test_filters_keep_what_they_say(corpus: Corpus, where: Filter, expected: set[str]) -> None:
    corpus.add(
        [
            article("old", "Pears were cheap.", published=date(2020, 1, 1)),
            article("new", "Pears are dear.", published=date(2024, 1, 1)),
            article("undated", "Pears are pears."),
        ]
    )
    result = corpus.search("pears", k=9, where=where)
    assert {hit.article.title for hit in result.hits} == expected
    assert result.searchable == len(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("news.example", {"a", "b"}),
        ("https://news.example/politics/", {"a"}),
        ("file:reports/", {"c"}),
        ("file:reports/2", set()),
        ("ews.example", set()),
        ("%", set()),
    ],
)
def test_a_source_keeps_what_begins_so(corpus: Corpus, source: str, expected: set[str]) -> None:
    sources = {"a": "https://news.example/politics/1", "b": "http://www.news.example/2", "c": "file:reports/1.txt"}
    corpus.add([Article.create(source=at, text=f"Pears of {name}.", title=name) for name, at in sources.items()])
    result = corpus.search("pears", k=9, where=Filter(source=source))
    assert {hit.article.title for hit in result.hits} == expected


def test_the_same_articles_in_the_same_order_give_the_same_results(tmp_path: Path) -> None:
    pages = [
        article(f"n{n}", f"Pears number {n % 7} are ripe.", "The same words are here.", own_words(n))
        for n in range(150)
    ]

    def results(directory: Path) -> list[tuple[str, float, float, float]]:
        with opened(directory) as corpus:
            corpus.add(pages[:60])
            corpus.add(pages[60:])
            hits = corpus.search("which pears are ripe here?", k=40).hits
            return [(hit.passage.id, hit.score, hit.dense, hit.lexical) for hit in hits]

    first, second = results(tmp_path / "a"), results(tmp_path / "b")
    assert first == second
    assert len(first) == 40
    with opened(tmp_path / "a") as corpus:
        again = corpus.search("which pears are ripe here?", k=40).hits
        assert [(hit.passage.id, hit.score, hit.dense, hit.lexical) for hit in again] == first


def test_equal_scores_are_ordered_by_row(corpus: Corpus) -> None:
    corpus.add([article(f"n{n}", "Exactly these words.", own_words(n), title="Same") for n in range(300)])
    hits = corpus.search("exactly these words", k=50).hits
    assert len({hit.score for hit in hits}) == 1
    assert [hit.article.source for hit in hits] == [f"test:n{n}" for n in range(50)]


@pytest.mark.parametrize("typed", ["café", "cafe\u0301", "CAFÉ", "cafe"])
def test_an_accent_is_the_same_however_it_is_typed(corpus: Corpus, typed: str) -> None:
    corpus.add([article("a", "The cafe\u0301 is open."), article("b", "A café closed.")])
    assert len(found(corpus, typed)) == 2


@pytest.mark.parametrize(
    "query", ["", "?", '"unclosed AND (', "+ - && || ! ( ) { } [ ] ^ ~ * ? : \\", "\x00", "🙂", "x" * 5000]
)
def test_no_query_is_an_error(corpus: Corpus, query: str) -> None:
    corpus.add([HARBOUR])
    assert len(corpus.search(query, k=2).hits) == 2


def test_a_closed_corpus_says_so(tmp_path: Path) -> None:
    corpus = opened(tmp_path)
    corpus.close()
    with pytest.raises(StoreError, match="closed"):
        corpus.articles()


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    def progress(what: str, done: int, total: int) -> None:
        told.append((what, done, total))

    with Corpus.open(tmp_path, HashingEmbedder(), progress=progress) as corpus:
        corpus.add([HARBOUR])
    assert ("embedding", 0, 3) in told
    assert ("embedding", 3, 3) in told
    told.clear()
    with Corpus.open(tmp_path, HashingEmbedder("other"), progress=progress):
        pass
    assert ("embedding again", 0, 1) in told
    assert ("embedding again", 1, 1) in told


def test_an_article_of_any_unicode_comes_back_as_it_was(corpus: Corpus) -> None:
    text = "\ufeffשלום e\u0301 👩‍👩‍👧‍👦\x00 \u2028 line\r\n\r\nｆｕｌｌ ﷺ."
    page = Article.create(source="test:any", text=text, title="ﬁ", url="https://x/é", author="Ö")
    corpus.add([page])
    assert corpus.article(page.id) == page
    assert [p.text for p in corpus.contents(page.id).passages] == [
        page.text[p.start : p.end] for p in corpus.contents(page.id).passages
    ]
    assert found(corpus, "full") == [page.text.split("\r\n\r\n")[1]]
