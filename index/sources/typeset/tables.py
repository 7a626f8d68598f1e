"""Which rows of a page are a table's, and which are the lines of columns that are drawn side by side. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.sources.typeset.letters import Piece, Row

_GUTTER = 0.8
_FURTHEST = 3.0
_FEWEST_LINES = 3
_SHARE_OF_BOTH = 0.5
_PROSE_LETTERS = 20
_PROSE_WORDS = 3.5
_ALIGNED = 0.8
_FEWEST_CELLS = 6
_MOST_FLOWING = 0.25
_LABEL = re.compile(r"([•◦▪‣●■·*–—-]|\(?[\da-z]{1,3}[.)]|\d{1,2}|[A-Z][.:]|Q)")


@dataclass(frozen=True, slots=True)
class Block:
    """Rows `[start, end)` of a page, and where the gutter between their columns lies if it is one of columns."""

    start: int
    end: int
    gutter: float | None = None


def columns(rows: Sequence[Row], start: int) -> Block | None:
    """The rows from `start` on whose text runs down two columns, drawn line by line across both."""
    low, high = _gap(rows[start], float("-inf"), float("inf"))
    end = start
    while end < len(rows) and (end == start or _is_below(rows[end - 1], rows[end])):
        across = [piece for piece in rows[end] if piece.left < high and piece.right > low]
        if across:
            narrowed = _gap(rows[end], low, high)
            if narrowed[1] - narrowed[0] < _GUTTER * rows[end][0].size:
                break
            low, high = narrowed
        end += 1
    gutter = (low + high) / 2
    both = [row for row in rows[start:end] if row[0].left < gutter < row[-1].left]
    if len(both) < _FEWEST_LINES or len(both) < (end - start) * _SHARE_OF_BOTH:
        return None
    sides = [[piece for row in both for piece in row if (piece.left < gutter) is left] for left in (True, False)]
    return Block(start, end, gutter) if all(_is_prose(side, len(both)) for side in sides) else None


def table(rows: Sequence[Row], start: int) -> Block | None:
    """The rows from `start` on that are a table's: as many cells in each, one below the other."""
    end = start + 1
    while end < len(rows) and _is_below(rows[end - 1], rows[end]) and _are_aligned(rows[end - 1], rows[end]):
        end += 1
    if len(rows[start]) < 2 or end - start < 2 or (end - start) * len(rows[start]) < _FEWEST_CELLS:  # noqa: PLR2004
        return None
    flowing = sum(row[0].plain[0].islower() for row in rows[start:end])
    if flowing > (end - start) * _MOST_FLOWING:  # words set far apart to fill a line
        return None
    return None if all(map(label, rows[start:end])) else Block(start, end)


def label(row: Row) -> str | None:
    """The bullet, number or letter with which a row begins, a wide gap behind it."""
    return row[0].plain if len(row) == 2 and _LABEL.fullmatch(row[0].plain) else None  # noqa: PLR2004


def stands_alone(row: Row, following: Row | None) -> bool:
    """Whether a row is no part of a paragraph: a form's, or one with gaps that no line of a sentence has."""
    if any(piece.filled for piece in row):
        return True
    if len(row) == 1 or label(row):
        return False
    return not row[0].plain[0].islower() and not (following and following[0].plain[0].islower())


def split(rows: Sequence[Row], gutter: float) -> tuple[list[Row], list[Row]]:
    """What of rows stands left of a gutter, and what right of it."""
    left = [tuple(piece for piece in row if piece.left < gutter) for row in rows]
    right = [tuple(piece for piece in row if piece.left >= gutter) for row in rows]
    return [row for row in left if row], [row for row in right if row]


def _gap(row: Row, low: float, high: float) -> tuple[float, float]:
    """The widest gap of a row inside a stretch."""
    gaps = [(max(one.right, low), min(other.left, high)) for one, other in pairwise(row)]
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=(0.0, 0.0))


def _is_below(above: Row, below: Row) -> bool:
    return 0 < above[0].base - below[0].base < _FURTHEST * max(above[0].size, below[0].size)


def _is_prose(side: Sequence[Piece], lines: int) -> bool:
    text = [piece.plain for piece in side]
    flows = any(line[:1].islower() for line in text)
    letters, words = sum(map(len, text)), sum(len(line.split()) for line in text)
    return flows and letters >= _PROSE_LETTERS * lines and words >= _PROSE_WORDS * lines


def _are_aligned(above: Row, below: Row) -> bool:
    if len(above) != len(below) or len(above) < 2 or above[-1].filled or below[-1].filled:  # noqa: PLR2004
        return False
    return all(_is_aligned(one, other) for one, other in zip(above, below, strict=True))


def _is_aligned(above: Piece, below: Piece) -> bool:
    reach = _ALIGNED * max(above.size, below.size)
    middle = abs(above.left + above.right - below.left - below.right) / 2
    return min(abs(above.left - below.left), abs(above.right - below.right), middle) <= reach
