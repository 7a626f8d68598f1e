"""What goes into a format's module, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from onrecord.index.errors import SourceError
    from onrecord.index.records import Article

LARGEST_DOCUMENT = 20 * 1024 * 1024
"""Bytes of one document, unpacked where it comes packed; a file of JSON lines may be larger, its lines not."""


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of one file or response, and what is known of them.

    `source` is what the article will be known by. `name` is the path or URL as a person knows it, for messages. `url`
    is where the bytes were fetched from, None for a file. `charset` is what the server called the encoding.
    """

    content: bytes
    source: str
    name: str
    url: str | None = None
    charset: str | None = None

    @property
    def stem(self) -> str:
        """The last part of its name without the suffix: the title where the document itself has none."""
        path = PurePosixPath(unquote(urlsplit(self.name).path) if self.url else self.name.replace("\\", "/"))
        return path.stem or self.name

    @property
    def suffix(self) -> str:
        """The suffix of its name in small letters, with the dot."""
        return PurePosixPath(urlsplit(self.name).path if self.url else self.name.replace("\\", "/")).suffix.lower()


@dataclass(frozen=True, slots=True)
class Contents:
    """What a document held: articles, why parts of it are none, and, of a feed or sitemap, the URLs that it lists."""

    articles: tuple[Article, ...] = ()
    refused: tuple[SourceError, ...] = ()
    links: tuple[str, ...] = ()
