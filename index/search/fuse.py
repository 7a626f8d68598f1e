"""Dense and lexical scores → one score for each candidate. Pure.

A convex combination of the two scores, each brought to [0, 1] over the candidates of one question, as in Bruch, Gai &
Ingber, “An Analysis of Fusion Functions for Hybrid Retrieval” (2023): it keeps how much better a candidate is, which
rank fusion throws away. Every candidate has both scores, whichever search found it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from onrecord.index.embedding.embedder import Vectors

DENSE_WEIGHT = 0.5
"""Share of the dense score; chosen by measurement, see docs/evaluation.md."""


def fuse(dense: Vectors, lexical: Vectors, *, dense_weight: float = DENSE_WEIGHT) -> Vectors:
    """Combine the cosines and BM25 scores of the same candidates. All *Shape:* `(candidates,)`; result in [0, 1]."""
    if len(dense) == 0:
        return np.empty(0, dtype=np.float32)
    fused: Vectors = (dense_weight * _dense_share(dense) + (1 - dense_weight) * _lexical_share(lexical)).astype(
        np.float32
    )
    return fused


def _dense_share(scores: Vectors) -> Vectors:
    low, high = float(scores.min()), float(scores.max())
    return np.ones_like(scores) if high <= low else (scores - low) / (high - low)


def _lexical_share(scores: Vectors) -> Vectors:
    high = float(scores.max())
    return np.zeros_like(scores) if high <= 0 else scores / high
