from __future__ import annotations

from pathlib import Path

from onrecord.index.records import Article, Hit, Passage, PassageKind
from onrecord.rag.answer import Answer, Quote, RankedPassage, Span, Timings
from onrecord.rag.cases.case import Case, check_case
from onrecord.rag.cases.report import describe

ROOT = Path(__file__).parents[4]
OLD, NEW = "The old bridge closed in May.", "The new bridge opened in 2013, and Ada Moss cut the ribbon."
ARTICLE = Article.create(source="file:harbour.txt", text=f"The harbour\n\n{OLD}\n\n{NEW}", title="The harbour")


def passage(text: str, number: int) -> Passage:
    start = ARTICLE.text.index(text)
    return Passage.of(
        ARTICLE, ordinal=number, paragraph=number, start=start, end=start + len(text), kind=PassageKind.BODY
    )


def test_the_failure_in_the_docs_is_what_is_printed() -> None:
    ranked = tuple(
        RankedPassage(rank, Hit(passage(text, rank + 1), ARTICLE, "", 0.5, 0.5, 0.5), score, ())
        for rank, text, score in ((1, OLD, 0.71), (2, NEW, 0.08))
    )
    start = ARTICLE.text.index("May")
    quote = Quote(
        Span.of(ARTICLE, ARTICLE.text.index(OLD), ARTICLE.text.index(OLD) + len(OLD)),
        highlight=Span.of(ARTICLE, start, start + len("May")),
        confidence=0.71,
        passage=ranked[0].hit.passage,
        article=ARTICLE,
    )
    case = Case(
        line=4,
        question="When did the bridge open?",
        passages=("The new bridge opened in 2013", "Ada Moss cut a ribbon"),
        top_k=1,
        answers=("2013",),
    )
    report = check_case(case, Answer(case.question, (quote,), ranked, 0.71, generation=1, timings=Timings(1, 2, 3)))
    printed = f"____\n{describe(report)}\nharbour.qa.yaml:4\n"
    assert printed in (ROOT / "docs" / "pytest.md").read_text("utf-8"), printed
