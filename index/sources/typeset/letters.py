"""Letters that stand at places → pieces of lines. Pure.

Letters come in the order in which a file draws them. Those of one piece stand on one line without a gap wider than a
letter; pieces that follow each other on a line make a row. A letter that is drawn twice at one place, as for a bold
that the font does not have, is one letter.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_DIGITS = str.maketrans(_SUPERSCRIPTS, "0123456789")
_SAME_PLACE = 0.12
_CELL = 2.0
_SAME_LINE = 0.12
_SMALLEST_MARK = 0.45
_LARGEST_MARK = 0.87
_LEAST_RISE = 0.1
_MOST_RISE = 0.75
_LONGEST_MARK = 5
_INK_RISE = 0.2
_SPACE = 0.6
_GAP = 1.0
_BESIDE = 0.25
_SHIFTED = 0.35
_BACK = 1.5


@dataclass(frozen=True, slots=True)
class Letter:
    """A character with its place along the line, its base line and its size, in points of the page as it is read.

    `foot` is how far above its base line its ink begins; `apart` says that white space stands before it; `rise` is 1
    for a raised letter and -1 for a lowered one.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    foot: float = 0.0
    apart: bool = False
    rise: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that stand on one line without a wide gap, with the size and the base line of most of them.

    `filled` says that they are what was put in a form's field.
    """

    letters: tuple[Letter, ...]
    base: float
    size: float
    filled: bool = False

    @classmethod
    def of(cls, letters: Sequence[Letter], *, filled: bool = False) -> Piece:
        """A piece of letters."""
        sizes = Counter(letter.size for letter in letters if not letter.rise)
        most = max(sizes, key=lambda size: (sizes[size], size), default=None)
        usual = next((letter for letter in letters if not letter.rise and letter.size == most), letters[0])
        return cls(tuple(letters), usual.base, usual.size, filled)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.letters[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(letter.right for letter in self.letters)

    @property
    def plain(self) -> str:
        """Its letters and spaces, whatever is raised."""
        return "".join(f" {each.text}" if each.apart and n else each.text for n, each in enumerate(self.letters))


Row = tuple[Piece, ...]
"""Pieces that follow each other on a line, with wide gaps between them."""


def rows(letters: Iterable[Letter]) -> list[Row]:
    """Put the letters of a page together to rows, in their order."""
    found: list[list[list[Letter]]] = []
    on: Letter | None = None  # the last letter that is no mark, by which raised and lowered ones are told
    for letter in _once(letters):
        piece = found[-1][-1] if found else []
        last = piece[-1] if piece else None
        if on is None or last is None or not _on_one_line(on, last, letter, piece):
            found.append([[letter]])
            on = letter
            continue
        if _is_mark(letter, on):
            piece.append(replace(letter, rise=1 if letter.base > on.base else -1))
            continue
        if len(piece) <= _LONGEST_MARK and _is_mark(on, letter) and all(each.rise == 0 for each in piece):
            piece[:] = [replace(each, rise=1 if each.base > letter.base else -1) for each in piece]
        if _is_shifted(letter, on, last):
            piece.append(letter)
            continue
        if letter.left - last.right > _GAP * letter.size:
            found[-1].append([letter])
        else:
            wide = letter.left - last.right > _SPACE * letter.size
            piece.append(replace(letter, apart=True) if wide and not letter.apart else letter)
        on = letter
    raised = [tuple(Piece.of(_raised_by_ink(piece)) for piece in row) for row in found]
    return _with_marks_in_place(raised)


def _once(letters: Iterable[Letter]) -> Iterable[Letter]:
    """Each letter once, however often it is drawn at its place."""
    drawn: dict[tuple[str, int, int], Letter] = {}
    for letter in letters:
        across, up = int(letter.left / _CELL), int(letter.base / _CELL)
        for cell in ((x, y) for x in (across, across - 1, across + 1) for y in (up, up - 1, up + 1)):
            other = drawn.get((letter.text, *cell))
            if other is not None and _is_same(other, letter):
                break
        else:
            drawn[letter.text, across, up] = letter
            yield letter


def _is_same(one: Letter, other: Letter) -> bool:
    reach = _SAME_PLACE * one.size
    return abs(one.left - other.left) <= reach and abs(one.base - other.base) <= reach


def _on_one_line(on: Letter, last: Letter, letter: Letter, piece: Sequence[Letter]) -> bool:
    level = abs(letter.base - on.base) <= _SAME_LINE * max(letter.size, on.size)
    begun = len(piece) <= _LONGEST_MARK
    off = _is_mark(letter, on) or (begun and _is_mark(on, letter)) or _is_shifted(letter, on, last)
    if not level and not off:
        return False
    if unicodedata.bidirectional(letter.text[0]) in ("R", "AL", "AN"):
        return True
    return letter.left > last.left - _BACK * letter.size and (
        level or letter.left - last.right < _GAP * max(letter.size, on.size)
    )


def _is_shifted(letter: Letter, on: Letter, last: Letter) -> bool:
    """Whether a letter is set a little higher or lower inside a word, as the E of “TeX” is."""
    rise, gap = abs(letter.base - on.base), abs(letter.left - last.right)
    beside = gap <= _BESIDE * letter.size and letter.size > on.size * _LARGEST_MARK
    return beside and not letter.apart and _SAME_LINE * letter.size < rise <= _SHIFTED * letter.size


def _is_mark(letter: Letter, on: Letter) -> bool:
    """Whether a letter is raised or lowered beside another."""
    return _is_raised(letter, on.base, on.size)


def _is_raised(letter: Letter, base: float, size: float) -> bool:
    """Whether a letter is smaller than those of a line, and off it by less than a line."""
    small = _SMALLEST_MARK * size <= letter.size <= _LARGEST_MARK * size
    return small and _LEAST_RISE * size < abs(letter.base - base) <= _MOST_RISE * size


def _raised_by_ink(piece: Sequence[Letter]) -> tuple[Letter, ...]:
    """Digits that a font draws raised on the line itself are raised too, and so are “²” and its kind."""
    return tuple(
        replace(each, text=each.text.translate(_DIGITS), rise=1)
        if each.text in _SUPERSCRIPTS or (each.text.isdigit() and each.foot > _INK_RISE * each.size)
        else each
        for each in piece
    )


def _with_marks_in_place(found: Sequence[Row]) -> list[Row]:
    """Marks that are drawn after their line, put where they stand in it."""
    kept: list[Row | None] = list(found)
    hosts = sorted(
        (
            _Host(piece.base, piece.left, piece.right, piece.size, number, at)
            for number, row in enumerate(found)
            for at, piece in enumerate(row)
            if len(piece.letters) > 1
        )
    )
    reach = _MOST_RISE * max((host.size for host in hosts), default=0.0)
    for number, row in enumerate(found):
        mark = row[0].letters
        if len(row) > 1 or len(mark) > _LONGEST_MARK:
            continue
        near = hosts[bisect_left(hosts, (mark[0].base - reach,)) : bisect_right(hosts, (mark[0].base + reach,))]
        host = next((each for each in near if each.row != number and _holds(each, mark)), None)
        if host is None or (pieces := kept[host.row]) is None:
            continue
        raised = (replace(each, rise=1 if each.base > host.base else -1) for each in mark)
        joined = tuple(sorted((*pieces[host.piece].letters, *raised), key=lambda each: each.left))
        kept[host.row] = (*pieces[: host.piece], Piece.of(joined), *pieces[host.piece + 1 :])
        kept[number] = None
    return [row for row in kept if row]


class _Host(NamedTuple):
    """Where a piece stands, and which it is."""

    base: float
    left: float
    right: float
    size: float
    row: int
    piece: int


def _holds(host: _Host, mark: Sequence[Letter]) -> bool:
    first = mark[0]
    return host.left < first.left <= host.right + first.size / 2 and _is_raised(first, host.base, host.size)
