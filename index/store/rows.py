"""Rows of the database ↔ articles and passages. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from onrecord.index.errors import CorruptStore
from onrecord.index.records import Article, ArticleSummary, Lead, Mark, Passage, PassageKind
from onrecord.index.store.duplicates import words_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.embedding.embedder import Vectors
    from onrecord.index.store.duplicates import Signature

ARTICLE_COLUMNS = "id, source, text, title, url, author, published, content_hash, language, marks, pages"
"""The columns that `read_article` reads and `article_values` gives, in their order."""

RowIds = NDArray[np.int64]
"""Passage row ids. *Shape:* `(rows,)`."""

HOW_TO_MEND = (
    "Run `onrecord check --repair`: it makes again what can be made again. Otherwise restore corpus.db from a backup, "
    "or remove the data directory and index your articles again."
)
"""What to do about a damaged database."""

PASSAGE_COLUMNS = (
    "row, digest, article_id, ordinal, paragraph, start_offset, end_offset, kind, lead_start, lead_end, vector"
)
"""The columns that `read_passage` and `read_stored` read, in their order."""


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with what else its row holds, for who keeps the store: the row's id, and the vector."""

    row: int
    passage: Passage
    vector: Vectors | None


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to be stored with its passages; `signature` is None where none of them can answer."""

    article: Article
    passages: tuple[NewPassage, ...]
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to be stored. `vector` has *Shape:* `(dimension,)` and is None for a passage that is not indexed."""

    passage: Passage
    vector: Vectors | None


def article_values(article: Article) -> tuple[str | None, ...]:
    """The values of an article, in the order of `ARTICLE_COLUMNS`."""
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
        article.language,
        json.dumps([(mark.start, mark.end, mark.kind.value) for mark in article.marks]),
        json.dumps(article.pages),
    )


def passage_values(new: NewPassage, generation: int) -> tuple[Any, ...]:
    """The values of a passage: generation, words, digest, then those of `PASSAGE_COLUMNS` after the digest."""
    passage = new.passage
    content = (
        passage.article_id,
        passage.ordinal,
        passage.paragraph,
        passage.start,
        passage.end,
        passage.kind.value,
        passage.lead.start,
        passage.lead.end,
        None if new.vector is None else vector_bytes(new.vector),
    )
    return (generation, words_key(passage.text), passage_digest(content), *content)


def passage_digest(content: Sequence[Any]) -> bytes:
    """What tells that a byte of a passage's row is not as it was written; `content` is all after the digest."""
    *fields, vector = content
    described = "\x1f".join(map(str, fields)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(described + b"\x1f" + (vector or b""), digest_size=8).digest()


def read_article(record: Sequence[Any]) -> Article:
    """The article of a row that holds `ARTICLE_COLUMNS`.

    Raises:
        CorruptStore: the row holds what was never written.
    """
    identity, source, text, title, url, author, published, content_hash, language, marks, pages = record
    try:
        article = Article.create(
            source=source,
            text=text,
            title=title,
            url=url,
            author=author,
            published=_day(identity, published),
            language=language,
            marks=tuple(Mark(start, end, PassageKind(kind)) for start, end, kind in json.loads(marks)),
            pages=tuple(json.loads(pages)),
        )
    except (ValueError, TypeError) as error:
        raise damaged(f"article {identity}") from error
    if (article.id, article.content_hash) != (identity, content_hash):
        raise damaged(f"article {identity}")
    return article


def read_summary(record: Sequence[Any]) -> ArticleSummary:
    """The summary of a row that holds id, title, url, author, published and the number of indexed passages.

    Raises:
        CorruptStore: the row holds what was never written.
    """
    identity, title, url, author, published, passages = record
    return ArticleSummary(identity, title, url, author, _day(identity, published), passages)


def read_passage(record: Sequence[Any], article: Article) -> Passage:
    """The passage of a row that holds `PASSAGE_COLUMNS`.

    Raises:
        CorruptStore: the row holds what was never written.
    """
    row, digest, *content = record
    article_id, ordinal, paragraph, start, end, kind, lead_start, lead_end, _ = content
    if digest != passage_digest(content) or article_id != article.id:
        raise damaged(f"passage {row} of article {article.id}")
    try:
        return Passage.of(
            article,
            ordinal=ordinal,
            paragraph=paragraph,
            start=start,
            end=end,
            kind=PassageKind(kind),
            lead=Lead(lead_start, lead_end),
        )
    except ValueError as error:
        raise damaged(f"passage {row} of article {article.id}") from error


def read_stored(record: Sequence[Any], article: Article) -> StoredPassage:
    """The passage of such a row with its row id and its vector.

    Raises:
        CorruptStore: the row holds what was never written.
    """
    passage, vector = read_passage(record, article), record[-1]
    return StoredPassage(record[0], passage, None if vector is None else read_vectors([vector])[0])


def vector_bytes(vector: Vectors) -> bytes:
    """A vector as it is stored: little-endian single precision."""
    return vector.astype("<f4").tobytes()


def read_vectors(blobs: Sequence[bytes]) -> Vectors:
    """Stored vectors, at least one. *Shape:* `(len(blobs), dimension)`.

    Raises:
        CorruptStore: they are not all of one length.
    """
    if len({len(blob) for blob in blobs}) != 1 or len(blobs[0]) % 4:
        raise damaged("a vector")
    read: Vectors = np.frombuffer(b"".join(blobs), dtype="<f4").reshape(len(blobs), -1)
    return read


def _day(article_id: str, published: str | None) -> date | None:
    try:
        return date.fromisoformat(published) if published else None
    except ValueError as error:
        raise damaged(f"article {article_id}") from error


def damaged(what: str) -> CorruptStore:
    """The error for what is stored but is not as it was written."""
    return CorruptStore(
        f"The database is damaged: {what} cannot be read.",
        hint=HOW_TO_MEND,
    )
