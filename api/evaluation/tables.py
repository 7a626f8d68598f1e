"""What `onrecord eval` prints: each case that somebody has to look at, what moved, and the table of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from onrecord.api.words import printable
from onrecord.rag.cases.report import describe
from onrecord.rag.evaluation.figures import FIGURES, Columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onrecord.api.evaluation.evaluation import Evaluation
    from onrecord.rag.evaluation.comparison import Change
    from onrecord.rag.evaluation.figures import Figure
    from onrecord.rag.evaluation.floors import Crossed
    from onrecord.rag.evaluation.scores import CaseKey

NOTHING = "–"


def wrong_cases(evaluation: Evaluation) -> Iterator[Text]:
    """Each case to look at: where it stands, what was expected and what came back."""
    reports = evaluation.reports
    for key in evaluation.wrong:
        run, report = reports[key]
        yield Text(f"{printable(str(run.cases.case_file.path))}:{report.case.line}: {printable(describe(report))}\n")


def summary(evaluation: Evaluation) -> Text:
    """How many cases passed, and what moved."""
    return Text("\n".join(printable(line) for line in summary_lines(evaluation)) + "\n")


def summary_lines(evaluation: Evaluation) -> list[str]:
    """The lines of the summary; case files' texts stand in them as they are."""
    metrics = evaluation.metrics
    lines = [f"{metrics.passed} passed, {metrics.failed} failed, {metrics.xfailed} failed as expected"]
    moved = evaluation.comparison
    if moved is not None:
        lines += _moved("broke", [key for key in moved.broke if key not in moved.known])
        lines += _moved("broke, as its xfail says", moved.known)
        lines += _moved("fixed", moved.fixed)
        if not moved.broke and not moved.fixed:
            lines.append("no case broke, none was fixed")
        if evaluation.articles_changed:
            lines.append("the articles have changed since the baseline was made")
    return lines + [_told(each) for each in evaluation.crossed]


def figures(evaluation: Evaluation) -> Table:
    """The figures, one a row; with a baseline also what each was, by how much it moved and how sure that is.

    It fits a terminal of 80 columns: beside a baseline, only the number is left of what a figure is over.
    """
    columns = Columns.of(list(evaluation.scores.values()))
    changes = {each.figure: each for each in evaluation.comparison.changes} if evaluation.comparison else {}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("figure", no_wrap=True)
    for heading in headings(evaluation):
        table.add_column(heading, justify="right", no_wrap=True)
    if not changes:
        table.add_column("over", no_wrap=True)
    for figure in FIGURES:
        cells: list[str | Text] = [figure.label, _value(figure, columns, evaluation)]
        if changes:
            change = changes[figure]
            cells += [share(change.before), _difference(change), interval(change)]
        if evaluation.floors:
            cells.append(bound(figure, evaluation))
        cells.append(str(figure.cases(columns)))
        table.add_row(*cells, *([] if changes else [figure.over]))
    for label, value in latency(evaluation):
        between = [""] * (len(headings(evaluation)) - 2)
        table.add_row(label, milliseconds(value), *between, str(len(evaluation.scores)))
    return table


def share(value: float | None) -> str:
    """A figure, to three places."""
    return NOTHING if value is None else f"{value:.3f}"


def interval(change: Change) -> str:
    """The interval that a change lies in."""
    return f"{change.interval.low:+.3f} … {change.interval.high:+.3f}" if change.interval else NOTHING


def bound(figure: Figure, evaluation: Evaluation) -> str:
    """The floor of a figure, or its ceiling."""
    floor = evaluation.floors.get(figure.name)
    return NOTHING if floor is None else f"{'≤' if figure.lower_is_better else '≥'} {floor:.3f}"


def milliseconds(value: float | None) -> str:
    """A time."""
    return NOTHING if value is None else f"{value:.0f} ms"


def headings(evaluation: Evaluation) -> list[str]:
    """The columns beside a figure's name: more of them with a baseline."""
    moved = ["baseline", "change", "95 % interval"] if evaluation.comparison else []
    return ["value", *moved, *(["floor"] if evaluation.floors else []), "n"]


def latency(evaluation: Evaluation) -> list[tuple[str, float | None]]:
    """The rows about time."""
    latency = evaluation.metrics.latency_ms
    return [("latency p50", latency.p50), ("latency p95", latency.p95)]


def difference(change: Change) -> str:
    """By how much a figure changed."""
    return NOTHING if change.difference is None else f"{change.difference:+.3f}"


def _told(crossed: Crossed) -> str:
    """Which floor or ceiling was crossed, and by what."""
    if crossed.value is None:
        return f"{crossed.figure.label} can no longer be told, as no case counts for it: {crossed.floor:.3f} is held"
    where = "above its ceiling" if crossed.figure.lower_is_better else "below its floor"
    return f"{crossed.figure.label} is {where}: {crossed.value:.3f}, and {crossed.floor:.3f} is held"


def _moved(how: str, keys: Sequence[CaseKey]) -> Iterator[str]:
    for key in keys:
        asked = " → ".join([*key.history, key.question])
        yield f"{how}: {key.file}: {asked}"


def _value(figure: Figure, columns: Columns, evaluation: Evaluation) -> Text:
    crossed = any(each.figure is figure for each in evaluation.crossed)
    return Text(share(figure.value(columns)), style="bold red" if crossed else "")


def _difference(change: Change) -> Text:
    return Text(difference(change), style={True: "green", False: "red", None: ""}[change.improved])
