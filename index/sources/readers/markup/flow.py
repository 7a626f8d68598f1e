"""A tree of HTML → its blocks in order, each as a browser shows it. Pure.

Block elements part the text, inline elements never do. A list item has a dash, a row of a table is one block with
` | ` between its cells, and so is a term with its definition. Headings and the headings of columns are headlines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree, html

from onrecord.index.records import PassageKind
from onrecord.index.sources.readers.composition import Block, tidy, without_controls
from onrecord.index.sources.readers.markup.elements import BLOCKS, HEADINGS, LISTS, UNSEEN
from onrecord.index.sources.readers.markup.marks import set_marks
from onrecord.index.sources.readers.markup.tables import Cell, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement as Element

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WHITE = re.compile(r"[ \t\n\r\f]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_BLANK_LINE = re.compile(r"\n{2,}")
LONGEST_DEFINITION = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as a browser shows it.

    `group` counts the outermost list, table or list of definitions that it stands in, None outside of any. `linked` is
    how many of its characters are words of links.
    """

    block: Block
    group: int | None = None
    linked: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A list, a table or a list of definitions: where its blocks, and those of the element around it, begin and end."""

    start: int
    end: int
    around_start: int
    around_end: int


@dataclass(slots=True)
class Flow:
    """The blocks of a tree and its groups, in order; made by `flow`."""

    shown: list[Shown] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)


def flow(tree: Element) -> Flow:
    """Read a tree whose raised and lowered marks were set by `set_marks`; one too deep for that gives nothing."""
    walk = _Walk()
    try:
        walk.block(tree)
    except RecursionError:
        return Flow()
    return Flow(walk.shown, walk.groups())


def line_of(element: Element) -> str:
    """The text of an element in one line."""
    walk = _Walk()
    walk.block(element)
    return " ".join(each.block.text for each in walk.shown).replace("\n", " ")


def fragment_blocks(markup: str) -> Iterator[Block]:
    """The blocks of a piece of HTML, as it stands inside another format."""
    if not markup.strip():
        return
    try:
        tree = html.fragment_fromstring(without_controls(markup), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return
    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    set_marks(tree)
    yield from (each.block for each in flow(tree).shown)


class _Walk:
    """Goes through a tree once, collecting inline text until a block begins or ends."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self._parts: list[str] = []
        self._marker = ""
        self._kind: PassageKind | None = None
        self._lines = False
        self._links = 0
        self._linked = 0
        self._group: int | None = None
        self._ranges: list[tuple[int, int, Element]] = []
        self._within: dict[Element, tuple[int, int]] = {}
        self._item_before = False

    def groups(self) -> list[Group]:
        """The groups, each with the range of blocks of the element around it."""
        found = []
        for start, end, element in self._ranges:
            parent = element.getparent()
            around = self._within.get(parent, (start, end)) if parent is not None else (start, end)
            found.append(Group(start, end, *around))
        return found

    def block(self, element: Element) -> None:
        """Read an element that parts the text before it from the text behind it."""
        self._flush()
        start = len(self.shown)
        outermost = self._group is None and (element.tag in LISTS or element.tag in ("dl", "table"))
        if outermost:
            self._group = len(self._ranges)
            self._ranges.append((start, start, element))
        self._read(element)
        self._flush()
        if outermost:
            self._ranges[self._group or 0] = (start, len(self.shown), element)
            self._group = None
            self._item_before = False
        self._within[element] = (start, len(self.shown))

    def _read(self, element: Element) -> None:
        tag = element.tag
        if tag == "table":
            self._table(element)
        elif tag == "dl":
            self._definitions(element)
        elif tag in HEADINGS:
            kind, self._kind = self._kind, PassageKind.HEADLINE
            self._inside(element)
            self._flush()
            self._kind = kind
        elif tag == "li":
            self._marker = "- "
            self._inside(element)
            self._flush()
            self._marker = ""
        elif tag == "pre":
            self._lines = True
            self._inside(element)
            self._flush()
            self._lines = False
        else:
            self._inside(element)

    def _inside(self, element: Element) -> None:
        self._say(element.text)
        for child in element:
            self._child(child)
            self._say(child.tail)

    def _child(self, child: Element) -> None:
        tag = child.tag
        if not isinstance(tag, str) or tag in UNSEEN or _is_hidden(child):
            return
        if tag == "br":
            self._parts.append("\n")
        elif tag in BLOCKS:
            self.block(child)
        elif tag == "q":
            self._parts.append("“")
            self._inside(child)
            self._parts.append("”")
        elif tag == "a":
            self._links += 1
            self._inside(child)
            self._links -= 1
        else:
            self._inside(child)

    def _say(self, text: str | None) -> None:
        if text:
            said = _INVISIBLE.sub("", text)
            said = said if self._lines else _WHITE.sub(" ", said)
            self._parts.append(said)
            if self._links:
                self._linked += len(said)

    def _flush(self) -> None:
        text, self._parts = tidy("".join(self._parts)), []
        linked, self._linked = self._linked, 0
        for paragraph in _BLANK_LINE.split(text):
            if paragraph:
                self._emit(paragraph, linked)
                linked = 0

    def _emit(self, text: str, linked: int = 0, kind: PassageKind | None = None) -> None:
        kind = kind or self._kind
        if kind is PassageKind.HEADLINE or self._marker:
            text = text.replace("\n", " ")
        item = bool(self._marker)
        block = Block(self._marker + text, kind, joins=item and self._item_before)
        self.shown.append(Shown(block, self._group, linked))
        self._item_before = item
        self._marker = ""

    def _table(self, table: Element) -> None:
        if table.find(".//table") is not None:  # a table of tables lays out a page
            self._inside(table)
            return
        marker, self._marker = self._marker, ""
        for caption in table.iterchildren("caption"):
            self.block(caption)
        for row in rows_of(table, _cell):
            if row.text:
                kind = PassageKind.HEADLINE if row.heads else None
                self._emit(marker + row.text, row.linked, kind)
                marker = ""

    def _definitions(self, element: Element) -> None:
        """A term and what it means are one block where both are short, else a headline and paragraphs."""
        for terms, meanings in _pairs(element):
            term = ", ".join(filter(None, (line_of(each) for each in terms)))
            inner = [_part(each) for each in meanings]
            short = all(len(each) <= 1 for each in inner) and not term.endswith("?")
            texts = [each[0].block.text.replace("\n", " ") for each in inner if each]
            if term and texts and short and sum(map(len, texts)) <= LONGEST_DEFINITION:
                linked = sum(shown.linked for each in inner for shown in each)
                self._emit(" | ".join((term, *texts)), linked)
                continue
            if term:
                self._emit(term, kind=PassageKind.HEADLINE if meanings else None)
            for each in meanings:
                self.block(each)


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _part(element: Element) -> list[Shown]:
    walk = _Walk()
    walk.block(element)
    return walk.shown


def _cell(element: Element) -> Cell:
    """A cell's text in one line, the items of its lists with their dashes."""
    inner = _part(element)
    text = " ".join(each.block.text for each in inner).replace("\n", " ")
    return Cell(text, sum(each.linked for each in inner))


def _pairs(element: Element) -> Iterator[tuple[list[Element], list[Element]]]:
    """The terms and meanings of a list of definitions, which `div` may hold together."""
    terms: list[Element] = []
    meanings: list[Element] = []
    for child in _terms_and_meanings(element):
        if child.tag == "dt" and meanings:
            yield terms, meanings
            terms, meanings = [], []
        (terms if child.tag == "dt" else meanings).append(child)
    if terms or meanings:
        yield terms, meanings


def _terms_and_meanings(element: Element) -> Iterable[Element]:
    for child in element.iterchildren(etree.Element):
        if child.tag in ("dt", "dd"):
            yield child
        elif child.tag in BLOCKS:
            inner = list(_terms_and_meanings(child)) if child.tag == "div" else []
            yield from inner or [child]
