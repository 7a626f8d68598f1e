"""An evaluation as one page that needs nothing else: no script, no request, a policy that forbids both.

Articles and questions are text that somebody else wrote: the template escapes all of it, what a browser would obey
instead of show is replaced, and no link is made of it.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import os
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from onrecord.api.evaluation import charts, tables
from onrecord.api.words import printable
from onrecord.index.atomic import replace_file
from onrecord.index.errors import OnRecordError
from onrecord.rag.answer import NotFound
from onrecord.rag.cases.report import verdict
from onrecord.rag.evaluation.figures import FIGURES, Columns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from onrecord.api.evaluation.evaluation import Evaluation
    from onrecord.rag.answer import Quote, RankedPassage
    from onrecord.rag.cases.case import AnswerFinding, CaseReport, PassageFinding
    from onrecord.rag.evaluation.comparison import Change
    from onrecord.rag.evaluation.figures import Figure
    from onrecord.rag.evaluation.scores import CaseKey

Shown = dict[str, Any]


class ReportUnwritable(OnRecordError):  # noqa: N818 - named for what is wrong, as those of index.errors
    """The page cannot be written where it should be."""


def require_place(path: Path) -> None:
    """Make the folder of a page, unless it is there.

    Raises:
        ReportUnwritable: it cannot be made or written to, or the page is a folder itself.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _unwritable(path, error) from error


def write(path: Path, evaluation: Evaluation) -> None:
    """Write the page.

    Raises:
        ReportUnwritable: there is no such folder, or it cannot be written to.
    """
    try:
        replace_file(path, render(evaluation, made=datetime.now(UTC)).encode())
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> ReportUnwritable:
    return ReportUnwritable(
        f"The report {path} cannot be written: {error.strerror}.", hint="Give --html a file that can be written."
    )


def render(evaluation: Evaluation, *, made: datetime) -> str:
    """The page as HTML."""
    templates = files("onrecord.api.evaluation") / "templates"
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, finalize=_shown, trim_blocks=True, lstrip_blocks=True
    )
    # Markup only of what is ours: the style sheet, whose digest is all that the page's policy lets style it.
    style = (templates / "eval.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    columns = Columns.of(list(evaluation.scores.values()))
    scores = list(evaluation.scores.values())
    return environment.from_string((templates / "eval.html").read_text("utf-8")).render(
        style=Markup(style),  # noqa: S704 - as said above
        style_hash=Markup(f"sha256-{digest}"),  # noqa: S704 - letters, digits, plus, slash and equals signs
        version=version("onrecord"),
        made=f"{made:%Y-%m-%d %H:%M} UTC",
        files=[run.cases.name for run in evaluation.runs],
        summary=tables.summary_lines(evaluation),
        all_right=evaluation.all_right,
        headings=[*tables.headings(evaluation), "over"],
        rows=_rows(evaluation, columns),
        reliability=charts.reliability(columns),
        answered=charts.answered(scores),
        refused=charts.refused(scores),
        groups=_groups(evaluation),
    )


def _shown(value: Any) -> Any:
    """What a template prints of a value: text without what a browser would obey."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _rows(evaluation: Evaluation, columns: Columns) -> list[Shown]:
    changes = {each.figure: each for each in evaluation.comparison.changes} if evaluation.comparison else {}
    rows = [
        {"label": figure.label, "cells": _cells(figure, columns, evaluation, changes.get(figure))} for figure in FIGURES
    ]
    between = [_cell("")] * (len(tables.headings(evaluation)) - 2)
    for label, value in tables.latency(evaluation):
        count = _cell(str(len(evaluation.scores)))
        cells = [_cell(tables.milliseconds(value)), *between, count, _cell("questions")]
        rows.append({"label": label, "cells": cells})
    return rows


def _cells(figure: Figure, columns: Columns, evaluation: Evaluation, change: Change | None) -> list[Shown]:
    crossed = any(each.figure is figure for each in evaluation.crossed)
    cells = [_cell(tables.share(figure.value(columns)), "bad" if crossed else "")]
    if change is not None:
        tone = {True: "good", False: "bad", None: ""}[change.improved]
        cells += [
            _cell(tables.share(change.before)),
            _cell(tables.difference(change), tone),
            _cell(tables.interval(change)),
        ]
    if evaluation.floors:
        cells.append(_cell(tables.bound(figure, evaluation)))
    return [*cells, _cell(str(figure.cases(columns))), _cell(figure.over)]


def _cell(text: str, tone: str = "") -> Shown:
    return {"text": text, "tone": tone}


def _groups(evaluation: Evaluation) -> list[Shown]:
    """The cases that do not hold: first those to look at, then those that somebody knows of."""
    wrong = evaluation.wrong
    known = [key for key, score in evaluation.scores.items() if not score.holds and key not in set(wrong)]
    title = "Broke since the baseline" if evaluation.comparison is not None else "Failed"
    rest = "Failed before, too" if evaluation.comparison is not None else "Failed as expected"
    return [
        {"title": title, "open": True, "cases": _cases(evaluation, wrong)},
        {"title": rest, "open": False, "cases": _cases(evaluation, known)},
    ]


def _cases(evaluation: Evaluation, keys: Iterable[CaseKey]) -> list[Shown]:
    reports = evaluation.reports
    return [
        _case(f"{reports[key][0].cases.case_file.path}:{reports[key][1].case.line}", reports[key][1]) for key in keys
    ]


def _case(place: str, report: CaseReport) -> Shown:
    case, result = report.case, report.result
    passages = [
        (finding.expected in case.any_passages, _passage_finding(finding, case.top_k)) for finding in report.passages
    ]
    answers = [(finding.expected in case.all_answers, _answer_finding(finding)) for finding in report.answers]
    refused = f"Refused ({result.reason})" if isinstance(result, NotFound) else "Answered"
    return {
        "place": place,
        "question": case.question,
        "history": case.history,
        "verdict": verdict(report),
        "xfail": case.xfail,
        "top_k": case.top_k,
        "passages": [finding for either, finding in passages if not either],
        "any_passages": [finding for either, finding in passages if either],
        "answers": [finding for each, finding in answers if not each],
        "all_answers": [finding for each, finding in answers if each],
        "citation": case.citation and _citation(case.citation.article, case.citation.paragraph),
        "citation_holds": report.citation_holds,
        "min_confidence": case.min_confidence,
        "not_found": case.not_found,
        "came_back": refused,
        "confidence": f"{result.confidence:.2f}",
        "quotes": [_quote(quote) for quote in report.quotes],
        "returned": [_passage(ranked) for ranked in result.passages[: case.top_k]],
    }


def _passage_finding(finding: PassageFinding, top_k: int) -> Shown:
    return {
        "expected": finding.expected,
        "place": f"at rank {finding.rank}" if finding.rank else "",
        "near_enough": finding.rank is not None and finding.rank <= top_k,
        "nearest": finding.near_miss,
        "nearest_at": "rank",
    }


def _answer_finding(finding: AnswerFinding) -> Shown:
    return {
        "expected": finding.expected,
        "place": f"in quote {finding.quote}" if finding.quote else "",
        "near_enough": True,
        "nearest": finding.near_miss,
        "nearest_at": "quote",
    }


def _quote(quote: Quote) -> Shown:
    text, start = quote.span.exact, quote.span.start
    marked, end = quote.highlight.start - start, quote.highlight.end - start
    return {
        "before": text[:marked],
        "highlight": text[marked:end],
        "after": text[end:],
        "source": _citation(quote.article.title, quote.passage.paragraph),
        "confidence": f"{quote.confidence:.2f}",
    }


def _passage(ranked: RankedPassage) -> Shown:
    hit = ranked.hit
    return {
        "text": hit.passage.text,
        "source": _citation(hit.article.title, hit.passage.paragraph),
        "score": f"{ranked.score:.2f}",
    }


def _citation(article: str, paragraph: int | None) -> str:
    return article if paragraph is None else f"{article}, paragraph {paragraph}"
