"""A paragraph's runs → its text, with raised and lowered characters as what they are. Pure.

Tracked insertions and what was moved here count, deletions and what was moved away do not; text that is hidden or
struck out is not there; of a field its result is read, of an equation its words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from onrecord.index.sources.readers.markup.raised import apart, lowered, raised
from onrecord.index.sources.readers.wordml.styles import W, child, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from onrecord.index.sources.readers.wordml.styles import Styles

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_GONE = frozenset({f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}sdtPr", f"{W}sdtEndPr", f"{W}rt"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_BOX = f"{W}txbxContent"
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_NEARBY = 40
_LEAST_SHIFT = 4
"""Half-points that a run is raised or lowered at least, to be a mark."""


@dataclass(slots=True)
class Line:
    """A paragraph that is being read: its text so far, the boxes that hang on it and the notes that it refers to."""

    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    _shift: int = 0
    _shifted: str = ""
    _linked: bool = False
    _dropped: bool = False
    """Whether a note's mark stood right before, which parted the words around it."""

    def read(self, paragraph: Element, styles: Styles) -> None:
        """Add the text of a paragraph."""
        self._inside(paragraph, paragraph, styles, linked=False)
        self._settle()

    def _inside(self, element: Element, paragraph: Element, styles: Styles, *, linked: bool) -> None:
        for each in element[:1] if element.tag == ALTERNATIVES else element:
            if not isinstance(each.tag, str) or each.tag in _GONE:
                continue
            if each.tag == f"{W}r":
                self._run(each, paragraph, styles, linked=linked)
            elif each.tag in (f"{_MATH}oMath", f"{_MATH}oMathPara"):
                self._equation(each)
            elif each.tag == f"{W}hyperlink":
                self._inside(each, paragraph, styles, linked=each.get(f"{W}anchor") is not None)
            else:
                self._inside(each, paragraph, styles, linked=linked)

    def _run(self, run: Element, paragraph: Element, styles: Styles, *, linked: bool) -> None:
        said = {name: styles.run_says(run, paragraph, name) for name in ("vanish", "strike", "dstrike")}
        if any(said.values()):
            return
        shift = _shift_of(run, paragraph, styles)
        for each in run:
            name = each.tag.removeprefix(W) if isinstance(each.tag, str) else ""
            if name == "t":
                self._say(each.text or "", shift, linked=linked)
            elif name in _CHARACTERS:
                self._say(_CHARACTERS[name], shift, linked=linked)
            elif each.tag in _NOTES:
                self.notes.append((_NOTES[each.tag], each.get(f"{W}id") or ""))
                self._dropped = True
            elif name == "ruby":
                for base in each.iterchildren(f"{W}rubyBase"):
                    self._inside(base, paragraph, styles, linked=linked)
            else:
                self.boxes += _boxes(each)

    def _say(self, text: str, shift: int, *, linked: bool) -> None:
        if shift != self._shift:
            self._settle()
            self._shift = shift
        if shift:
            self._shifted += text
            self._linked = self._linked or linked
        else:
            self.text += apart(self.text, text) if self._dropped else text
            self._dropped = self._dropped and not text

    def _settle(self) -> None:
        """Put the raised or lowered characters that were gathered."""
        before = self.text[-_NEARBY:]
        if self._shifted.strip():
            raising = self._shift > 0
            mark = raised(self._shifted, before, linked=self._linked) if raising else lowered(self._shifted, before)
            self._dropped = not mark
            self.text += mark
        if self._shifted[-1:].isspace():
            self.text += " "
        self._shift, self._shifted, self._linked = 0, "", False

    def _equation(self, element: Element) -> None:
        self._settle()
        if element.tag == f"{_MATH}t":
            self.text += element.text or ""
        elif element.tag in (f"{_MATH}sSup", f"{_MATH}sSub"):
            for part in element:
                if part.tag in (f"{_MATH}sup", f"{_MATH}sub"):
                    content = "".join(each.text or "" for each in part.iter(f"{_MATH}t"))
                    self._say(content, 1 if part.tag.endswith("sup") else -1, linked=False)
                    self._settle()
                else:
                    self._equation(part)
        else:
            for part in element:
                self._equation(part)


def _shift_of(run: Element, paragraph: Element, styles: Styles) -> int:
    """1 for a raised run, -1 for a lowered one, 0 for one on the line."""
    stated = styles.run_says(run, paragraph, "vertAlign")
    if stated in ("superscript", "subscript"):
        return 1 if stated == "superscript" else -1
    position = value(child(run, "rPr"), "position") or "0"
    points = int(position) if position.lstrip("-").isdigit() else 0
    return (points > 0) - (points < 0) if abs(points) >= _LEAST_SHIFT else 0


def _boxes(element: Element) -> list[Element]:
    """The text boxes of a drawing; of two forms of one, which are for older and newer programs, the first."""
    if element.tag == _BOX:
        return [element]
    found: list[Element] = []
    for each in element:
        inner = _boxes(each)
        if inner and element.tag == ALTERNATIVES:
            return inner
        found += inner
    return found
