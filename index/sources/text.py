"""Plain text and Markdown files → `Article`.

The text is stored as decoded, character for character, but for a byte order mark: that belongs to the bytes. The title
is the first paragraph that is no furniture, where it reads like a headline, else the file's name. A byline and a date
line in the first paragraphs fill in author and date.
"""

from __future__ import annotations

import codecs
import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from index.errors import SourceError, UnreadableSource
from index.furniture import MARKDOWN_HEADING
from index.kinds import byline, classify, date_line, looks_like_headline
from index.paragraphs import paragraphs
from index.records import Article, PassageKind

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".txt", ".text", ".md", ".markdown")
LARGEST_FILE = 20 * 1024 * 1024

_HEAD_PARAGRAPHS = 6
_TITLING = (PassageKind.HEADLINE, PassageKind.BODY, PassageKind.CAPTION)
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def load(path: Path, *, source: str) -> Article:
    """Read one file, which is known as `source`.

    Raises:
        UnreadableSource: the file cannot be opened, is too large, or is not text in UTF-8 (or in UTF-16 or UTF-32 with
            a byte order mark).
        SourceError: the file holds no text.
    """
    return article_from_text(_decode(path, _read(path)), source=source, name=path.stem)


def article_from_text(text: str, *, source: str, name: str, url: str | None = None) -> Article:
    """Make an article of text that has no structure but its paragraphs; `name` titles it where nothing in it does.

    Raises:
        SourceError: the text holds no letter or digit, or what is no character.
    """
    if not re.search(r"\w", text):
        raise SourceError(f"{name!r} holds no text.", hint="Give a file with at least one paragraph.")
    if _LONE_SURROGATE.search(text):
        raise SourceError(f"{name!r} holds half of a surrogate pair, which is no character.", hint="Give Unicode text.")
    found = paragraphs(text)
    head = [text[paragraph.start : paragraph.end] for paragraph in found[:_HEAD_PARAGRAPHS]]
    kinds = classify(text, found[:_HEAD_PARAGRAPHS], title="")
    first = next((text for text, kind in zip(head, kinds, strict=True) if kind in _TITLING), None)
    return Article.create(
        source=source,
        text=text,
        title=_title(first if len(found) > 1 else None, name),
        url=url,
        author=next((author for paragraph in head if (author := byline(paragraph))), None),
        published=next((day for paragraph in head if (day := _published(paragraph))), None),
    )


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableSource(
                f"{path} is larger than {LARGEST_FILE // 1024**2} MiB.", hint="Split it into one file for each article."
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableSource(
            f"{path} cannot be read: {error.strerror}.", hint="Check the path and its permissions."
        ) from error


def _decode(path: Path, content: bytes) -> str:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSource(
            f"{path} is not {encoding.removesuffix('-sig').upper()} text (byte {error.start} does not decode).",
            hint="Convert it first, for example: iconv -f WINDOWS-1252 -t UTF-8.",
        ) from error
    if "\x00" in text:
        raise UnreadableSource(f"{path} is not text: it holds NUL bytes.", hint="Give a text or Markdown file.")
    return text


def _title(first: str | None, name: str) -> str:
    heading = MARKDOWN_HEADING.fullmatch(first) if first else None
    if heading:
        return heading["title"]
    if first and looks_like_headline(first):
        return " ".join(first.split())
    return re.sub(r"[\s_-]+", " ", name).strip() or name


def _published(paragraph: str) -> date | None:
    written = date_line(paragraph)
    if written is None:
        return None
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b|[.,]", "", written).lower().replace("sept ", "sep ")
    for pattern in ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(plain, pattern).date()  # noqa: DTZ007 - a calendar date has no time zone
        except ValueError:
            continue
    return None
