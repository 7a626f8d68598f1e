"""The body of a Word document → its blocks in order: paragraphs by their styles, lists, tables, boxes, notes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.index.records import PassageKind
from onrecord.index.sources.readers.composition import Block, tidy
from onrecord.index.sources.readers.markup.tables import joined
from onrecord.index.sources.readers.wordml.runs import ALTERNATIVES, Line
from onrecord.index.sources.readers.wordml.styles import W, child, is_on, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Element

    from onrecord.index.sources.readers.wordml.styles import Styles

_GONE = frozenset({f"{W}del", f"{W}moveFrom", f"{W}sdtPr", f"{W}sdtEndPr", f"{W}tblPr", f"{W}trPr", f"{W}tcPr"})


class Body:
    """Reads the parts of one document.

    `notes` are the elements of its footnotes and endnotes, by kind and id; those that the text refers to come last.
    """

    def __init__(self, styles: Styles, notes: Mapping[tuple[str, str], Element]) -> None:
        self._styles = styles
        self._notes = notes
        self._referred: list[tuple[str, str]] = []

    def read(self, body: Element) -> Iterator[Block]:
        """The blocks of a document's body, and behind them its notes."""
        yield from self._blocks(body)
        read = 0
        while read < len(self._referred):  # a note may refer to another
            note = self._notes.get(self._referred[read])
            read += 1
            if note is not None:
                yield from self._blocks(note)

    def _blocks(self, parent: Element) -> Iterator[Block]:
        line = Line()
        for element in _inside(parent, "p", "tbl"):
            if element.tag == f"{W}tbl":
                yield from self._table(element)
                continue
            line.read(element, self._styles)
            if not _joins_next(element):
                yield from self._paragraph(element, line)
                line = Line()

    def _paragraph(self, element: Element, line: Line) -> Iterator[Block]:
        self._referred += [each for each in line.notes if each not in self._referred]
        if text := tidy(line.text):
            yield self._block(element, text)
        for box in line.boxes:
            yield from self._blocks(box)

    def _block(self, paragraph: Element, text: str) -> Block:
        if self._styles.is_heading(paragraph):
            return Block(text.replace("\n", " "), PassageKind.HEADLINE)
        if self._styles.is_caption(paragraph):
            return Block(text, PassageKind.CAPTION)
        if self._styles.is_contents(paragraph):
            return Block(text, PassageKind.BOILERPLATE)
        return Block(f"- {text}" if self._styles.is_item(paragraph) else text)

    def _table(self, table: Element) -> Iterator[Block]:
        """A row is a block; one of a single cell, and a table that holds tables, lay out what stands in them."""
        rows = [row for row in _inside(table, "tr") if not _is_gone(row)]
        above: dict[int, list[Block]] = {}
        last = len(rows) - 1
        for number, row in enumerate(rows):
            cells = list(self._cells(row, above))
            filled = [cell for cell in cells if cell]
            if len(filled) == 1 or next(row.iter(f"{W}tbl"), None) is not None:
                yield from (block for cell in filled for block in cell)
            elif filled:
                heads = number < last and is_on(child(row, "trPr"), "tblHeader")
                yield Block(joined([_line(cell) for cell in cells]), PassageKind.HEADLINE if heads else None)

    def _cells(self, row: Element, above: dict[int, list[Block]]) -> Iterator[list[Block]]:
        """The blocks of each cell; one that goes on from the row above says the same again. `above` is kept."""
        column = 0
        for cell in _inside(row, "tc"):
            properties = child(cell, "tcPr")
            merged = child(properties, "vMerge")
            goes_on = merged is not None and merged.get(f"{W}val") != "restart"
            blocks = above.get(column, []) if goes_on else list(self._blocks(cell))
            above[column] = blocks
            yield blocks
            span = value(properties, "gridSpan") or "1"
            column += int(span) if span.isdigit() else 1


def _line(blocks: list[Block]) -> str:
    return " ".join(block.text for block in blocks).replace("\n", " ")


def _inside(parent: Element, *names: str) -> Iterator[Element]:
    """The elements of some names, through whatever holds them (content controls, changes); not inside each other."""
    wanted = tuple(f"{W}{name}" for name in names)
    for each in parent[:1] if parent.tag == ALTERNATIVES else parent:
        if each.tag in wanted:
            yield each
        elif isinstance(each.tag, str) and each.tag not in _GONE:
            yield from _inside(each, *names)


def _joins_next(paragraph: Element) -> bool:
    """Whether the end of a paragraph was deleted, so that the next goes on in it."""
    mark = child(child(paragraph, "pPr"), "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _is_gone(row: Element) -> bool:
    properties = child(row, "trPr")
    return child(properties, "del") is not None or is_on(properties, "hidden")
