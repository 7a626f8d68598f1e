"""The tables: one for what was answered, one for what it cost. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks.peers.scoring import Figures

_QUALITY = {
    "found_at_1": "right passage first, as found", "hit_at_1": "hit@1", "hit_at_3": "hit@3", "answer_f1": "answer F1",
    "f1_as_it_comes": "F1 as it comes", "f1_best_threshold": "F1 at its best threshold",
    "refusal_precision": "refusals right", "refusal_recall": "unanswerable refused",
}  # fmt: skip
"""Shares, by the names under which `docs/figures.json` holds them."""
_COST = {
    "p50": ("p50 ms", 0), "p95": ("p95 ms", 0), "questions_per_second": ("questions/s", 1),
    "passages_per_second": ("passages indexed/s", 0), "peak_mib": ("peak MiB", 0),
}  # fmt: skip
"""Amounts, with their decimal places."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One system on one set. `load_average` is the machine's over the last minute, before and after."""

    set: str
    system: str
    passages: int
    figures: Figures
    versions: dict[str, str]
    load_seconds: float
    index_seconds: float
    peak_mib: float
    load_average: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Seconds from the start of a process to its first answer, models and the seed article's indexing included."""

    system: str
    seconds: tuple[float, ...]
    median: float


@dataclass(frozen=True, slots=True)
class NotRun:
    """What could not be measured, and why."""

    system: str
    what: str
    why: str


def values(measured: Sequence[Measured], starts: Sequence[ColdStart]) -> dict[str, Any]:
    """What is told of it all, as `docs/figures.json` holds it."""
    return {
        "rows": [
            {"set": each.set, "system": each.system, "questions": each.figures.questions, "passages": each.passages}
            | _quality_of(each)
            | _cost_of(each)
            for each in measured
        ],
        "cold_start_seconds": {each.system: round(each.median, 1) for each in starts},
    }


def tables(told: Mapping[str, Any], missing: Sequence[NotRun] = ()) -> str:
    """Markdown of what `values` made."""
    rows, cold = told["rows"], told["cold_start_seconds"]
    parts = [
        table(("set (questions)", "system", *_QUALITY.values()), map(_quality, rows), words=2),
        table(("set (passages)", "system", *(name for name, _ in _COST.values())), map(_cost, rows), words=2),
        table(("system", "cold start, s"), ([system, f"{seconds:.1f}"] for system, seconds in cold.items())),
    ]
    if missing:
        parts.append("\n".join(f"- {each.system}, {each.what}: {each.why}" for each in missing))
    return "\n\n".join(parts) + "\n"


def _quality_of(each: Measured) -> dict[str, float | None]:
    figures, best = each.figures, each.figures.best_threshold
    shares = (
        figures.found_at_1, figures.hit_at_1, figures.hit_at_3, figures.answer_f1,
        figures.as_it_comes.f1, best.f1, best.refusal_precision, best.refusal_recall,
    )  # fmt: skip
    return dict(zip(_QUALITY, shares, strict=True))


def _cost_of(each: Measured) -> dict[str, float | None]:
    figures = each.figures
    costs = (figures.p50, figures.p95, figures.questions_per_second, each.passages / each.index_seconds, each.peak_mib)
    return {
        name: None if cost is None else round(cost, places)
        for (name, (_, places)), cost in zip(_COST.items(), costs, strict=True)
    }


def _quality(row: Mapping[str, Any]) -> list[str]:
    return [f"{_name(row['set'])} ({row['questions']})", row["system"], *(_share(row[name]) for name in _QUALITY)]


def _cost(row: Mapping[str, Any]) -> list[str]:
    shown = ["–" if row[name] is None else f"{row[name]:,.{places}f}" for name, (_, places) in _COST.items()]
    return [f"{_name(row['set'])} ({row['passages']:,})", row["system"], *shown]


def _name(asked: str) -> str:
    return f"`{asked}`" if "_" in asked else asked


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".removeprefix("0")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> str:
    """A table in Markdown, whose first columns are words and stand to the left, and whose others are numbers."""
    rule = ["---"] * words + ["---:"] * (len(head) - words)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
