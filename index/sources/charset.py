"""Bytes → text: which encoding a document is in, when its header, its `meta` and its bytes disagree.

A byte order mark decides. Then UTF-8, if the bytes are valid UTF-8: text in any other encoding hardly ever is, and
servers that call UTF-8 something else are common. Then what the server says, then what the document says, each only if
the bytes fit; last a guess from the bytes.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w:.-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w:.-]+)""", re.IGNORECASE
)
_DECLARED_WITHIN = 4_096
_TOLD_BY = (("iso2022", b"\x1b"), ("hz", b"~{"), ("utf-16", b"\0"), ("utf-32", b"\0"))
"""Encodings whose bytes are valid UTF-8 too, and what shows that a document that claims one is in it."""

_LONGEST_CHARACTER = 4
_FEW_BROKEN = 200
_GUESSED_FROM = 16 * 1024
# Python's own, which no page is in; the first takes quadratic time.
_NEVER = frozenset({"punycode", "idna", "utf-7", "unicode_escape", "raw_unicode_escape", "undefined", "unicode-escape"})
# As browsers read them (WHATWG Encoding): pages say the narrow name and use the wide one.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}


def marked_encoding(content: bytes) -> str | None:
    """The encoding that a byte order mark at the beginning names."""
    return next((name for mark, name in _MARKS if content.startswith(mark)), None)


def decode(content: bytes, declared: str | None = None, *, cut: bool = False) -> str:
    """Decode a document whose server calls its encoding `declared`; what fits nowhere becomes U+FFFD.

    With `cut` the bytes may end inside a character.
    """
    marked = marked_encoding(content)
    if marked:
        return content.decode(marked, "ignore" if cut else "replace")
    names = list(_candidates(content, declared))
    for name in names:
        if any(name.startswith(family) and sign in content for family, sign in _TOLD_BY):
            return content.decode(name, "replace")
    for name in ("utf-8", *names):
        for missing in range(_LONGEST_CHARACTER if cut else 1):
            try:
                return content[: len(content) - missing].decode(name)
            except UnicodeDecodeError:
                continue
    if "utf-8" in names:
        text = content.decode("utf-8", "replace")
        if text.count("\ufffd") * _FEW_BROKEN <= len(text):
            return text
    return _guess(content)


def _candidates(content: bytes, declared: str | None) -> Iterator[str]:
    """The encodings that the server and the document name, as Python knows them."""
    found = _DECLARED.search(content[:_DECLARED_WITHIN])
    inside = (found[1] or found[2]).decode("ascii") if found else None
    for label in (declared, inside):
        try:
            name = codecs.lookup(label).name if label else None
            if name in _NEVER:
                continue
            b"    ".decode(name or "utf-8")
        except LookupError:  # no encoding, or none of text, such as base64
            continue
        except UnicodeDecodeError:
            pass  # four spaces are no text in it, which says nothing
        if name:
            yield _WIDER.get(name, name)


def _guess(content: bytes) -> str:
    best = from_bytes(content[:_GUESSED_FROM]).best()
    return content.decode(best.encoding if best else "cp1252", "replace")
