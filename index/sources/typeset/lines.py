"""Letters of a page → lines in the order of reading. Pure.

Files draw lines in the order of reading almost always; what is not so is put in order here. The lines of columns that
are drawn side by side come one column after the other; a table's row is one line, ` | ` between its cells; an initial
that is several lines high belongs to the first of them; the numbers of a transcript's lines belong to none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onrecord.index.sources.typeset import lexicon, marks, tables
from onrecord.index.sources.typeset.letters import Piece, rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from onrecord.index.sources.typeset.letters import Letter, Row

CELLS = " | "
BULLETS = "•◦▪‣●■·*–—-"

_INITIAL = 1.7
_NEARBY = 6
_FEWEST_NUMBERS = 5
_FEWEST_FIFTHS = 3
_FIFTH = 5
_FEWEST_LOWER = 2
_MANY_NUMBERS = 20
_LEVEL = 0.6
_NUMBER = re.compile(r"\d{1,4}")
_NOTE_NUMBER = re.compile(r"(\d{1,3})\s")
_NOTE_SIZE = 0.95
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its place, in points, and its size.

    `height` is how far up the page it stands, from 0 to 1. `alone` says that it is no part of a paragraph, as a row of
    a table; `aside` that it runs up or down the page; `label` is the sign with which it begins, as a list's item does
    or a note, and `x` where the text behind it does.
    """

    text: str
    x: float
    right: float
    y: float
    size: float
    height: float = 0.5
    alone: bool = False
    aside: bool = False
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From where to where the height of a page goes, in the points of its letters."""

    bottom: float
    top: float

    def height(self, y: float) -> float:
        """How far up the page a place is, from 0 to 1."""
        return (y - self.bottom) / ((self.top - self.bottom) or 1.0)


def lines(letters: Sequence[Letter], values: Iterable[Letter], stretch: Stretch, *, aside: bool = False) -> list[Line]:
    """The lines of a page's letters, and of the values of its form's fields."""
    found = _with_bullets(_with_initials(_without_line_numbers(rows(letters))))
    found = _with_values(found, values)
    notes = _notes(found)
    ordered = list(_ordered(found))
    following = [*(row for row, _ in ordered[1:]), None]
    placed = [
        _line(row, notes, stretch, between=CELLS if is_row else " ", alone=is_row or tables.stands_alone(row, after))
        for (row, is_row), after in zip(ordered, following, strict=False)
    ]
    return [replace(line, aside=True) for line in placed] if aside else placed


def _line(row: Row, notes: Collection[str], stretch: Stretch, *, between: str, alone: bool) -> Line:
    text = marks.text(row, notes, between).translate(_LIGATURES)
    most = max(row, key=lambda piece: len(piece.letters))
    label = tables.label(row)
    return Line(
        " ".join(text.split()),
        row[1 if label else 0].left,
        max(piece.right for piece in row),
        most.base,
        most.size,
        stretch.height(most.base),
        alone=alone,
        label=label or marks.label(row[0]),
    )


def _ordered(found: Sequence[Row]) -> Iterator[tuple[Row, bool]]:
    """Rows in the order of reading, and whether each is one of a table."""
    number = 0
    while number < len(found):
        block = len(found[number]) > 1 and (tables.columns(found, number) or tables.table(found, number))
        if not block:
            yield found[number], False
            number += 1
            continue
        inside = found[block.start : block.end]
        if block.gutter is None:
            yield from ((row, True) for row in inside)
        else:
            for column in tables.split(inside, block.gutter):
                yield from _ordered(column)
        number = block.end


def _without_line_numbers(found: Sequence[Row]) -> list[Row]:
    """Rows without the numbers that count them at the left margin."""
    numbers = [row for row in found if _NUMBER.fullmatch(row[0].plain)]
    numbers.sort(key=lambda row: -row[0].base)
    for counted in _sequences(numbers):
        others = [row for row in found if row not in counted] + [row[1:] for row in counted if len(row) > 1]
        inside = [row for row in others if counted[-1][0].base - 1 <= row[0].base <= counted[0][0].base + 1]
        margin = max(row[0].right for row in counted)
        flowing = sum(row[0].plain[0].islower() for row in inside)
        beside = bool(inside) and all(row[0].left > margin for row in inside)
        if beside and (flowing >= _FEWEST_LOWER or len(counted) >= _MANY_NUMBERS):
            return [row[1:] if row in counted else row for row in found if row not in counted or len(row) > 1]
    return list(found)


def _sequences(numbers: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows whose numbers count upwards by one step, below each other."""
    run: list[Row] = []
    for row in numbers:
        value = int(row[0].plain)
        step = int(run[1][0].plain) - int(run[0][0].plain) if len(run) > 1 else None
        follows = run and value - int(run[-1][0].plain) in ((step,) if step else (1, _FIFTH))
        aligned = run and min(abs(row[0].right - run[0][0].right), abs(row[0].left - run[0][0].left)) < row[0].size
        if run and not (follows and aligned):
            yield from _long_enough(run)
            run = []
        run.append(row)
    yield from _long_enough(run)


def _long_enough(run: list[Row]) -> Iterator[list[Row]]:
    every_fifth = len(run) > 1 and int(run[1][0].plain) - int(run[0][0].plain) == _FIFTH
    if len(run) >= (_FEWEST_FIFTHS if every_fifth else _FEWEST_NUMBERS):
        yield run


def _with_initials(found: Sequence[Row]) -> list[Row]:
    """Rows with each large initial before the line that it begins."""
    kept: list[Row | None] = list(found)
    for number, row in enumerate(found):
        cap = row[0]
        if len(row) > 1 or not cap.plain.strip("“‘\"'").isalpha() or len(cap.letters) > 2:  # noqa: PLR2004
            continue
        around = range(max(0, number - _NEARBY), min(len(found), number + _NEARBY))
        near = [n for n in around if (other := kept[n]) and n != number and _stands_beside(cap, other[0])]
        if near:
            first = max(near, key=lambda n: found[n][0].base)
            kept[first] = (_begun(cap, found[first][0]), *found[first][1:])
            kept[number] = None
    return [row for row in kept if row]


def _stands_beside(cap: Piece, piece: Piece) -> bool:
    high = cap.size >= piece.size * _INITIAL
    level = cap.base - piece.size * 0.5 <= piece.base <= cap.base + cap.size
    return high and level and -0.3 * piece.size <= piece.left - cap.right <= cap.size


def _begun(cap: Piece, piece: Piece) -> Piece:
    """A line with its initial, which is a word of its own where “A ferry” is likelier than “Aferry”."""
    rest = piece.plain.split()[0]
    whole, alone = lexicon.frequency(f"{cap.plain}{rest}"), lexicon.frequency(rest)
    apart = cap.plain in ("A", "I", "O") and alone > whole
    head = [replace(each, base=piece.base, size=piece.size, left=piece.left) for each in cap.letters]
    first = replace(piece.letters[0], apart=apart)
    return Piece.of((*head, first, *piece.letters[1:]))


def _with_bullets(found: Sequence[Row]) -> list[Row]:
    """Rows with the bullet before each that is drawn a little above or below it."""
    kept: list[Row] = []
    for row in found:
        bullet = kept[-1] if kept else ()
        beside = len(bullet) == 1 and abs(bullet[0].base - row[0].base) < row[0].size * _LEVEL
        if beside and bullet[0].plain in BULLETS and bullet[0].right < row[0].left:
            kept[-1] = (*bullet, *row)
        else:
            kept.append(row)
    return kept


def _with_values(found: Sequence[Row], values: Iterable[Letter]) -> list[Row]:
    """Rows with what was put in the fields of a form, each behind the words that stand before or above it."""
    kept = list(found)
    for value in values:
        filled = Piece.of((value,), filled=True)
        level = [n for n, row in enumerate(kept) if abs(row[0].base - value.base) < value.size * _LEVEL]
        above = [n for n, row in enumerate(kept) if row[0].base > value.base]
        if level:
            at = max(level, key=lambda n: (kept[n][0].left < value.left, kept[n][0].left))
            kept[at] = tuple(sorted((*kept[at], filled), key=lambda piece: piece.left))
        else:
            nearest = min(above, key=lambda n: kept[n][0].base, default=-1)
            kept.insert(nearest + 1, (filled,))
    return kept


def _notes(found: Sequence[Row]) -> set[str]:
    """The numbers and signs of a page's notes."""
    raised = {label for row in found if (label := marks.label(row[0]))}
    usual = _usual_size(found)
    small = (
        match[1] for row in found if row[0].size < usual * _NOTE_SIZE and (match := _NOTE_NUMBER.match(row[0].plain))
    )
    return raised | set(small)


def _usual_size(found: Sequence[Row]) -> float:
    counts: dict[float, int] = {}
    for row in found:
        for piece in row:
            counts[round(piece.size, 1)] = counts.get(round(piece.size, 1), 0) + len(piece.letters)
    return max(counts, key=lambda size: counts[size], default=0.0)
