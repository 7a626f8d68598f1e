"""Rows of a table in words: each cell behind the heading of its column. Pure.

“Sea Rose | 1962 | 90” below “Ferry | Built | Cars” is read as “Ferry: Sea Rose. Built: 1962. Cars: 90.” Only what
stands in the row has a place in it; headings and signs are context, and so can never become a quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

BAR = " | "
"""What readers of documents put between the cells of a row."""

_BETWEEN = re.compile(r"\s*\|\s*")
_TERM_AND_MEANING = 2


@dataclass(frozen=True, slots=True)
class Worded:
    """A row as it is read, and what stands before it.

    `places` holds for each character of `text` where it stands in the row, half-open; nothing (equal offsets) for what
    does not stand there.
    """

    lead: str
    text: str
    places: tuple[tuple[int, int], ...]


def is_row(text: str) -> bool:
    """Whether a passage is a row of a table."""
    return BAR in text


def worded(lead: str, row: str) -> Worded | None:
    """A row in words, by the headings of its columns that end its lead; None where it is no row, or has none.

    Of two cells without headings the first is the heading of the second, as in a list of terms.
    """
    if not is_row(row):
        return None
    before, _, columns = lead.rpartition("\n")
    cells = _cells(row)
    if is_row(columns):
        headings = [columns[start:end] for start, end in _cells(columns)]
        if len(cells) > len(headings):
            return None
        labels = [f"{heading}: " if heading else "" for heading in headings]
        return _joined(before.rstrip(), row, cells, [(label, ".") for label in labels])
    if len(cells) == _TERM_AND_MEANING:
        return _joined(lead, row, cells, [("", ":"), ("", ".")])
    return None


def _cells(row: str) -> list[tuple[int, int]]:
    """Where the cells of a row stand; one that is empty is there."""
    borders = [(0, 0), *(each.span() for each in _BETWEEN.finditer(row)), (len(row), len(row))]
    return [(start, end) for (_, start), (end, _) in pairwise(borders)]


def _joined(lead: str, row: str, cells: list[tuple[int, int]], around: list[tuple[str, str]]) -> Worded:
    text = ""
    places: list[tuple[int, int]] = []
    for (start, end), (label, sign) in zip(cells, around, strict=False):
        if start == end:
            continue
        said = f" {label}" if text else label
        text += f"{said}{row[start:end]}{sign}"
        places += [(start, start)] * len(said)
        places += [(at, at + 1) for at in range(start, end)]
        places += [(end, end)] * len(sign)
    return Worded(lead, text, tuple(places))
