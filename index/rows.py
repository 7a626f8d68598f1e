"""Rows of the database ↔ articles and passages. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import CorruptStore
from index.records import Article, ArticleSummary, Passage, PassageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.embed import Vectors

PASSAGE_COLUMNS = "row, article_id, ordinal, paragraph, start_offset, end_offset, kind, lead_start, lead_end"
"""The columns that `read_passage` reads, in its order."""


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the store holds it: its row id and the offsets of its lead (equal where it has none)."""

    row: int
    passage: Passage
    lead_start: int
    lead_end: int


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to be stored. `vector` has *Shape:* `(dimension,)` and is None for a passage that is not indexed."""

    passage: Passage
    lead_start: int
    lead_end: int
    vector: Vectors | None


def article_values(article: Article) -> tuple[str | None, ...]:
    """The values of an article, in the order of its columns."""
    published = article.published.isoformat() if article.published else None
    return (
        article.id,
        article.source,
        article.text,
        article.title,
        article.url,
        article.author,
        published,
        article.content_hash,
    )


def passage_values(new: NewPassage, generation: int) -> tuple[Any, ...]:
    """The values of a passage, in the order of its columns after the row id."""
    passage = new.passage
    return (
        passage.article_id,
        passage.ordinal,
        passage.paragraph,
        passage.start,
        passage.end,
        passage.kind.value,
        new.lead_start,
        new.lead_end,
        None if new.vector is None else vector_bytes(new.vector),
        generation,
    )


def read_article(record: Sequence[Any]) -> Article:
    """The article of a row.

    Raises:
        CorruptStore: the row holds what was never written.
    """
    identity, source, text, title, url, author, published, content_hash = record
    return Article(identity, source, text, title, url, author, _day(identity, published), content_hash)


def read_summary(record: Sequence[Any]) -> ArticleSummary:
    """The summary of a row that holds id, title, url, author, published and the number of indexed passages.

    Raises:
        CorruptStore: the row holds what was never written.
    """
    identity, title, url, author, published, passages = record
    return ArticleSummary(identity, title, url, author, _day(identity, published), passages)


def read_passage(record: Sequence[Any], article: Article) -> StoredPassage:
    """The passage of a row that holds `PASSAGE_COLUMNS`.

    Raises:
        CorruptStore: the row holds what was never written.
    """
    row, _, ordinal, paragraph, start, end, kind, lead_start, lead_end = record
    try:
        passage = Passage.of(
            article, ordinal=ordinal, paragraph=paragraph, start=start, end=end, kind=PassageKind(kind)
        )
    except ValueError as error:
        raise _damaged(f"passage {row} of article {article.id}") from error
    return StoredPassage(row, passage, lead_start, lead_end)


def vector_bytes(vector: Vectors) -> bytes:
    """A vector as it is stored: little-endian single precision."""
    return vector.astype("<f4").tobytes()


def read_vectors(blobs: Sequence[bytes]) -> Vectors:
    """Stored vectors, at least one. *Shape:* `(len(blobs), dimension)`.

    Raises:
        CorruptStore: they are not all of one length.
    """
    if len({len(blob) for blob in blobs}) != 1 or len(blobs[0]) % 4:
        raise _damaged("a vector")
    read: Vectors = np.frombuffer(b"".join(blobs), dtype="<f4").reshape(len(blobs), -1)
    return read


def _day(article_id: str, published: str | None) -> date | None:
    try:
        return date.fromisoformat(published) if published else None
    except ValueError as error:
        raise _damaged(f"article {article_id}") from error


def _damaged(what: str) -> CorruptStore:
    return CorruptStore(
        f"The database is damaged: {what} cannot be read.",
        hint="Restore corpus.db from a backup, or remove the data directory and index your articles again.",
    )
