"""The HTML of a mail → lines as a reader sees them.

Everything in a mail is its content, so nothing is left out as it is of pages. Mails are laid out in tables: a row is
one line only where none of its cells holds a block.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree, html

from onrecord.index.errors import UnreadableSource
from onrecord.index.records import PassageKind
from onrecord.index.sources.readers.composition import tidy, without_controls
from onrecord.index.sources.readers.mail.plain import is_only_service, is_service
from onrecord.index.sources.readers.mail.quoting import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS.union(
    ("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
    (
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
    ),
    ("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
)
_CELLS = ("td", "th")
_UNSEEN = frozenset({"head", "script", "style", "title", "template", "noscript", "del", "s", "strike", "meta", "link"})
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0|font-size\s*:\s*[01](?:px|pt)?\s*(?:;|$)",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"\b(?:gmail_quote|protonmail_quote|tutanota_quote|yahoo_quoted)\b")
_SIGNATURE = re.compile(
    r"\b(?:gmail_signature|moz-signature|protonmail_signature_block|AppleMailSignature)\b|signature$", re.IGNORECASE
)
_LONGEST_SERVICE = 600


def lines(markup: str, name: str) -> list[Line]:
    """A mail's lines; a paragraph with a link to leave a mailing list is marked as boilerplate.

    Raises:
        UnreadableSource: it is not HTML that can be parsed.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(without_controls(markup).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(
            f"{name} is no HTML that can be parsed: {error}.", hint="Save the mail again."
        ) from error
    walk = _Walk()
    try:
        walk.through(tree)
    except RecursionError as error:
        raise UnreadableSource(
            f"{name} has HTML that is nested too deeply.", hint="Save its text and index that."
        ) from error
    return list(walk.finished())


class _Walk:
    """Collects text while a tree is walked through, and ends a line where a browser would."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._parts: list[str] = []
        self._depth = 0
        self._signs = False
        self._opens = True
        self._kind: PassageKind | None = None
        self._bullet = ""
        self._first_of_block = 0
        self._serves = False

    def finished(self) -> Iterator[Line]:
        """The lines, once everything has been walked through."""
        self._end_block()
        yield from self._lines

    def through(self, element: etree._Element) -> None:
        """Walk through an element; what a reader does not see is passed over."""
        if not isinstance(element.tag, str) or element.tag in _UNSEEN or _is_hidden(element):
            return
        if element.tag == "br":
            self._end_line()
            return
        if element.tag == "tr" and not _lays_out(element):
            self._end_block()
            self._parts.append(" | ".join(filter(None, map(_words, element.iter(*_CELLS)))))
            self._serves = self._serves or _serves(element)
            self._end_block()
            return
        before = self._depth, self._signs, self._kind
        block = element.tag in _BLOCKS
        if block:
            self._end_block()
            self._bullet = "- " if element.tag == "li" else self._bullet
        self._depth += _is_quotation(element)
        self._signs = self._signs or _is_signature(element)
        self._kind = PassageKind.HEADLINE if element.tag in _HEADINGS else self._kind
        self._serves = self._serves or (element.tag == "a" and is_service(_words(element)))
        self._inside(element)
        if block:
            self._end_block()
        self._bullet = "" if element.tag == "li" else self._bullet
        self._depth, self._signs, self._kind = before

    def _inside(self, element: etree._Element) -> None:
        self._say(element.text, kept=element.tag == "pre")
        for child in element:
            self.through(child)
            self._say(child.tail, kept=element.tag == "pre")

    def _say(self, text: str | None, *, kept: bool) -> None:
        for number, line in enumerate((text or "").split("\n") if kept else [text or ""]):
            if number:
                self._end_line()
            self._parts.append(line if kept else re.sub(r"\s+", " ", line))

    def _end_line(self) -> None:
        said = "".join(self._parts)
        text = tidy(said).replace("\n", " ")
        self._parts = []
        if text == "--" and said.endswith((" ", "\xa0")):
            text = "-- "  # what a signature begins with
        if not text and self._opens:
            return
        if text:
            opens = self._opens and not (self._bullet and self._lines and self._lines[-1].text.startswith("- "))
            kind = PassageKind.BOILERPLATE if is_only_service(text) else self._kind
            self._lines.append(Line(self._bullet + text, self._depth, opens, self._signs, kind))
            self._bullet = ""
        self._opens = not text

    def _end_block(self) -> None:
        self._end_line()
        block = self._lines[self._first_of_block :]
        if self._serves and sum(len(line.text) for line in block) <= _LONGEST_SERVICE:
            marked = [Line(e.text, e.depth, e.opens, e.signature, PassageKind.BOILERPLATE) for e in block]
            self._lines[self._first_of_block :] = marked
        self._serves = False
        self._first_of_block = len(self._lines)
        self._opens = True


def _words(element: etree._Element) -> str:
    return tidy(" ".join(element.itertext())).replace("\n", " ")


def _serves(element: etree._Element) -> bool:
    return any(is_service(_words(link)) for link in element.iter("a"))


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")))


def _lays_out(row: etree._Element) -> bool:
    """Whether a table's row only arranges blocks."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    inside = (each.tag for cell in cells for each in cell.iterdescendants())
    return len(cells) == 1 or any(tag in _BLOCKS or tag == "br" for tag in inside)


def _is_quotation(element: etree._Element) -> bool:
    if element.tag != "blockquote":
        return False
    cites = element.get("type") == "cite" or element.get("cite", "").startswith("mid:")
    return cites or bool(_QUOTATION.search(element.get("class", "")))


def _is_signature(element: etree._Element) -> bool:
    return any(_SIGNATURE.search(element.get(name, "")) for name in ("class", "id", "data-smartmail"))
