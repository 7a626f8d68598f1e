"""JSON lines → articles: one JSON object a line. docs/sources.md documents the fields.

{"text": "…", "title": "…", "url": "https://…", "author": "…", "published": "2024-11-04", "language": "en", "id": "…"}
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from onrecord.index.errors import SourceError
from onrecord.index.sources.document import LARGEST_DOCUMENT, Contents
from onrecord.index.sources.identity import Identities
from onrecord.index.sources.readers.text import article_from_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from onrecord.index.records import Article
    from onrecord.index.sources.document import Document

FIELDS = ("text", "title", "url", "author", "published", "language", "id")
"""The fields of a line; `text` is required, others than these are passed over."""


def read(document: Document) -> Contents:
    """Read every line."""
    found = list(articles(io.BytesIO(document.content), source=document.source, name=document.name))
    return Contents(
        tuple(each for each in found if not isinstance(each, SourceError)),
        tuple(each for each in found if isinstance(each, SourceError)),
    )


def articles(file: BinaryIO, *, source: str, name: str) -> Iterator[Article | SourceError]:
    """Read lines one by one: of each its article, or why it is none. Lines of white space are passed over.

    An `id` or `url` that an earlier line has is no identity: such a line is known by its number.
    """
    known = Identities()
    number = 0
    while line := file.readline(LARGEST_DOCUMENT + 1):
        number += 1
        where = f"{name}, line {number}"
        if len(line) > LARGEST_DOCUMENT:
            while line and not line.endswith(b"\n"):
                line = file.readline(LARGEST_DOCUMENT)
            yield SourceError(f"{where} is longer than {LARGEST_DOCUMENT // 1024**2} MiB.", hint="Split it.")
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            try:
                article = _article(_fields(line, where), source=source, number=number, where=where)
                yield known.distinct(article, [f"{source}#line {number}"])
            except SourceError as error:
                yield error


@dataclass(frozen=True, slots=True)
class _Fields:
    text: str
    title: str | None
    url: str | None
    author: str | None
    published: date | None
    language: str | None
    id: str | None


def _fields(line: bytes, where: str) -> _Fields:
    try:
        read: Any = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where} is not JSON: {error}.", hint="Write one JSON object a line, in UTF-8.") from error
    if not isinstance(read, dict):
        raise SourceError(f"{where} is no JSON object.", hint='Write {"text": "…"} with further fields.')
    values: dict[str, str | None] = {}
    for field in FIELDS:
        value = read.get(field)
        if field == "id" and isinstance(value, int):
            value = str(value)
        if value is not None and not isinstance(value, str):
            raise SourceError(f"{where}: {field!r} is no string.", hint="Every field of an article is a string.")
        values[field] = value.strip() or None if value is not None and field != "text" else value
    if values["text"] is None:
        raise SourceError(f"{where} has no 'text'.", hint=f"The fields are {', '.join(FIELDS)}.")
    return _Fields(**values | {"published": _day(values["published"], where)})  # type: ignore[arg-type]


def _day(written: str | None, where: str) -> date | None:
    try:
        return datetime.fromisoformat(written).date() if written else None
    except ValueError as error:
        raise SourceError(
            f"{where}: 'published' is {written!r}, which is no date.", hint="Write it like 2024-11-04."
        ) from error


def _article(fields: _Fields, *, source: str, number: int, where: str) -> Article:
    url = fields.url
    if url and not url.lower().startswith(("http://", "https://")):
        raise SourceError(f"{where}: 'url' is {url!r}.", hint="Give an http or https URL, or leave it away.")
    return article_from_text(
        fields.text,
        source=url or f"{source}#{fields.id or number}",
        name=where,
        url=url,
        title=fields.title,
        author=fields.author,
        published=fields.published,
        language=fields.language,
    )
