"""Matrices in int8, symmetric around zero: a scale a column for products, a scale a row for tables.

A product in int8 scales all its inputs by the largest of them. In MPNet a handful of channels hold values ten times
those of all others, always the same channels (Dettmers et al. 2022, “LLM.int8()”): with one scale for all, seven bits
are spent on them and one on the rest. So those channels are multiplied in float32, and only the others in int8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from onrecord.rag.reading.accurate.base_weights import Array

_LARGEST = 127
_SMALLEST_SCALE = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Int8Table:
    """A table whose row `i` is `values[i] * scale[i]`.

    values: *Shape:* `(rows, width)` int8. scale: *Shape:* `(rows, 1)` float32.
    """

    values: NDArray[np.int8]
    scale: Array

    @classmethod
    def of(cls, table: Array) -> Self:
        """Round a table. table: *Shape:* `(rows, width)`."""
        return cls(*_rounded(table, axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Int8Matrix:
    """A matrix that is `values * scale`, but for the rows of a few input channels, which are kept as they are.

    values: zero in those rows. *Shape:* `(inputs, outputs)` int8.
    scale: *Shape:* `(1, outputs)` float32.
    outliers: the channels. *Shape:* `(n,)` int64.
    exact: their rows. *Shape:* `(n, outputs)` float32.
    """

    values: NDArray[np.int8]
    scale: Array
    outliers: NDArray[np.int64]
    exact: Array

    @classmethod
    def of(cls, matrix: Array, outliers: NDArray[np.integer] | None = None) -> Self:
        """Round all but the rows of `outliers`. matrix: *Shape:* `(inputs, outputs)`."""
        channels = np.zeros(0, dtype=np.int64) if outliers is None else outliers.astype(np.int64)
        rest = matrix.copy()
        rest[channels] = 0
        return cls(*_rounded(rest, axis=0), channels, matrix[channels])

    @classmethod
    def joined(cls, matrices: Sequence[Int8Matrix]) -> Self:
        """Join matrices that multiply the same inputs, side by side."""
        return cls(
            np.concatenate([each.values for each in matrices], axis=1),
            np.concatenate([each.scale for each in matrices], axis=1),
            matrices[0].outliers,
            np.concatenate([each.exact for each in matrices], axis=1),
        )

    @property
    def kept(self) -> Array:
        """1 for each channel that is multiplied in int8, 0 for outliers. *Shape:* `(inputs,)`."""
        kept = np.ones(len(self.values), dtype=np.float32)
        kept[self.outliers] = 0
        return kept


def _rounded(matrix: Array, *, axis: int) -> tuple[NDArray[np.int8], Array]:
    scale = np.abs(matrix).max(axis=axis, keepdims=True).astype(np.float32) / np.float32(_LARGEST)
    scale = np.maximum(scale, np.float32(_SMALLEST_SCALE))
    return np.rint(matrix / scale).astype(np.int8), scale
