"""Training examples, and the flat arrays that a long run reads them from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.rag.reading.encoding import Encoder, ReaderInput, Window
from training.data.splits import Span


@dataclass(frozen=True, slots=True)
class Example:
    """A passage to learn from. ``answer`` is None where the passage does not answer; ``kind``: how it was made."""

    kind: str
    question: str
    title: str
    lead: str
    passage: str
    answer: Span | None


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """Windows, end to end. Ids fit 16 bits.

    ids: *Shape:* ``(tokens,)`` uint16. starts: where each window begins in ids. *Shape:* ``(windows + 1,)`` int64.
    first, passage: length of the first segment, and index of the first passage token. *Shape:* ``(windows,)``.
    begin, end: index of the answer's first and last token (0, 0: none; -1, -1: nobody has said). *Shape:*
    ``(windows,)``.
    kinds: index into ``names``. *Shape:* ``(windows,)``.
    """

    ids: NDArray[np.uint16]
    starts: NDArray[np.int64]
    first: NDArray[np.int32]
    passage: NDArray[np.int32]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]
    kinds: NDArray[np.int32]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.first)

    def lengths(self) -> NDArray[np.int64]:
        """Return each window's number of tokens."""
        return np.diff(self.starts)

    def unlabelled(self) -> "Packed":
        """Return the same windows as such of which nobody has said whether they answer."""
        nobody = np.full_like(self.begin, -1)
        return replace(self, begin=nobody, end=nobody)

    def and_those(self, other: "Packed") -> "Packed":
        """Return these windows and then ``other``'s, whose kinds have the same names."""
        return Packed(
            ids=np.concatenate([self.ids, other.ids]),
            starts=np.concatenate([self.starts, self.starts[-1] + other.starts[1:]]),
            first=np.concatenate([self.first, other.first]), passage=np.concatenate([self.passage, other.passage]),
            begin=np.concatenate([self.begin, other.begin]), end=np.concatenate([self.end, other.end]),
            kinds=np.concatenate([self.kinds, other.kinds]), names=self.names,
        )  # fmt: skip

    def save(self, path: Path) -> None:
        """Write one .npz file."""
        np.savez(
            path, ids=self.ids, starts=self.starts, first=self.first, passage=self.passage,
            begin=self.begin, end=self.end, kinds=self.kinds, names=np.array(self.names),
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> "Packed":
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in ("ids", "starts", "first", "passage", "begin", "end", "kinds")}
            return cls(**arrays, names=tuple(str(name) for name in stored["names"]))


def target(window: Window, answer: Span | None) -> tuple[int, int] | None:
    """Return the answer's first and last token as indexes in ``ids``: (0, 0) for no answer, None where it is cut."""
    if answer is None:
        return (0, 0)
    inside = np.flatnonzero((window.offsets[:, 0] < answer.end) & (window.offsets[:, 1] > answer.start))
    if not len(inside):
        return None
    first, last = int(inside[0]), int(inside[-1])
    whole = window.offsets[first, 0] <= answer.start and window.offsets[last, 1] >= answer.end
    return (window.passage_start + first, window.passage_start + last) if whole else None


def pack(examples: Iterable[Example], encoder: Encoder, names: Sequence[str]) -> Packed:
    """Encode examples: the window that holds the answer whole, or each window where there is none."""
    ids: list[NDArray[np.int64]] = []
    rows: list[tuple[int, int, int, int, int]] = []
    for example in examples:
        item = ReaderInput(example.question, example.title, example.lead, example.passage)
        for window in encoder.windows(item):
            found = target(window, example.answer)
            if found is None:
                continue
            first = int((window.type_ids == 0).sum())
            ids.append(window.ids)
            rows.append((first, window.passage_start, found[0], found[1], names.index(example.kind)))
            if example.answer is not None:
                break
    table = np.array(rows, dtype=np.int32).reshape(-1, 5)
    return Packed(
        ids=np.concatenate(ids).astype(np.uint16),
        starts=np.cumsum([0, *map(len, ids)], dtype=np.int64),
        first=table[:, 0].copy(), passage=table[:, 1].copy(), begin=table[:, 2].copy(), end=table[:, 3].copy(),
        kinds=table[:, 4].copy(), names=tuple(names),
    )  # fmt: skip
