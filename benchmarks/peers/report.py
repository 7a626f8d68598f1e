"""The table: one for what was answered, one for what it cost. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.peers.scoring import Figures

_QUALITY = (
    "set", "system", "right passage first, retrieval alone", "hit@1", "hit@3", "answer F1, answerable",
    "F1 as it comes", "F1 at its best threshold", "refusals right", "unanswerable refused",
)  # fmt: skip
_COST = ("set", "system", "p50 ms", "p95 ms", "questions/s", "passages indexed/s", "peak MiB")


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


def tables(measured: Sequence[Measured], starts: Sequence[ColdStart], missing: Sequence[NotRun]) -> str:
    """Markdown."""
    parts = [
        _table(_QUALITY, (_quality(each) for each in measured)),
        _table(_COST, (_cost(each) for each in measured)),
        _table(("system", "cold start, s"), ([each.system, f"{each.median:.1f}"] for each in starts)),
    ]
    if missing:
        parts.append("\n".join(f"- {each.system}, {each.what}: {each.why}" for each in missing))
    return "\n\n".join(parts) + "\n"


def _quality(each: Measured) -> list[str]:
    figures, best = each.figures, each.figures.best_threshold
    shares = (
        figures.found_at_1, figures.hit_at_1, figures.hit_at_3, figures.answer_f1,
        figures.as_it_comes.f1, best.f1, best.refusal_precision, best.refusal_recall,
    )  # fmt: skip
    return [f"{each.set} ({figures.questions})", each.system, *(_share(share) for share in shares)]


def _cost(each: Measured) -> list[str]:
    figures = each.figures
    told = (figures.p50, figures.p95, figures.questions_per_second, each.passages / each.index_seconds, each.peak_mib)
    digits = (0, 0, 1, 0, 0)
    shown = ["–" if value is None else f"{value:,.{places}f}" for value, places in zip(told, digits, strict=True)]
    return [f"{each.set} ({each.passages:,} passages)", each.system, *shown]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".removeprefix("0") if value < 1 else "1.000"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---" if name in ("set", "system") else "---:" for name in head]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
