"""Text-fragment links: a URL that opens an article in the browser scrolled to a passage, and marks it.

The form is that of the WICG draft "URL Fragment Text Directives" (https://wicg.github.io/scroll-to-text-fragment/):

    #:~:text=[prefix-,]start[,end][,-suffix]

A browser looks for each part inside one block of the page, with white space collapsed and letters folded, from word
boundary to word boundary. So a part never spans a line break here, and a part that is shortened ends between words.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote, urlsplit

LONGEST_EXACT = 300
"""Up to this many characters the whole text stands in the link; a longer one is given by its start and its end."""

_END_LENGTH = 80
_CONTEXT_LENGTHS = (32, 64, 128, 256)


@dataclass(frozen=True, slots=True)
class _Directive:
    """The parts of one text directive, and what stands between them on the page."""

    start: str
    end: str | None
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        parts = [
            f"{_encode(self.prefix)}-" if self.prefix else "",
            _encode(self.start),
            _encode(self.end) if self.end else "",
            f"-{_encode(self.suffix)}" if self.suffix else "",
        ]
        return ",".join(part for part in parts if part)


def text_fragment_url(url: str | None, text: str, start: int, end: int) -> str | None:
    """Link to `text[start:end]` on the page at `url`; None where there is no http or https URL to link to."""
    if url is None or not _is_web(url):
        return None
    lines = _lines(text[start:end])
    if not lines:
        return url
    page, _, fragment = url.partition("#")
    element = fragment.partition(":~:")[0]
    return f"{page}#{element}:~:text={_directive(lines, text, start, end)}"


def _directive(lines: list[str], text: str, start: int, end: int) -> _Directive:
    exact = len(lines) == 1 and len(lines[0]) <= LONGEST_EXACT
    plain = _Directive(lines[0], None) if exact else _Directive(_head(lines[0]), _tail(lines[-1]))
    page, quoted = _folded(text), _folded(" ".join(lines))
    if not _ambiguous(plain, page, quoted):
        return plain
    before, after = _lines(text[:start]), _lines(text[end:])
    found = plain
    for length in _CONTEXT_LENGTHS:
        prefix = _tail(before[-1], length) if before else ""
        suffix = _head(after[0], length) if after else ""
        found = _Directive(plain.start, plain.end, prefix, suffix)
        opening = _beside(prefix, plain.start, spaced=text[:start][-1:].isspace())
        closing = _beside(plain.end or plain.start, suffix, spaced=text[end:][:1].isspace())
        if _occurs_once(opening, page) or _occurs_once(closing, page):
            break
    return found


def _ambiguous(directive: _Directive, page: str, quoted: str) -> bool:
    """Whether a browser that searches the page from its top could stop at, or after, other words than the quoted."""
    if not _occurs_once(directive.start, page):
        return True
    if directive.end is None:
        return False
    closing = _folded(directive.end)
    return quoted.find(closing, len(_folded(directive.start))) < len(quoted) - len(closing)


def _occurs_once(part: str, page: str) -> bool:
    wanted = _folded(part)
    first = page.find(wanted)
    return first < 0 or page.find(wanted, first + 1) < 0


def _beside(left: str, right: str, *, spaced: bool) -> str:
    return f"{left} {right}" if spaced and left and right else left + right


def _head(line: str, length: int = _END_LENGTH) -> str:
    return line[: _cut(line, length)].rstrip() if len(line) > length else line


def _tail(line: str, length: int = _END_LENGTH) -> str:
    return line[len(line) - _cut(line[::-1], length) :].lstrip() if len(line) > length else line


def _cut(line: str, length: int) -> int:
    """The longest cut up to `length` that falls at white space, else beside punctuation, else `length` itself."""
    kinds = [unicodedata.category(character)[0] for character in line[: length + 1]]
    for boundary in ("Z", "P"):
        for cut, beside in reversed(list(enumerate(pairwise(kinds), start=1))):
            if boundary in beside:
                return cut
    return length


def _lines(text: str) -> list[str]:
    collapsed = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in collapsed if line]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _encode(part: str) -> str:
    return quote(part, safe="").replace("-", "%2D")


def _is_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False
