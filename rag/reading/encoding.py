"""Turns (question, title, lead, passage) into model input, in the one place that training and serving share.

    [CLS] question [SEP] title [SEP] lead passage [SEP]
    token types: 0 through the first [SEP], 1 after it

The ids are assembled by hand and every part is encoded with special tokens switched off, so that a literal "[SEP]" in
an article is text like any other. Only passage tokens carry offsets, so only they can become a quote: title and lead
are context for reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from onrecord.index.passages.rows import worded

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Limits:
    """Most tokens each part may take. A longer passage is split in windows that share ``overlap`` tokens."""

    question: int = 64
    title: int = 24
    lead: int = 40
    window: int = 384
    overlap: int = 96


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """One passage to be read for one question. ``title`` and ``lead`` may be empty and are never quoted.

    A passage that is read in other words than it is quoted in has ``places``: for each character where it stands in the
    passage as quoted, half-open, with equal offsets for what does not stand there.
    """

    question: str
    title: str
    lead: str
    passage: str
    places: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, question: str, title: str, lead: str, passage: str) -> Self:
        """What is read of a passage for a question: a row of a table has its columns' headings between its cells."""
        row = worded(lead, passage)
        if row is None:
            return cls(question, title, lead, passage)
        return cls(question, title, row.lead, row.text, row.places)


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Model input for a stretch of one passage.

    ids, type_ids: *Shape:* ``(length,)``, int64.
    offsets: half-open code-point offsets into the passage, a row a passage token. *Shape:* ``(tokens, 2)``, int64.
    passage_start: index in ``ids`` of the first passage token; passage token ``i`` is ``ids[passage_start + i]``.
    """

    ids: Ids
    type_ids: Ids
    offsets: Ids
    passage_start: int


class ModelInput(NamedTuple):
    """One window as the model takes it. Each *Shape:* ``(1, length)``, int64; the names are the model's input names."""

    input_ids: Ids
    token_type_ids: Ids
    attention_mask: Ids

    @classmethod
    def of(cls, window: Window) -> Self:
        """A window alone, so that it needs no padding."""
        ids = window.ids[None]
        return cls(ids, window.type_ids[None], np.ones_like(ids))


class Encoder:
    """Encodes reader inputs with a BERT tokenizer whose truncation and padding it switches off.

    Raises:
        ValueError: the tokenizer lacks ``[CLS]`` or ``[SEP]``.
    """

    def __init__(self, tokenizer: Tokenizer, limits: Limits = Limits()) -> None:
        own = Tokenizer.from_str(tokenizer.to_str())
        own.no_truncation()
        own.no_padding()
        own.encode_special_tokens = True
        self._tokenizer = own
        self._limits = limits
        self._cls = _special(own, "[CLS]")
        self._sep = _special(own, "[SEP]")

    def windows(self, item: ReaderInput) -> list[Window]:
        """Return the windows that together cover the passage, in order; none for a passage without tokens."""
        limits = self._limits
        question = self._ids(item.question)[: limits.question]
        title = self._ids(item.title)[: limits.title]
        lead = self._ids(item.lead)
        lead = lead[max(0, len(lead) - limits.lead) :]
        encoded = self._tokenizer.encode(item.passage, add_special_tokens=False)
        tokens, offsets = encoded.ids, _placed(encoded.offsets, item.places)

        head = [self._cls, *question, self._sep]
        before = [*head, *title, self._sep, *lead]
        room = limits.window - len(before) - 1
        return [
            self._window(before, len(head), tokens[start:stop], offsets[start:stop])
            for start, stop in _stretches(len(tokens), room, limits.overlap)
        ]

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids) if text else []

    def _window(self, before: list[int], first_segment: int, tokens: list[int], offsets: Ids) -> Window:
        ids = np.array([*before, *tokens, self._sep], dtype=np.int64)
        types = np.ones(len(ids), dtype=np.int64)
        types[:first_segment] = 0
        return Window(ids=ids, type_ids=types, offsets=offsets, passage_start=len(before))


def _placed(offsets: Sequence[tuple[int, int]], places: Sequence[tuple[int, int]]) -> Ids:
    """Where tokens stand in a passage as it is quoted."""
    if places:
        offsets = [(places[start][0], places[end - 1][1]) for start, end in offsets]
    return np.asarray(offsets, dtype=np.int64).reshape(-1, 2)


def _stretches(count: int, room: int, overlap: int) -> list[tuple[int, int]]:
    """Split ``count`` tokens in stretches of at most ``room`` that share ``overlap``; all of equal length but one."""
    if count <= room:
        return [(0, count)] if count else []
    step = room - min(overlap, room // 2)
    starts = [*range(0, count - room, step), count - room]
    return [(start, start + room) for start in starts]


def _special(tokenizer: Tokenizer, token: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ValueError(
            f"the reader's tokenizer has no {token} token: use the tokenizer.json that came with the model"
        )
    return int(found)
