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
    """Turns evidence into the probability that a span answers: logistic regressions, fitted on questions with answers.

    `relevance`, `span`, `retrieval` (the fused score), `dense` (the cosine) and `bias` weigh all evidence; `span_alone`
    and `bias_alone` the span's score alone. `threshold` is the probability from which an answer is given.
    """

    relevance: float
    span: float
    retrieval: float
    dense: float
    bias: float
    span_alone: float
    bias_alone: float
    threshold: float


UNCALIBRATED = Calibration(
    relevance=0.0, span=1.0, retrieval=0.0, dense=0.0, bias=0.0, span_alone=1.0, bias_alone=0.0, threshold=0.5
)
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
