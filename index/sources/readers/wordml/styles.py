"""Styles of a Word document: what paragraphs and runs get from those they name, and from what these are based on. Pure.

Names and values as in ECMA-376, part 1, 17.7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY_LEVEL = 9
"""The outline level of what is no heading."""

_HEADING = re.compile(r"(title|subtitle|heading \d)", re.IGNORECASE)
_CAPTION = re.compile(r"caption", re.IGNORECASE)
_CONTENTS = re.compile(r"(toc|table of figures)( \d)?", re.IGNORECASE)
_LIST = re.compile(r"list (bullet|number|paragraph)", re.IGNORECASE)
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document, by id; `default` is what paragraphs have that name none."""

    elements: dict[str, Element]
    default: str

    @classmethod
    def of(cls, root: Element) -> Styles:
        """The styles in the root element of `styles.xml`."""
        elements = {each.get(f"{W}styleId") or "": each for each in root.iterchildren(f"{W}style")}
        is_default = (
            name
            for name, each in elements.items()
            if each.get(f"{W}type") == "paragraph" and (each.get(f"{W}default") or "0") not in _OFF
        )
        return cls(elements, next(is_default, ""))

    def chain(self, name: str) -> list[Element]:
        """A style and those that it is based on, nearest first."""
        found: list[Element] = []
        while name in self.elements and self.elements[name] not in found:
            found.append(self.elements[name])
            name = value(self.elements[name], "basedOn") or ""
        return found

    def is_heading(self, paragraph: Element) -> bool:
        """Whether a paragraph is one by the name of its style, or has a place in the document's outline."""
        stated = [each for each in self._properties(paragraph, "outlineLvl") if each.isdigit()]
        return (bool(stated) and int(stated[0]) < BODY_LEVEL) or self._is_named(paragraph, _HEADING)

    def is_caption(self, paragraph: Element) -> bool:
        """Whether a paragraph is the caption of a picture or table."""
        return self._is_named(paragraph, _CAPTION)

    def is_contents(self, paragraph: Element) -> bool:
        """Whether a paragraph is a line of a table of contents."""
        return self._is_named(paragraph, _CONTENTS)

    def is_item(self, paragraph: Element) -> bool:
        """Whether a paragraph has a bullet or a number."""
        for each in self._owners(paragraph):
            numbered = child(child(each, "pPr"), "numPr")
            if numbered is not None:
                return value(numbered, "numId") != "0"
        return self._is_named(paragraph, _LIST)

    def run_says(self, run: Element, paragraph: Element, name: str) -> str | None:
        """The value of a run's property, by itself, its style or its paragraph's; “on” where it has none, else None."""
        own = child(run, "rPr")
        owners = [own, *(child(each, "rPr") for each in self.chain(value(own, "rStyle") or ""))]
        owners += [child(each, "rPr") for each in self._owners(paragraph)[1:]]
        for each in owners:
            found = child(each, name)
            if found is not None:
                said = found.get(f"{W}val") or "on"
                return None if said in _OFF else said
        return None

    def _owners(self, paragraph: Element) -> list[Element]:
        name = value(child(paragraph, "pPr"), "pStyle") or self.default
        return [paragraph, *self.chain(name)]

    def _properties(self, paragraph: Element, name: str) -> list[str]:
        found = (value(child(each, "pPr"), name) for each in self._owners(paragraph))
        return [each for each in found if each is not None]

    def _is_named(self, paragraph: Element, pattern: re.Pattern[str]) -> bool:
        return any(pattern.fullmatch(value(each, "name") or "") for each in self._owners(paragraph)[1:])


def child(element: Element | None, name: str) -> Element | None:
    """The first child with a name of WordprocessingML."""
    return None if element is None else element.find(f"{W}{name}")


def value(element: Element | None, name: str) -> str | None:
    """What the `val` of a child says; None where there is none."""
    found = child(element, name)
    return None if found is None else found.get(f"{W}val")


def is_on(element: Element | None, name: str) -> bool:
    """Whether a property that is on or off is on."""
    found = child(element, name)
    return found is not None and (found.get(f"{W}val") or "on") not in _OFF
