"""Which windows come when, and the tensors of a batch."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.packed import Packed

SHORT = 112
MOST_WINDOWS = 48
MULTIPLE = 8

Rows = NDArray[np.int64]


class Batch(NamedTuple):
    """One padded batch.

    ids, types, mask: *Shape:* ``(batch, length)`` int64.
    allowed: where a span may start or end. *Shape:* ``(batch, length)`` bool.
    begin, end: the answer's tokens, 0 for none. *Shape:* ``(batch,)`` int64.
    """

    ids: Tensor
    types: Tensor
    mask: Tensor
    allowed: Tensor
    begin: Tensor
    end: Tensor

    @classmethod
    def of(cls, windows: Packed, rows: Rows, device: torch.device) -> "Batch":
        """Gather and pad the windows ``rows``."""
        lengths = windows.lengths()[rows]
        places = np.arange(padded(int(lengths.max())))
        inside = places < lengths[:, None]
        ids = np.zeros(inside.shape, dtype=np.int64)
        ids[inside] = np.concatenate([windows.ids[windows.starts[row] : windows.starts[row + 1]] for row in rows])
        types = inside & (places >= windows.first[rows][:, None])
        allowed = (places >= windows.passage[rows][:, None]) & (places < lengths[:, None] - 1) | (places == 0)
        arrays = (ids, types.astype(np.int64), inside.astype(np.int64), allowed)
        targets = (windows.begin[rows].astype(np.int64), windows.end[rows].astype(np.int64))
        return cls(*(torch.from_numpy(array).to(device) for array in (*arrays, *targets)))


@dataclass(slots=True)
class _Pool:
    rows: Rows
    seed: int
    taken: int = 0

    def take(self, count: int) -> Rows:
        """Return the next rows of an endless sequence of shuffled passes."""
        parts: list[Rows] = []
        while count and len(self.rows):
            turn, place = divmod(self.taken, len(self.rows))
            shuffled = np.random.default_rng((self.seed, turn)).permutation(self.rows)
            part = shuffled[place : place + count]
            parts.append(part)
            self.taken += len(part)
            count -= len(part)
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


class Order:
    """Draws chunks of short and long windows in an order that a seed and two counters decide."""

    def __init__(self, lengths: NDArray[np.int64], seed: int, state: tuple[int, int] = (0, 0)) -> None:
        short = lengths <= SHORT
        self._short = _Pool(np.flatnonzero(short), seed, state[0])
        self._long = _Pool(np.flatnonzero(~short), seed + 1, state[1])

    def chunk(self, count: int, long_share: float) -> Rows:
        """Return ``count`` windows, ``long_share`` of them long."""
        long = round(count * long_share)
        return np.concatenate([self._short.take(count - long), self._long.take(long)])

    def state(self) -> tuple[int, int]:
        """Return what a new Order needs to go on from here."""
        return self._short.taken, self._long.taken


def batches(chunk: Rows, windows: Packed, tokens: int, seed: int) -> Iterator[Rows]:
    """Cut a chunk in batches of like length and at most ``tokens`` padded tokens, and yield them in random order.

    The number of windows depends on the padded length alone, so few shapes come up and each kernel is built once.
    """
    lengths = windows.lengths()[chunk]
    longest_first = chunk[np.argsort(-lengths, kind="stable")]
    cut: list[Rows] = []
    while len(longest_first):
        length = padded(int(windows.starts[longest_first[0] + 1] - windows.starts[longest_first[0]]))
        count = max(1, min(MOST_WINDOWS, tokens // length))
        cut.append(longest_first[:count])
        longest_first = longest_first[count:]
    for number in np.random.default_rng(seed).permutation(len(cut)):
        yield cut[number]


def padded(length: int) -> int:
    """Return ``length`` rounded up to what windows are padded to."""
    return -(-length // MULTIPLE) * MULTIPLE
