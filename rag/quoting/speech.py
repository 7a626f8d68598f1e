"""How far a quote must reach so that speech in it keeps its marks, its run and its speaker. Pure.

Every rule says of one sentence which others it needs. What a quote needs is then the closure of that, and to close it
again changes nothing. Double quotation marks count, curly and straight; single ones are nested in them or apostrophes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from onrecord.index.passages.vocabulary import SAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onrecord.index.passages.sentences import Sentence

MOST_SENTENCES = 4
"""A quote of more sentences than these is not lengthened, nor any to more."""

MOST_CHARACTERS = 600
"""Likewise, in code points."""

_MARK = re.compile(r"[“”\"]")
_OPENS = re.compile(r"(?:^|(?<=[\s(\[‘'—–-]))\"(?=\S)")
_SAYS = re.compile(rf"\b(?:{SAYS}|say\b)")
_ATTRIBUTION_ALONE = re.compile(rf"(?:[\w.’'-]+ ){{1,6}}{SAYS}(?! that\b)[^:“\"]{{0,60}}")
_ASKS_OR_EXCLAIMS = re.compile(r"[?!][’']?[”\"]$")


@dataclass(frozen=True, slots=True)
class _Quotation:
    """A quotation from its opening to past its closing mark, and the first and last sentence that it touches."""

    start: int
    end: int
    first: int
    last: int


def speech_around(text: str, found: Sequence[Sentence], first: int, last: int) -> tuple[int, int]:
    """The sentences that a quote of sentences `first` to `last` takes in so that speech in it can be printed.

    Args:
        text: the passage's.
        found: its sentences.
        first: the first one that is quoted anyway.
        last: the last one, inclusive.

    Returns:
        The first and last sentence. Marks come in pairs, speech that resumes after “she said.” is kept, and speech
        that names no speaker brings the sentence that does, as far as the passage has them and the bounds allow; where
        all is too much, first the speech that resumes is left out, then the speaker, then everything.
    """
    speech = _Speech.of(text, found)
    for rules in (
        (speech.whole, speech.speaker, speech.resumed),
        (speech.whole, speech.speaker),
        (speech.whole,),
    ):
        low, high = _closure(rules, first, last)
        short = high - low < MOST_SENTENCES and found[high].end - found[low].start <= MOST_CHARACTERS
        if short:
            return low, high
    return first, last


def _closure(rules: Sequence[Callable[[int], tuple[int, int]]], first: int, last: int) -> tuple[int, int]:
    """The smallest run of sentences that holds the given ones and all that the rules say they need."""
    low, high = first, last
    waiting = list(range(first, last + 1))
    while waiting:
        needed = [rule(at) for at in waiting for rule in rules]
        new_low, new_high = min([low, *(each[0] for each in needed)]), max([high, *(each[1] for each in needed)])
        waiting = [*range(new_low, low), *range(high + 1, new_high + 1)]
        low, high = new_low, new_high
    return low, high


@dataclass(frozen=True, slots=True)
class _Speech:
    """The sentences of a passage, its quotations, and what of each sentence stands outside them."""

    sentences: tuple[str, ...]
    frames: tuple[str, ...]
    quotations: tuple[_Quotation, ...]

    @classmethod
    def of(cls, text: str, found: Sequence[Sentence]) -> _Speech:
        marks = _quotations(text)
        frames = []
        for sentence in found:
            inside = [(max(start, sentence.start), min(end, sentence.end)) for start, end in marks]
            edges = [sentence.start, *(at for start, end in inside if start < end for at in (start, end)), sentence.end]
            frames.append(" ".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)).strip())
        touched = [[i for i, each in enumerate(found) if each.start < end and start < each.end] for start, end in marks]
        return cls(
            tuple(text[each.start : each.end] for each in found),
            tuple(frames),
            tuple(_Quotation(*of, at[0], at[-1]) for of, at in zip(marks, touched, strict=True)),
        )

    def whole(self, at: int) -> tuple[int, int]:
        """All sentences of the quotations that a sentence has a part in."""
        parts = self._parts(at)
        return min([at, *(each.first for each in parts)]), max([at, *(each.last for each in parts)])

    def resumed(self, at: int) -> tuple[int, int]:
        """The sentence after one that attributes speech, where that opens with more of it and says nothing else."""
        following = at + 1
        if following == len(self.frames) or not self._is_speech(following) or not self._opens(following):
            return at, at
        attributes = self._attributes_alone(at) or (self._attributes(at) and bool(self._parts(at)))
        return at, following if attributes else at

    def speaker(self, at: int) -> tuple[int, int]:
        """The nearest sentence that attributes speech which names no speaker of its own: before it, or after it."""
        if self._attributes_alone(at):
            return at - 1, at
        if not self._is_speech(at):
            return at, at
        low, high = self.whole(at)
        if not all(self._is_speech(each) for each in range(low, high + 1)):
            return at, at
        if high + 1 < len(self.frames) and self._attributes_alone(high + 1):
            return at, high + 1
        before = low - 1
        while before >= 0 and self._is_speech(before):
            before -= 1
        found = before >= 0 and (self._attributes(before) or before == low - 1)
        return before if found else at, at

    def _parts(self, at: int) -> list[_Quotation]:
        return [each for each in self.quotations if each.first <= at <= each.last]

    def _is_speech(self, at: int) -> bool:
        """Whether a sentence is speech and nothing else."""
        return bool(self._parts(at)) and not any(character.isalnum() for character in self.frames[at])

    def _opens(self, at: int) -> bool:
        """Whether a sentence begins with a quotation and that holds nothing but speech to its end."""
        opening = next(iter(self._parts(at)))
        return opening.first == at and all(self._is_speech(each) for each in range(at, opening.last + 1))

    def _attributes_alone(self, at: int) -> bool:
        """Whether a sentence says no more than whose the question or the cry is that stands before it."""
        asked = at > 0 and self._is_speech(at - 1) and bool(_ASKS_OR_EXCLAIMS.search(self.sentences[at - 1]))
        return asked and bool(_ATTRIBUTION_ALONE.fullmatch(self.sentences[at]))

    def _attributes(self, at: int) -> bool:
        return bool(_SAYS.search(self.frames[at]))


def _quotations(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of quotations that open and close; a mark without its fellow is none."""
    marks = [(found.start(), _is_opening(text, found.start())) for found in _MARK.finditer(text)]
    return [(start, end + 1) for (start, opens), (end, opens_again) in pairwise(marks) if opens and not opens_again]


def _is_opening(text: str, at: int) -> bool:
    return text[at] == "“" or (text[at] == '"' and bool(_OPENS.match(text, at)))
