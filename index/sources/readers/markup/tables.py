"""A table of HTML → its rows, a cell that spans rows said in each of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.html import HtmlElement as Element

MOST_SPANNED = 1_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text in one line; `linked` is how many of its characters are words of links."""

    text: str
    linked: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row's text. `heads`: it holds the headings of the columns below it, or one heading of the rows below it."""

    text: str
    heads: bool
    linked: int


def rows_of(table: Element, read: Callable[[Element], Cell]) -> list[Row]:
    """The rows of a table that holds no other, in order; `read` gives the text of a cell."""
    rows = list(table.iter("tr"))
    last_data = max((number for number, row in enumerate(rows) if not _heads(row)), default=-1)
    found: list[Row] = []
    reaching: dict[int, tuple[int, Cell]] = {}
    for number, row in enumerate(rows):
        cells, reaching = _cells(row, reaching, read)
        text = joined([cell.text for cell in cells])
        found.append(Row(text, number < last_data and _heads(row), sum(cell.linked for cell in cells)))
    return found


def joined(cells: Sequence[str]) -> str:
    """The text of a row: an empty cell keeps its place before others, so that each stands under its heading."""
    last = max((number for number, cell in enumerate(cells) if cell), default=-1)
    return " ".join(" | ".join(cells[: last + 1]).split())


def _heads(row: Element) -> bool:
    """Whether a row holds nothing but headings."""
    cells = list(row.iterchildren("td", "th"))
    parent = row.getparent()
    in_head = parent is not None and parent.tag == "thead"
    return bool(cells) and (in_head or all(cell.tag == "th" or not cell.text_content().strip() for cell in cells))


def _cells(
    row: Element, reaching: dict[int, tuple[int, Cell]], read: Callable[[Element], Cell]
) -> tuple[list[Cell], dict[int, tuple[int, Cell]]]:
    """The cells of a row with those that reach down into it; and, by column, those that reach further, how far."""
    found: list[Cell] = []
    further: dict[int, tuple[int, Cell]] = {}
    column = 0
    for element in (*row.iterchildren("td", "th"), None):
        while column in reaching:
            left, cell = reaching[column]
            found.append(cell)
            if left > 1:
                further[column] = (left - 1, cell)
            column += 1
        if element is None:
            continue
        found.append(cell := read(element))
        if (rows := _spanned(element, "rowspan")) > 1:
            further[column] = (rows - 1, cell)
        column += _spanned(element, "colspan")
    return found, further


def _spanned(cell: Element, attribute: str) -> int:
    stated = (cell.get(attribute) or "").strip()
    return max(1, min(int(stated), MOST_SPANNED)) if stated.isascii() and stated.isdigit() else 1
