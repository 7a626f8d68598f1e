"""Where marks stand on the charts of an evaluation's page: a reliability diagram and histograms of confidence. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onrecord.rag.evaluation.reliability import bins, calibration_error
from onrecord.rag.evaluation.scores import Expectation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.rag.evaluation.figures import Columns
    from onrecord.rag.evaluation.scores import CaseScore

BARS = 20
_SQUARE = (60, 14, 190)
"""Left, top and side of the reliability diagram, as the template draws its frame."""
_LEFT, _TOP, _WIDTH, _HEIGHT = 40, 14, 290, 190
"""The frame of a histogram."""
_LARGEST_DOT = 14
_SMALLEST_DOT = 3


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at a place on an axis."""

    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin of answers; its area grows with their number."""

    x: float
    y: float
    radius: float
    told: str


@dataclass(frozen=True, slots=True)
class Reliability:
    """The reliability diagram, and what it says in words."""

    dots: Sequence[Dot]
    ticks: Sequence[Tick]
    told: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Two counts on top of each other: rightly decided cases below, the others above."""

    x: float
    width: float
    right_y: float
    right_height: float
    other_y: float
    other_height: float
    told: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """Cases by confidence, and what the two colours stand for."""

    title: str
    told: str
    right: str
    other: str
    bars: Sequence[Bar]
    ticks: Sequence[Tick]


def reliability(columns: Columns) -> Reliability:
    """Draw the answers whose rightness is known: stated confidence against the share that is right."""
    known = columns.decided > 0
    confidence, right = columns.confidence[known], columns.first_right[known]
    made = bins(confidence, right)
    most = max((each.count for each in made), default=1)
    error = calibration_error(confidence, right, np.ones((1, len(confidence))))[0]
    left, top, side = _SQUARE
    return Reliability(
        dots=[
            Dot(
                x=round(left + side * each.confidence, 1),
                y=round(top + side * (1 - each.right), 1),
                radius=round(_SMALLEST_DOT + (_LARGEST_DOT - _SMALLEST_DOT) * (each.count / most) ** 0.5, 1),
                told=f"{each.count} answers: confidence {each.confidence:.2f}, right {each.right:.2f}",
            )
            for each in made
        ],
        ticks=[
            Tick(f"{share:g}", x=left + side * share, y=top + side * (1 - share))
            for share in (0.0, 0.25, 0.5, 0.75, 1.0)
        ],
        told=f"{len(confidence)} answers" + (f", expected calibration error {error:.3f}" if len(confidence) else ""),
    )


def answered(scores: Sequence[CaseScore]) -> Histogram:
    """Draw the cases that were answered; where any answer will do, it is right."""
    these = [each for each in scores if not each.abstained]
    right = [each.quote is not None or each.expects is Expectation.ANSWER for each in these]
    return _histogram("Answered", "rightly", "wrongly", [each.confidence for each in these], right)


def refused(scores: Sequence[CaseScore]) -> Histogram:
    """Draw the cases that were refused, by the confidence of the best candidate."""
    these = [each for each in scores if each.abstained]
    right = [each.expects is Expectation.REFUSAL for each in these]
    return _histogram("Refused", "nothing answers", "the articles answer", [each.confidence for each in these], right)


def _histogram(title: str, right: str, other: str, confidence: Sequence[float], is_right: Sequence[bool]) -> Histogram:
    places = [min(int(BARS * each), BARS - 1) for each in confidence]
    rights = [sum(r for p, r in zip(places, is_right, strict=True) if p == place) for place in range(BARS)]
    others = [places.count(place) - rights[place] for place in range(BARS)]
    highest = max(1, *(one + two for one, two in zip(rights, others, strict=True)))
    step, unit, bottom = _WIDTH / BARS, _HEIGHT / highest, _TOP + _HEIGHT
    bars = [
        Bar(
            x=round(_LEFT + step * place + 1, 2),
            width=round(step - 2, 2),
            right_y=round(bottom - unit * below, 2),
            right_height=round(unit * below, 2),
            other_y=round(bottom - unit * (below + above), 2),
            other_height=round(unit * above, 2),
            told=f"confidence {place / BARS:.2f} to {(place + 1) / BARS:.2f}: {below} {right}, {above} {other}",
        )
        for place, (below, above) in enumerate(zip(rights, others, strict=True))
        if below + above
    ]
    return Histogram(
        title=title,
        told=f"{sum(rights)} {right}, {sum(others)} {other}",
        right=f"{right} ({sum(rights)})",
        other=f"{other} ({sum(others)})",
        bars=bars,
        ticks=[Tick("0", x=_LEFT, y=bottom), Tick(str(highest), x=_LEFT, y=_TOP)],
    )
