"""Evaluations made up for tests, without a model."""

from __future__ import annotations

from pathlib import Path

from onrecord.api.evaluation import runs as case_runs
from onrecord.api.evaluation.evaluation import Evaluation
from onrecord.index.records import Article, Hit, Passage, PassageKind
from onrecord.rag.answer import Answer, NotFound, Quote, RankedPassage, Reason, Span, Timings
from onrecord.rag.cases.case import Case, CaseFile, check_case
from onrecord.rag.evaluation.metrics import evaluate

HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>\u202e\x1b[31m{{ 7 * 7 }}</style>"


def article(body: str, title: str = "A title") -> Article:
    """An article of one paragraph, from a place that no page may link to."""
    return Article.create(source="text:a", text=body, title=title, url="javascript:alert(1)")


def result(about: Article, *, quoted: str | None) -> Answer | NotFound:
    """The article quoted as a whole, with some words marked; or refused."""
    passage = Passage.of(about, ordinal=0, paragraph=1, start=0, end=len(about.text), kind=PassageKind.BODY)
    ranked = (RankedPassage(1, Hit(passage, about, "", 0.5, 0.5, 1.0), score=0.5, highlights=()),)
    if quoted is None:
        return NotFound("?", Reason.NO_ANSWER_IN_PASSAGES, ranked, 0.1, 1, Timings(0, 0, 1))
    span = Span.of(about, 0, len(about.text))
    start = about.text.index(quoted)
    quote = Quote(span, Span.of(about, start, start + len(quoted)), 0.8, passage, about)
    return Answer("?", (quote,), ranked, 0.8, 1, Timings(0, 0, 1))


def evaluated(*cases: tuple[Case, Answer | NotFound]) -> Evaluation:
    """An evaluation without a baseline of cases that were answered as given."""
    file = CaseFile(Path("cases/town.qa.yaml"), (), tuple(case for case, _ in cases))
    reports = tuple(check_case(case, came_back) for case, came_back in cases)
    runs = [case_runs.CaseRun(case_runs.NamedCases("town.qa.yaml", file), (), reports)]
    scores = case_runs.scores(runs)
    metrics = evaluate(list(scores.values()))
    return Evaluation(runs, scores, metrics, None, articles_changed=False, floors={}, crossed=())


def case(question: str = "When?", **expected: object) -> Case:
    """A case in line 7."""
    return Case(line=7, question=question, **expected)  # type: ignore[arg-type]
