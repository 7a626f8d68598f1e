"""Expected texts in what came back: where one stands, and if nowhere, what comes nearest, word by word. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STRAIGHT_QUOTES = str.maketrans("“”„‟‘’‚‛", "\"\"\"\"''''")
_WORD = re.compile(r"\w+|[^\w\s]")
_SLACK = 4
"""How many words more than expected may stand in their place on each side before the comparison loses sight of it."""
_NEAR = 1 / 2
"""The share of an expected text's words, in order, below which what shares them is not the same text mistyped."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that both texts have, or what is expected and what stands there instead, one of which may be nothing."""

    expected: str
    found: str

    @property
    def differs(self) -> bool:
        """Whether something else was found than what is expected."""
        return self.expected != self.found


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Where the nearest text stands, counted from 1, its words there, and how they differ, piece by piece."""

    rank: int
    text: str
    pieces: tuple[Piece, ...]

    @property
    def difference(self) -> str:
        """The pieces in one line: `both [-expected-] {+found+} both`."""
        return " ".join(_marked(self.pieces))


def fold(text: str) -> str:
    """Text as it is compared: NFC, every run of white space one space, typographic quotation marks straight."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_STRAIGHT_QUOTES).split())


def place_of(expected: str, texts: Sequence[str]) -> int | None:
    """Which of the texts, counted from 1, is the first that the expected one stands inside."""
    wanted = fold(expected)
    return next((number for number, text in enumerate(texts, start=1) if wanted in fold(text)), None)


def nearest(expected: str, texts: Sequence[str]) -> NearMiss | None:
    """The text that shares most of the expected words in their order, the first of several; None if all share few."""
    wanted = _Words.of(expected)
    most, near = _NEAR * len(wanted.words), None
    for number, text in enumerate(texts, start=1):
        shared, near_here = _compare(wanted, _Words.of(text), number)
        if shared > most:
            most, near = shared, near_here
    return near


@dataclass(frozen=True, slots=True)
class _Words:
    """A folded text, its words and punctuation marks, and where each stands in it."""

    text: str
    words: list[str]
    spans: list[tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> _Words:
        folded = fold(text)
        found = list(_WORD.finditer(folded))
        return cls(folded, [match.group() for match in found], [match.span() for match in found])

    def between(self, start: int, end: int) -> str:
        """The text from one word to before another, as it is written."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]] if start < end else ""


def _compare(wanted: _Words, found: _Words, rank: int) -> tuple[int, NearMiss]:
    """How many words both have where they agree best, and the difference there."""
    anchor = SequenceMatcher(None, wanted.words, found.words, autojunk=False).find_longest_match()
    first = max(0, anchor.b - anchor.a - _SLACK)
    window = found.words[first : anchor.b + len(wanted.words) - anchor.a + _SLACK]
    matcher = SequenceMatcher(None, wanted.words, window, autojunk=False)
    shared = sum(block.size for block in matcher.get_matching_blocks())
    edits = list(_edits(first, matcher.get_opcodes()))
    pieces = (Piece(wanted.between(*expected), found.between(*instead)) for expected, instead in edits)
    here = found.between(edits[0][1][0], edits[-1][1][1])
    return shared, NearMiss(rank, here, tuple(piece for piece in pieces if piece.expected or piece.found))


def _edits(
    first: int, edits: Sequence[tuple[str, int, int, int, int]]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """From which word to before which other each edit reaches, in the expected text and in the one found."""
    for number, (_, start, end, window_start, window_end) in enumerate(edits):
        # At either end, what is longer than the expected words goes on with the text and is no difference.
        least = max(window_start, window_end - (end - start)) if number == 0 else window_start
        most = min(window_end, window_start + (end - start)) if number == len(edits) - 1 else window_end
        yield (start, end), (first + least, first + most)


def _marked(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        if not piece.differs:
            yield piece.expected
            continue
        if piece.expected:
            yield f"[-{piece.expected}-]"
        if piece.found:
            yield "{+" + piece.found + "+}"
