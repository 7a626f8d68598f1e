"""Articles that say different things in the same place."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.index.records import Article
from onrecord.rag.answer import Quote, Span
from onrecord.rag.quoting.conflicts import disagree, in_order
from tests.unit.rag.articles import hits

RISES = "The toll for the north pier rises to ‹60 crowns› on 1 July, the harbour board said."
CORRECTED = "The toll for the north pier rises to ‹45 crowns› on 1 July, the harbour board said, correcting itself."


def quote(marked: str, *, published: date | None = None, confidence: float = 0.8, source: str = "") -> Quote:
    """A quote of one sentence with its highlight in ‹ ›, of an article of its own."""
    before, words, after = marked.replace("›", "‹").split("‹")
    article = Article.create(
        source=source or f"test:{marked}", text=before + words + after, title="Toll", published=published
    )
    (hit,) = hits(article)
    span = Span.of(article, 0, len(article.text))
    return Quote(span, Span.of(article, len(before), len(before) + len(words)), confidence, hit.passage, article)


def test_two_articles_that_say_different_figures_of_the_same_disagree_and_the_newer_stands_first() -> None:
    older = quote(RISES, published=date(2024, 5, 3), confidence=0.75)
    newer = quote(CORRECTED, published=date(2024, 5, 6), confidence=0.7)
    first, second = in_order([older, newer])
    assert (first.article, second.article) == (newer.article, older.article)
    assert first.disagrees
    assert second.disagrees


@pytest.mark.parametrize("published", [None, date(2024, 5, 6)])
def test_what_is_much_surer_or_no_older_stays_in_front(published: date | None) -> None:
    sure = quote(RISES, published=date(2024, 5, 3) if published is None else published, confidence=0.9)
    unsure = quote(CORRECTED, published=published, confidence=0.85)
    assert [each.article for each in in_order([sure, unsure])] == [sure.article, unsure.article]
    later = quote(CORRECTED, published=date(2025, 1, 1), confidence=0.5)
    assert in_order([sure, later])[0].article == sure.article


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("‹Tom Rask› is the harbour master of Osby.", "‹Eva Dahl› is the harbour master of Osby."),
        ("The pier was built in ‹1911› by the town.", "The town built the pier in ‹1912›."),
    ],
)
def test_sentences_that_differ_in_what_is_asked_disagree(one: str, other: str) -> None:
    assert disagree(quote(one), quote(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("‹Eva Dahl› is the harbour master of Osby.", "‹Dahl› is the harbour master of Osby."),
        ("The pier cost ‹nine million crowns› to build.", "The pier cost ‹9 million› to build."),
        ("The pier opens on ‹Monday› at noon.", "The pier opens on ‹May 6› at noon."),
        ("‹Eva Dahl› is the harbour master of Osby.", "The council is led by ‹Tom Rask›."),
    ],
)
def test_the_same_in_other_words_or_something_about_something_else_is_no_disagreement(one: str, other: str) -> None:
    assert not disagree(quote(one), quote(other))


def test_one_article_does_not_disagree_with_itself() -> None:
    assert not disagree(quote(RISES, source="test:same"), quote(CORRECTED, source="test:same"))
    assert not any(each.disagrees for each in in_order([quote(RISES)]))
