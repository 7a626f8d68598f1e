"""Text without an element of its own beside paragraphs, as a report's first often stands: it becomes a paragraph."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement as Element

SHORTEST_LOOSE = 40

_FRAMES = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ]
)


def frame_loose_text(tree: Element) -> None:
    """Make paragraphs of text that stands beside paragraphs without an element of its own: it would be lost."""
    for box in list(tree.iter("div", "section", "article", "main")):
        if not any(len(child.text_content().strip()) >= SHORTEST_LOOSE for child in box.iterchildren("p")):
            continue
        for place in (None, *[child for child in box if child.tag in _FRAMES]):
            text = box.text if place is None else place.tail
            run = _inline_after(box, place)
            whole = (text or "") + "".join(each.text_content() + (each.tail or "") for each in run)
            if len(whole.strip()) < SHORTEST_LOOSE or not (text or "").strip() or any(each.tag == "br" for each in run):
                continue
            paragraph = box.makeelement("p")
            paragraph.text = text
            if place is None:
                box.text = None
                box.insert(0, paragraph)
            else:
                place.tail = None
                place.addnext(paragraph)
            paragraph.extend(run)


def _inline_after(box: Element, place: Element | None) -> list[Element]:
    """The children of a box behind one of them, or its first ones, up to the next block."""
    children = list(box) if place is None else list(place.itersiblings())
    return list(takewhile(lambda each: isinstance(each.tag, str) and each.tag not in _FRAMES, children))
