"""Paragraphs that a document gives one by one → one text with marks. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.index.records import Mark, PassageKind

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACES = re.compile(r"[^\S\n]+")
_AROUND_LINE_END = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")


_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list of them one a line, and what the document says it is, if it says so.

    `joins`: it goes on with the block before it on the next line, as the items of a list do.
    """

    text: str
    kind: PassageKind | None = None
    joins: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """A text, and what its document says of stretches of it. `starts` holds the offset of each block."""

    text: str
    marks: tuple[Mark, ...]
    starts: tuple[int, ...]


def compose(blocks: Iterable[Block]) -> Composed:
    """Put blocks together, a blank line between them."""
    text = ""
    parts: list[str] = []
    marks: list[Mark] = []
    starts: list[int] = []
    length = 0
    for block in blocks:
        if parts:
            gap = "\n" if block.joins else "\n\n"
            parts.append(gap)
            length += len(gap)
        starts.append(length)
        parts.append(block.text)
        if block.kind:
            marks.append(Mark(length, length + len(block.text), block.kind))
        length += len(block.text)
    text = "".join(parts)
    return Composed(text, tuple(marks), tuple(starts))


def tidy(text: str) -> str:
    """Text as a reader sees it: white space collapsed; line ends kept, and of blank lines one."""
    return _BLANK_LINES.sub("\n\n", _AROUND_LINE_END.sub("\n", _SPACES.sub(" ", text))).strip()


def without_controls(markup: str) -> str:
    """Markup with spaces for the characters that no XML or HTML may hold, and lxml refuses."""
    return _CONTROLS.sub(" ", markup)
