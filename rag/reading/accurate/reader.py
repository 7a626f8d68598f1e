"""Two readers, one after the other: a fast one reads every passage, an accurate one those that matter.

A passage that the accurate reader did not read counts as one that does not answer. Its scores would be those of another
model, which no calibration of this one turns into a probability; and the fast reader, asked about all of them, has
already set it behind those that were read again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.rag.reading.cross_encoder import BUNDLED_FOLDER, TOKENIZER, CrossEncoderReader
from onrecord.rag.reading.judge import confidence
from onrecord.rag.reading.reader import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from onrecord.index.records import Hit, Progress
    from onrecord.rag.reading.reader import Calibration, Reader

ACCURATE_FOLDER = BUNDLED_FOLDER.parent / "accurate"
DELTAS = "deltas.safetensors"
MOST = 4
"""How many passages of each call are read again: 40 ms of one processor for each of 120 tokens."""

AT_FIRST, SURE = 2, 0.8
"""So many are read before the others; where one is this likely to answer, only what is possible is read besides."""

FURTHER = 2
"""How many more at most, of those that are possible: a question may have several answers."""

POSSIBLE = 0.25
"""How likely the fast reader must find that a passage answers."""


def accurate_reader(
    folder: Path = ACCURATE_FOLDER, *, threads: int, progress: Progress | None = None, cache: Path | None = None
) -> CrossEncoderReader:
    """The accurate reader, whose model is prepared when something is first read.

    Args:
        folder: holds deltas.safetensors and config.json; its tokenizer is the bundled reader's.
        threads: how many windows are read side by side.
        progress: told how far preparing the model is, if anybody is.
        cache: where the prepared model is kept; by default the user's cache.
    """

    def model(longest: int) -> Path:
        from onrecord.rag.reading.accurate.prepared import prepared  # noqa: PLC0415 - only where this reader reads

        return prepared(folder / DELTAS, longest, progress=progress, cache=cache)

    return CrossEncoderReader(folder, threads=threads, tokenizer=BUNDLED_FOLDER / TOKENIZER, model=model)


class CascadeReader:
    """Reads with a fast reader, and what that finds most promising again with an accurate one.

    Safe to share between threads where both readers are.

    Args:
        fast: reads every hit.
        accurate: reads those of them that are promising; its readings and its calibration are what counts.
        most: how many hits of a call are read again, see `promising`.
    """

    def __init__(self, fast: Reader, accurate: Reader, *, most: int = MOST) -> None:
        self._fast = fast
        self._accurate = accurate
        self._most = most

    @property
    def calibration(self) -> Calibration:
        """The accurate reader's."""
        return self._accurate.calibration

    def warm_up(self) -> None:
        """Load both models.

        Raises:
            ModelUnavailable: one of them is missing or unusable.
        """
        self._fast.warm_up()
        self._accurate.warm_up()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Read each hit, in order; one that is not read again has no span and is no more relevant than any that is.

        Raises:
            ModelUnavailable: a model is missing or unusable.
        """
        if len(hits) <= self._most:
            return self._accurate.read(question, hits)
        first = self._fast.read(question, hits)
        chosen = promising(first, self._fast.calibration, most=self._most)
        again = self._again(question, hits, chosen[:AT_FIRST])
        others = chosen[AT_FIRST:]
        if any(confidence(each, self.calibration) >= SURE for each in again.values()):
            others = [i for i in others if confidence(first[i], self._fast.calibration) >= POSSIBLE]
        again |= self._again(question, hits, others)
        lowest = min((each.relevance for each in again.values()), default=float("-inf"))
        return [again.get(i) or Reading(lowest, None) for i in range(len(hits))]

    def _again(self, question: str, hits: Sequence[Hit], chosen: Sequence[int]) -> dict[int, Reading]:
        """Read the hits chosen, by their places, with the accurate reader."""
        places = sorted(chosen)
        return dict(zip(places, self._accurate.read(question, [hits[i] for i in places]), strict=True))


def promising(readings: Sequence[Reading], calibration: Calibration, *, most: int) -> list[int]:
    """Choose which hits deserve an accurate reader, most promising first.

    Three orders take turns: that of the fast reader's confidence; that of its relevance alone; and that of retrieval,
    for what answers in words that the fast reader does not connect with the question. Behind them come others
    that are possible by the fast reader.

    Args:
        readings: the fast reader's, in the order in which hits were found.
        calibration: the fast reader's.
        most: how many to choose, but for `FURTHER` that are possible.

    Returns:
        Indexes into `readings`.
    """
    found = range(len(readings))
    likely = sorted(found, key=lambda i: -confidence(readings[i], calibration))
    relevant = sorted(found, key=lambda i: -readings[i].relevance)
    chosen: dict[int, None] = {}
    for i in _in_turn(likely, relevant, found):
        if len(chosen) >= most:
            break
        chosen[i] = None
    possible = [i for i in likely if confidence(readings[i], calibration) >= POSSIBLE and i not in chosen]
    return [*chosen, *possible[:FURTHER]]


def _in_turn(*orders: Sequence[int]) -> Iterator[int]:
    """The first of each order, the second of each, and so on."""
    for places in zip(*orders, strict=True):
        yield from places
