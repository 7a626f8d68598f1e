"""Which windows come when, and the tensors of a batch."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.packed import Packed

MULTIPLE = 8

Rows = NDArray[np.int64]


class Batch(NamedTuple):
    """One padded batch.

    ids, types, mask: *Shape:* ``(batch, length)`` int64.
    allowed: where a span may start or end. *Shape:* ``(batch, length)`` bool.
    begin, end: the answer's tokens, 0 for none, -1 where nobody has said. *Shape:* ``(batch,)`` int64.
    """

    ids: Tensor
    types: Tensor
    mask: Tensor
    allowed: Tensor
    begin: Tensor
    end: Tensor


class Windows:
    """Packed windows on a device, where batches are gathered and padded."""

    def __init__(self, packed: Packed, device: torch.device) -> None:
        self.lengths = packed.lengths()
        self._ids = torch.from_numpy(packed.ids.astype(np.int32)).to(device)
        table = np.stack([packed.starts[:-1], self.lengths, packed.first, packed.passage, packed.begin, packed.end])
        self._table = torch.from_numpy(table.astype(np.int64)).to(device)

    def batch(self, rows: Rows) -> Batch:
        """Gather and pad the windows ``rows``."""
        device = self._ids.device
        start, length, first, passage, begin, end = self._table[:, torch.from_numpy(rows).to(device)].unsqueeze(-1)
        places = torch.arange(padded(int(self.lengths[rows].max())), device=device)
        inside = places < length
        ids = self._ids[(start + places).clamp(max=len(self._ids) - 1)].long() * inside
        types = inside & (places >= first)
        allowed = (places >= passage) & (places < length - 1) | (places == 0)
        return Batch(ids, types.long(), inside.long(), allowed, begin[:, 0], end[:, 0])


class Order:
    """Draws windows from an endless sequence of shuffled passes, which a seed and a counter decide."""

    def __init__(self, count: int, seed: int, taken: int = 0) -> None:
        self._count, self._seed, self.taken = count, seed, taken

    def chunk(self, count: int) -> Rows:
        """Return the next ``count`` windows."""
        parts: list[Rows] = []
        while count:
            turn, place = divmod(self.taken, self._count)
            shuffled = np.random.default_rng((self._seed, turn)).permutation(self._count)
            parts.append(shuffled[place : place + count])
            self.taken += len(parts[-1])
            count -= len(parts[-1])
        return np.concatenate(parts)


def batches(chunk: Rows, lengths: NDArray[np.int64], tokens: int, seed: int) -> Iterator[Rows]:
    """Cut a chunk in batches of like length and at most ``tokens`` padded tokens, and yield them in random order.

    The number of windows depends on the padded length alone, so few shapes come up and each kernel is built once.
    """
    longest_first = chunk[np.argsort(-lengths[chunk], kind="stable")]
    cut: list[Rows] = []
    while len(longest_first):
        count = max(1, tokens // padded(int(lengths[longest_first[0]])))
        cut.append(longest_first[:count])
        longest_first = longest_first[count:]
    for number in np.random.default_rng(seed).permutation(len(cut)):
        yield cut[number]


def padded(length: int) -> int:
    """Return ``length`` rounded up to what windows are padded to."""
    return -(-length // MULTIPLE) * MULTIPLE
