"""The text of elements, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from onrecord.index.sources.readers.composition import without_controls

if TYPE_CHECKING:
    from lxml.html import HtmlElement as Element

_BREAKS = frozenset({"br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "section", "td", "tr"})


def text_of(element: Element) -> str:
    """The words of an element as a reader sees them: inline elements part none."""
    parts: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if each.tag in _BREAKS:
            parts.append(" ")
        parts.append((each.text if event == "start" else each.tail if each is not element else "") or "")
    return _line("".join(parts))


def words_of(element: Element) -> str:
    """The words of an element, those of each element in it parted from the others."""
    return _line(" ".join(element.itertext()))


def is_longer(element: Element, limit: int) -> bool:
    """Whether an element holds more characters than that; no more of them are looked at."""
    length = 0
    for part in element.itertext():
        length += len(part)
        if length > limit:
            return True
    return False


def is_empty(element: Element) -> bool:
    """Whether an element holds no text."""
    return not any(part.strip() for part in element.itertext())


def _line(text: str) -> str:
    # A numeric reference in the page can put back what lxml then refuses to take.
    return " ".join(without_controls(text).split())
