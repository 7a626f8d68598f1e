"""Articles, hits and readings for the tests of this folder."""

from __future__ import annotations

from onrecord.index.records import Article, Hit, Passage, PassageKind
from onrecord.rag.reading.reader import Reading
from onrecord.rag.reading.spans import ScoredSpan

PARAGRAPHS = (
    "The council met on Monday. It voted to close the harbour.",
    "“We will fight it,” said Ada Moss. She leads the dockers.",
    "Ships may dock until May.",
)


def article(*paragraphs: str, title: str = "Harbour to close") -> Article:
    return Article.create(source=f"test:{title}", text="\n\n".join(paragraphs), title=title)


def hits(of: Article, *, scores: tuple[float, ...] = (), dense: float = 0.5, lexical: float = 1.0) -> list[Hit]:
    """One hit for each paragraph of an article, in text order."""
    found = []
    start = 0
    for ordinal, text in enumerate(of.text.split("\n\n")):
        passage = Passage.of(
            of, ordinal=ordinal, paragraph=ordinal + 1, start=start, end=start + len(text), kind=PassageKind.BODY
        )
        score = scores[ordinal] if scores else 0.5
        found.append(Hit(passage, of, "", score=score, dense=dense, lexical=lexical))
        start += len(text) + 2
    return found


def reading(hit: Hit, exact: str, *, relevance: float = 0.0, score: float = 0.0) -> Reading:
    """A reading whose span is the first place of `exact` in the hit's passage."""
    start = hit.passage.start + hit.passage.text.index(exact)
    return Reading(relevance, ScoredSpan(start, start + len(exact), score))
