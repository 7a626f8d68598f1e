"""Inline tokens of Markdown, with the HTML among them → text as a reader of the page sees it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from onrecord.index.sources.readers.markup.elements import BLOCKS
from onrecord.index.sources.readers.markup.raised import apart, lowered, raised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_TAG = re.compile(r"<(?P<closes>/?)(?P<name>[a-zA-Z][\w-]*)")
_STRUCK = frozenset({"del", "s", "strike"})
_SHIFTED = frozenset({"sup", "sub"})
_NEARBY = 40


def plain(tokens: Sequence[Token]) -> str:
    """Text without markup: a link is its words, an image its description, what is struck out is not there."""
    spans = _Spans()
    for token in tokens:
        spans.read(token)
    return "".join(spans.parts)


@dataclass(slots=True)
class _Spans:
    parts: list[str] = field(default_factory=list)
    struck: int = 0
    to_note: bool = False
    """Whether a link to a place on the page is open, or was inside the raised characters that are."""
    dropped: bool = False
    """Whether a note's mark stood right before, which parted the words around it."""
    shifted: list[int] = field(default_factory=list)
    """Where in `parts` the raised or lowered characters that are open begin."""

    def read(self, token: Token) -> None:
        if token.type in ("s_open", "s_close"):
            self.struck += token.nesting
        elif token.type == "html_inline":
            self._tag(token.content)
        elif token.type == "link_open":
            self.to_note = str(token.attrGet("href") or "").startswith("#")
        elif token.type == "link_close":
            self.to_note = self.to_note and bool(self.shifted)
        elif token.type == "footnote_ref":
            self.dropped = True
        elif not self.struck:
            self._say(_said(token))

    def _say(self, text: str) -> None:
        if self.dropped and text:
            text, self.dropped = apart("".join(self.parts[-2:]), text), False
        self.parts.append(text)

    def _tag(self, markup: str) -> None:
        found = _TAG.match(markup)
        if found is None:
            return
        name, closes = found["name"].lower(), bool(found["closes"])
        if name in _STRUCK:
            self.struck = max(0, self.struck + (-1 if closes else 1))
        elif name in _SHIFTED:
            self._shift(name, closes=closes)
        elif name == "a":
            self.to_note = (not closes and "#" in markup) or (closes and self.to_note and bool(self.shifted))
        elif name == "li" and not closes:
            self.parts.append("\n- ")
        elif name == "br" or name in BLOCKS:
            self.parts.append("\n")

    def _shift(self, name: str, *, closes: bool) -> None:
        if not closes:
            self.shifted.append(len(self.parts))
        elif self.shifted:
            start = self.shifted.pop()
            content = "".join(self.parts[start:])
            before = "".join(self.parts[:start])[-_NEARBY:]
            mark = lowered(content, before) if name == "sub" else raised(content, before, linked=self.to_note)
            self.parts[start:] = [mark]
            self.dropped = not mark


def _said(token: Token) -> str:
    if token.type == "image":
        return plain(token.children or [])
    if token.type == "softbreak":
        return " "
    if token.type == "hardbreak":
        return "\n"
    return token.content if token.type in ("text", "code_inline", "text_special") else ""
