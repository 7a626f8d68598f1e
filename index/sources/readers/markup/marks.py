"""Raised and lowered marks of HTML → characters in its tree."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from onrecord.index.sources.readers.markup.elements import BLOCKS
from onrecord.index.sources.readers.markup.raised import apart, lowered, raised

if TYPE_CHECKING:
    from lxml.html import HtmlElement as Element

_NEARBY = 40


def set_marks(tree: Element) -> None:
    """Put characters for `sup` and `sub` into a tree, so that every later reader of it sees the same text."""
    with suppress(RecursionError):
        _set_marks(tree, "")


def _set_marks(element: Element, before: str) -> str:
    """Set the marks below an element. Takes and gives the end of the text before and behind it in its block."""
    text = before + (element.text or "")
    for child in list(element):
        tail = child.tail or ""
        if child.tag in ("sup", "sub"):
            content = child.text_content()
            mark = lowered(content, text) if child.tag == "sub" else raised(content, text, linked=_notes(child, text))
            if not mark and apart(text, tail) != tail:
                mark = " "
            for inner in list(child):
                child.remove(inner)
            child.text = mark
            child.drop_tag()
            text += mark
        elif child.tag == "br" or child.tag in BLOCKS:
            _set_marks(child, "")
            text = ""
        elif isinstance(child.tag, str):
            text = _set_marks(child, text)
        text = (text + tail)[-_NEARBY:]
    return text


def _notes(mark: Element, before: str) -> bool:
    """Whether a link in or around raised characters leads to a note: behind a figure it must stay on the page."""
    link = mark.find(".//a")
    if link is None:
        outer = mark.getparent()
        link = outer if outer is not None and outer.tag == "a" else None
        if link is None or link.text_content().strip() != mark.text_content().strip():
            return False
    return "#" in (link.get("href") or "#") or not before.rstrip()[-1:].isdigit()
