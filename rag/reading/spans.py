"""Reader scores → verbatim spans. Pure.

A span is an inclusive pair of passage tokens; its score is how far start + end stand above those of the null answer at
[CLS], as in Devlin et al. 2019 for SQuAD 2.0. Offsets count code points, half-open, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float32]

LONGEST_SPAN = 40
"""Most tokens in a span: a clause, not a paragraph."""


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """Half-open offsets in the article's text, with the score of the span over the null answer in logits."""

    start: int
    end: int
    score: float


def best_span(
    start: Logits, end: Logits, offsets: NDArray[np.int64], *, null: float, longest: int = LONGEST_SPAN
) -> tuple[int, int, float] | None:
    """The likeliest possible span: it holds something of the passage, and is not longer than `longest` tokens.

    Args:
        start: start logits of the passage's tokens. *Shape:* `(tokens,)`
        end: end logits of the same tokens. *Shape:* `(tokens,)`
        offsets: where each token stands in the passage, equal for one that does not. *Shape:* `(tokens, 2)`
        null: start + end logit of the null answer.
        longest: most tokens in a span.

    Returns:
        Start and end in the passage, and the score over the null answer; None for a passage without tokens of its own.
    """
    count = len(start)
    if count == 0:
        return None
    scores = start[:, np.newaxis] + end[np.newaxis, :]
    possible = np.triu(np.ones((count, count), dtype=bool)) & ~np.triu(np.ones((count, count), dtype=bool), k=longest)
    possible &= offsets[np.newaxis, :, 1] > offsets[:, np.newaxis, 0]
    if not possible.any():
        return None
    first, last = np.unravel_index(np.argmax(np.where(possible, scores, -np.inf)), scores.shape)
    return int(offsets[first, 0]), int(offsets[last, 1]), float(scores[first, last]) - null
