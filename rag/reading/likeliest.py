"""Which of the passages found are read: the likeliest first, the rest only where those do not settle it.

Reading is what a question costs most. The fused score weighs so much in a passage's rank that one from the second half
of the list almost never comes first, so one answer in the first half is enough; docs/evaluation.md, “Speed”, has the
figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.rag.reading.judge import judge
from onrecord.rag.reading.repeats import answers_behind_questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Hit
    from onrecord.rag.reading.judge import Judged
    from onrecord.rag.reading.reader import Reader, Reading

FIRST = 8
"""How many passages are read before deciding whether to read on."""

HOPELESS = 0.1
"""Where no passage of the first is more likely to answer than this, none of the others answers either."""


def read_likeliest(
    reader: Reader, question: str, hits: Sequence[Hit], *, threshold: float | None = None, first: int = FIRST
) -> list[Judged]:
    """Read the first hits and, unless exactly one of them answers or none comes near it, the others.

    Where one comes near, one of the others may answer; where several answer, the question has more than one answer
    (“what did he threaten?”), and there may be further ones. Which are read depends on the reader's own threshold only.

    Args:
        reader: who reads.
        question: what to look for.
        hits: passages in the order in which they were found, best first.
        threshold: how likely the likeliest must be to answer; the reader's own if None.
        first: how many are read at first.

    Returns:
        What to make of each hit that was read, the first few or all; the likeliest first.
    """
    calibration = reader.calibration
    wanted = calibration.threshold if threshold is None else threshold
    readings = _read(reader, question, hits[:first])
    judged = judge(hits, readings, calibration, threshold=calibration.threshold)
    answering = sum(each.answers for each in judged)
    settled = answering == 1 or not judged or judged[0].confidence < HOPELESS
    if not settled and len(hits) > first:
        readings = [*readings, *_read(reader, question, hits[first:])]
    elif wanted == calibration.threshold:
        return judged
    return judge(hits, readings, calibration, threshold=wanted)


def _read(reader: Reader, question: str, hits: Sequence[Hit]) -> list[Reading]:
    return answers_behind_questions(question, hits, reader.read(question, hits))
