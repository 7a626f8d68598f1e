"""Floors: what the figures of an evaluation may not fall below, or rise above where lower is better. Pure.

A floor leaves room for two cases, so that another processor's rounding crosses none. It rises with its figure and never
sinks by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.rag.evaluation.figures import FIGURES
from onrecord.rag.evaluation.scores import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onrecord.rag.evaluation.figures import Columns, Figure

ROOM = 2
"""How many cases a floor leaves room for."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """A figure on the wrong side of its floor; its value is None where no case tells it any more."""

    figure: Figure
    value: float | None
    floor: float


def rounded(value: float) -> float:
    """A figure as it is saved and held against its floor."""
    return round(value, DECIMALS)


def crossed(floors: Mapping[str, float], columns: Columns) -> list[Crossed]:
    """The figures that are on the wrong side of their floors."""
    return [
        Crossed(figure, value, floors[figure.name])
        for figure, value in _values(columns)
        if figure.name in floors and not _keeps(figure, value, floors[figure.name])
    ]


def raised(floors: Mapping[str, float], columns: Columns) -> dict[str, float]:
    """Floors for a new run: each that its figure keeps stays or rises; each that it crosses is lowered.

    Whether floors may be lowered is for the caller to decide: `crossed` names those.
    """
    new: dict[str, float] = {}
    for figure, value in _values(columns):
        if value is None:
            continue
        room = _room(figure, value, figure.cases(columns))
        old = floors.get(figure.name)
        keeps = old is not None and _keeps(figure, value, old)
        stricter = min if figure.lower_is_better else max
        new[figure.name] = stricter(room, old) if keeps and old is not None else room
    return new


def _values(columns: Columns) -> Sequence[tuple[Figure, float | None]]:
    return [(figure, figure.value(columns)) for figure in FIGURES]


def _keeps(figure: Figure, value: float | None, floor: float) -> bool:
    if value is None:
        return False
    return rounded(value) <= floor if figure.lower_is_better else rounded(value) >= floor


def _room(figure: Figure, value: float, cases: int) -> float:
    margin = ROOM / cases
    if figure.lower_is_better:
        return min(1.0, rounded(value + margin))
    return max(0.0, rounded(value - margin))
