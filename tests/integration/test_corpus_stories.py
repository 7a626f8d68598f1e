"""Near-duplicate articles: their common passages answer once, name the others, and answer on when one is removed."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

from onrecord.index.records import ArticleReference, Filter
from tests.articles import HARBOUR, ORCHARD, article, found, own_words
from tests.integration.corpora import contents, opened

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.index.corpus import Corpus
    from onrecord.index.records import Article
    from tests.fakes import HashingEmbedder

COUNCIL = "The council of Larnholm voted on Tuesday to close the old harbour bridge for repairs of eight months."
TRAFFIC = "Traffic will be led over the northern road, and the number four bus will turn at the fish market until then."
MAYOR = "“Nobody likes this, but the steel is older than my grandmother,” said the mayor, Ines Alder, after the vote."
WIRE = article("wire", COUNCIL, TRAFFIC, MAYOR, title="Council votes", published=date(2024, 5, 7))
LOCAL = article("local", COUNCIL, "Our town will notice.", TRAFFIC, MAYOR.replace("“", '"').replace("”", '"'))
LATER = article("later", COUNCIL.replace("eight", "nine"), TRAFFIC, MAYOR, published=date(2024, 5, 9))

QUERY = "the steel is older than my grandmother"


def reference(page: Article) -> ArticleReference:
    return ArticleReference(page.id, page.title, page.url)


def who_says(corpus: Corpus, words: str, where: Filter | None = None) -> dict[str, tuple[ArticleReference, ...]]:
    """The articles of the passages that hold some words, each with those named beside it."""
    hits = corpus.search(words, k=9, where=where).hits
    return {hit.article.title: hit.passage.also_in for hit in hits if words in hit.passage.text}


def test_a_common_passage_answers_once_and_names_the_others(corpus: Corpus) -> None:
    corpus.add([WIRE, HARBOUR])
    corpus.add([LOCAL, LATER])
    hits = [hit for hit in corpus.search(QUERY, k=20).hits if "grandmother" in hit.passage.text]
    assert [hit.article for hit in hits] == [WIRE]
    assert hits[0].passage.also_in == (reference(LOCAL), reference(LATER))
    assert corpus.search(QUERY, k=20).searchable == len(HARBOUR.text.split("\n\n")) + 3 + 1 + 1


def test_what_only_one_of_them_says_is_found_there_alone(corpus: Corpus) -> None:
    corpus.add([WIRE, LOCAL, LATER])
    assert found(corpus, "our town will notice", k=1) == ["Our town will notice."]
    assert who_says(corpus, "town will notice") == {"local": ()}
    nine = [hit for hit in corpus.search("nine months", k=9).hits if "nine" in hit.passage.text]
    assert [(hit.article.title, hit.passage.also_in) for hit in nine] == [("later", ())]


def test_articles_of_other_stories_that_share_a_paragraph_are_not_linked(corpus: Corpus) -> None:
    one, other = (article(name, "Both share this.", own_words(n), own_words(n + 9)) for n, name in enumerate("ab"))
    corpus.add([one, other])
    assert who_says(corpus, "Both share this") == {"a": (), "b": ()}


def test_an_article_names_the_other_articles_of_its_story(corpus: Corpus) -> None:
    corpus.add([WIRE, LOCAL, HARBOUR])
    assert corpus.contents(WIRE.id).near_duplicates == (reference(LOCAL),)
    assert corpus.contents(LOCAL.id).near_duplicates == (reference(WIRE),)
    assert corpus.contents(HARBOUR.id).near_duplicates == ()


def test_when_the_first_is_removed_the_next_answers_at_once_without_embedding(
    corpus: Corpus, embedder: HashingEmbedder
) -> None:
    corpus.add([WIRE, LOCAL, LATER])
    embedder.embedded.clear()
    corpus.remove(WIRE.id)
    assert who_says(corpus, QUERY)["local"] == (reference(LATER),)
    corpus.remove(LOCAL.id)
    assert who_says(corpus, QUERY)["later"] == ()
    corpus.remove(LATER.id)
    assert corpus.search(QUERY, k=9).searchable == 0
    assert embedder.embedded == []


def test_when_a_copy_is_removed_it_is_no_longer_named(corpus: Corpus) -> None:
    corpus.add([WIRE, LOCAL])
    corpus.remove(LOCAL.id)
    assert who_says(corpus, QUERY) == {WIRE.title: ()}
    assert who_says(corpus, "town will notice") == {}


def test_a_filter_finds_the_copies_it_keeps_and_names_no_others(corpus: Corpus) -> None:
    corpus.add([WIRE, LOCAL, LATER, ORCHARD])
    assert who_says(corpus, QUERY, Filter(article_ids=(LOCAL.id, LATER.id)))["local"] == (reference(LATER),)
    assert who_says(corpus, QUERY, Filter(published_after=date(2024, 5, 8)))["later"] == ()
    only = corpus.search(QUERY, k=9, where=Filter(article_ids=(LOCAL.id,)))
    assert {hit.article for hit in only.hits} == {LOCAL}
    assert only.searchable == len(only.hits) == 4
    assert all(hit.passage.text == LOCAL.text[hit.passage.start : hit.passage.end] for hit in only.hits)


def test_many_copies_of_one_passage_do_not_push_others_out(corpus: Corpus) -> None:
    copies = [article(f"copy{n}", COUNCIL, TRAFFIC, MAYOR) for n in range(250)]
    corpus.add([*copies, article("other", "The steel of the bridge was forged in Tamar.", own_words(1))])
    result = corpus.search("steel of the bridge", k=4)
    assert [hit.article.title for hit in result.hits].count("copy0") <= 3
    assert "other" in {hit.article.title for hit in result.hits}
    assert result.searchable == 5


def test_a_changed_original_stays_the_one_that_is_cited(corpus: Corpus) -> None:
    corpus.add([WIRE, LOCAL])
    corpus.add([article("wire", COUNCIL, TRAFFIC, MAYOR, "Corrected on Friday.", title="Council votes")])
    assert list(who_says(corpus, QUERY)) == ["Council votes"]
    corpus.add([article("wire", own_words(3), title="Council votes")])
    assert who_says(corpus, QUERY) == {"local": ()}


def test_whatever_was_done_before_everything_that_is_left_is_found_once_a_story(tmp_path: Path) -> None:
    chance = random.Random(6)
    paragraphs = [[own_words(10 * story + n) for n in range(4)] for story in range(3)]
    there: dict[str, Article] = {}
    with opened(tmp_path) as corpus:
        for _ in range(50):
            name = f"n{chance.randrange(9)}"
            if name in there and chance.random() < 0.4:
                corpus.remove(there.pop(name).id)
                continue
            kept = chance.sample(chance.choice(paragraphs), chance.randint(2, 4))
            there[name] = article(name, *kept, *[own_words(chance.randrange(1000, 9999))] * chance.randrange(2))
            corpus.add([there[name]])
        lived = contents(corpus, tmp_path)
        standing = {(text, name) for title, text, others in lived for name in (title, *others)}
        assert standing == {(text, name) for name, page in there.items() for text in page.text.split("\n\n")}
        assert len(standing) == sum(1 + len(others) for _, _, others in lived)
        assert any(others for _, _, others in lived)
    for name in ("", "vectors.faiss", "lexical/meta.json"):
        if name:
            (tmp_path / name).unlink()
        with opened(tmp_path) as corpus:
            assert contents(corpus, tmp_path) == lived
