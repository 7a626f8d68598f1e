"""Articles made up for tests, and the shortest way to search them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.index.records import Article

if TYPE_CHECKING:
    from datetime import date

    from onrecord.index.corpus import Corpus
    from onrecord.index.records import Filter


def article(name: str, *paragraphs: str, title: str = "", published: date | None = None) -> Article:
    """An article whose source is its name."""
    return Article.create(source=f"test:{name}", text="\n\n".join(paragraphs), title=title or name, published=published)


def found(corpus: Corpus, query: str, *, k: int = 5, where: Filter | None = None) -> list[str]:
    """The texts of what a search finds that shares a word with the query, best first."""
    return [hit.passage.text for hit in corpus.search(query, k=k, where=where).hits if hit.lexical > 0]


def own_words(number: int) -> str:
    """A paragraph in words of its own, so that its article is a near-duplicate of no other."""
    return " ".join(f"word{number}x{position}" for position in range(20)) + "."


HARBOUR = article(
    "harbour",
    "The harbour of Larnholm was dredged in spring.",
    "Its new crane lifts forty tonnes.",
    "A ferry calls twice a day.",
)
BRIDGE = article("bridge", "The bridge over the Tamar opened in 2013.", "Mayor Alder cut the ribbon.")
ORCHARD = article("orchard", "The orchard grows pears.", "Frost killed half of the blossom in April.")
