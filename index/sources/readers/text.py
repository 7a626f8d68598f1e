"""Plain text → `Article`.

The text is stored as decoded, character for character, but for a byte order mark: that belongs to the bytes. The title
is the first paragraph that is no furniture, where it reads like a headline, else the file's name. A byline and a date
line in the first paragraphs fill in author and date. Other formats end here too, with what they know beyond the text.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.passages.furniture import MARKDOWN_HEADING
from onrecord.index.passages.kinds import byline, classify, date_line, looks_like_headline
from onrecord.index.passages.paragraphs import paragraphs
from onrecord.index.records import LONE_SURROGATE, Article, PassageKind
from onrecord.index.sources import charset
from onrecord.index.sources.document import Contents

if TYPE_CHECKING:
    from onrecord.index.records import Mark
    from onrecord.index.sources.document import Document

_HEAD_PARAGRAPHS = 6
_TITLING = (PassageKind.HEADLINE, PassageKind.BODY, PassageKind.CAPTION)


def read(document: Document) -> Contents:
    """Read a document as text.

    Raises:
        UnreadableSource: it is not text in UTF-8, in UTF-16 or UTF-32 with a byte order mark, or in what the server
            that it was fetched from says.
        SourceError: it holds no text.
    """
    text = decoded(document)
    return Contents((article_from_text(text, source=document.source, name=document.stem, url=document.url),))


def decoded(document: Document) -> str:
    """The text of a document that does not say its encoding itself.

    Raises:
        UnreadableSource: as `read`.
    """
    content, name = document.content, document.name
    encoding = charset.marked_encoding(content) or "utf-8"
    try:
        text = charset.decode(content, document.charset) if document.url else content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSource(
            f"{name} is not {encoding.removesuffix('-sig').upper()} text (byte {error.start} does not decode).",
            hint="Convert it first, for example: iconv -f WINDOWS-1252 -t UTF-8.",
        ) from error
    if "\x00" in text:
        raise UnreadableSource(f"{name} is not text: it holds NUL bytes.", hint="Give a text or Markdown file.")
    return text


def article_from_text(  # noqa: PLR0913 - one keyword for each field that a source may know
    text: str,
    *,
    source: str,
    name: str,
    url: str | None = None,
    title: str | None = None,
    author: str | None = None,
    published: date | None = None,
    language: str | None = None,
    marks: tuple[Mark, ...] = (),
    pages: tuple[int, ...] = (),
) -> Article:
    """Make an article of text. What is not given is read from its first paragraphs; `name` titles it where they do not.

    Raises:
        SourceError: the text holds no letter or digit, or what is no character.
    """
    if not re.search(r"\w", text):
        raise SourceError(f"{name!r} holds no text.", hint="Give a file with at least one paragraph.")
    if LONE_SURROGATE.search(text):
        raise SourceError(f"{name!r} holds half of a surrogate pair, which is no character.", hint="Give Unicode text.")
    found = paragraphs(text)
    head = [text[paragraph.start : paragraph.end] for paragraph in found[:_HEAD_PARAGRAPHS]]
    kinds = classify(text, found[:_HEAD_PARAGRAPHS], title="")
    first = next((text for text, kind in zip(head, kinds, strict=True) if kind in _TITLING), None)
    return Article.create(
        source=source,
        text=text,
        title=title or _title(first if len(found) > 1 else None, name),
        url=url,
        author=author or next((author for paragraph in head if (author := byline(paragraph))), None),
        published=published or next((day for paragraph in head if (day := _published(paragraph))), None),
        language=language,
        marks=marks,
        pages=pages,
    )


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
