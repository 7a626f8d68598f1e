"""Reading: how well a passage answers a question, and where. The Reader protocol and what it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Hit
    from onrecord.rag.reading.spans import ScoredSpan


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns evidence into the probability that a span answers: a logistic regression, fitted on what people ask.

    `relevance` and `span` weigh the reader's logits, `bias` is added; `threshold` is the probability from which an
    answer is given.
    """

    relevance: float
    span: float
    bias: float
    threshold: float


UNCALIBRATED = Calibration(relevance=0.0, span=1.0, bias=0.0, threshold=0.5)
"""The null-score rule of SQuAD 2.0, that a span must beat the null answer, for readers that nobody has calibrated."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one passage: relevance in logits, and its best span; None where it has no words."""

    relevance: float
    span: ScoredSpan | None


class Reader(Protocol):
    """Reads passages for a question."""

    @property
    def calibration(self) -> Calibration:
        """How this reader's scores become probabilities."""
        ...

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Read each hit: one reading for each, in their order."""
        ...

    def warm_up(self) -> None:
        """Load what is needed, so that the first question does not wait for it.

        Raises:
            ModelUnavailable: the model is missing or unusable.
        """
        ...
