"""SQLite: articles, passages, vectors and the generation. The only truth on disk; everything else is derived from it.

One writer at a time, in WAL mode, so readers never wait. Each commit grows the generation by one and draws a token.
Passage row ids are never given twice (AUTOINCREMENT), and a removed row leaves its id and generation behind, so a
derived index can ask what it missed. A passage's text is not stored: it is cut from its article, as everywhere.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from index import schema
from index.errors import ArticleNotFound, CorruptStore, StoreBusy, StoreError
from index.records import Version
from index.rows import (
    PASSAGE_COLUMNS,
    article_values,
    passage_values,
    read_article,
    read_passage,
    read_summary,
    read_vectors,
    vector_bytes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.embed import Vectors
    from index.records import Article, ArticleSummary, Filter
    from index.rows import NewPassage, StoredPassage
    from index.vectors import RowIds

_BLOCK = 4_096
# By the index on generations: the rows of one commit are found without reading the vectors of all others.
_SINCE = "WHERE row IN (SELECT row FROM passages WHERE generation > ?) AND vector IS NOT NULL"
_PASSAGES = f"SELECT {PASSAGE_COLUMNS} FROM passages"  # noqa: S608 - fixed names only


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """An article with those of its passages that changed: the `number`-th of `total`, from 1."""

    article: Article
    passages: list[StoredPassage]
    number: int
    total: int


class Store:
    """The database file of one data directory. One connection; the caller keeps two threads from using it at once.

    Raises:
        CorruptStore: the file is damaged or is no database.
        UnsupportedStore: it is another program's, or of a schema that this version does not know.
        StoreError: the directory cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._errors():
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
            try:
                self._db.execute("PRAGMA foreign_keys = ON")
                schema.ensure(self._db, path)
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view: everything read inside belongs to one generation."""
        with self._errors():
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[int]:
        """One transaction that makes the next generation, which it yields; an exception inside undoes all of it."""
        with self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                generation = self.version.generation + 1
                yield generation
                self._db.execute("INSERT INTO commits VALUES (?, ?)", (generation, uuid4().hex))
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @property
    def version(self) -> Version:
        """The last commit."""
        with self._errors():
            return Version(*self._db.execute("SELECT * FROM commits ORDER BY generation DESC LIMIT 1").fetchone())

    def knows(self, version: Version) -> bool:
        """Whether a version belongs to this store's history, so that what happened since can be told."""
        with self._errors():
            found = self._db.execute("SELECT token FROM commits WHERE generation = ?", (version.generation,)).fetchone()
        return found is not None and found[0] == version.token

    @property
    def fingerprint(self) -> str:
        """The embedder whose vectors are stored; empty before the first."""
        with self._errors():
            (value,) = self._db.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
        return str(value)

    def set_fingerprint(self, fingerprint: str) -> None:
        """Say whose vectors are stored. Inside `writing` only."""
        self._db.execute("UPDATE meta SET value = ? WHERE key = 'fingerprint'", (fingerprint,))

    def put(self, article: Article, passages: Sequence[NewPassage], generation: int) -> None:
        """Store an article, in place of the one with its id if there is one. Inside `writing` only."""
        self._delete(article.id, generation)
        self._db.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)", article_values(article))
        self._db.executemany(
            "INSERT INTO passages (article_id, ordinal, paragraph, start_offset, end_offset, kind,"
            " lead_start, lead_end, vector, generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (passage_values(new, generation) for new in passages),
        )

    def delete(self, article_id: str, generation: int) -> None:
        """Remove an article with its passages. Inside `writing` only.

        Raises:
            ArticleNotFound: there is none with that id.
        """
        if not self._delete(article_id, generation):
            raise _unknown(article_id)

    def set_vectors(self, rows: Sequence[int], vectors: Vectors, generation: int) -> None:
        """Give passages other vectors. Inside `writing` only."""
        self._db.executemany(
            "UPDATE passages SET vector = ?, generation = ? WHERE row = ?",
            ((vector_bytes(vector), generation, row) for row, vector in zip(rows, vectors, strict=True)),
        )

    def summaries(self) -> list[ArticleSummary]:
        """Every article with the number of its indexed passages, by title and id."""
        with self._errors():
            found = self._db.execute(
                "SELECT id, title, url, author, published,"
                " (SELECT COUNT(*) FROM passages WHERE article_id = articles.id AND vector IS NOT NULL)"
                " FROM articles ORDER BY title, id"
            )
            return [read_summary(record) for record in found]

    def article(self, article_id: str) -> Article:
        """One article.

        Raises:
            ArticleNotFound: there is none with that id.
        """
        with self._errors():
            found = self._db.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
        if found is None:
            raise _unknown(article_id)
        return read_article(found)

    def content_hash(self, article_id: str) -> str | None:
        """The content hash of the stored article with that id; None if there is none."""
        with self._errors():
            found = self._db.execute("SELECT content_hash FROM articles WHERE id = ?", (article_id,)).fetchone()
        return None if found is None else str(found[0])

    def passages(self, article: Article) -> list[StoredPassage]:
        """All passages of a stored article, in text order."""
        with self._errors():
            found = self._db.execute(f"{_PASSAGES} WHERE article_id = ? ORDER BY ordinal", (article.id,))
            return [read_passage(record, article) for record in found]

    def vectors(self, article_id: str) -> dict[int, Vectors]:
        """The vectors of an article's indexed passages, by ordinal."""
        with self._errors():
            found = self._db.execute(
                "SELECT ordinal, vector FROM passages WHERE article_id = ? AND vector IS NOT NULL", (article_id,)
            )
            return {ordinal: read_vectors([blob])[0] for ordinal, blob in found}

    def hits(self, rows: Sequence[int]) -> dict[int, tuple[Article, StoredPassage]]:
        """The passages with those row ids, each with its article."""
        found: dict[int, tuple[Article, StoredPassage]] = {}
        articles: dict[str, Article] = {}
        with self._errors():
            for row in rows:
                record = self._db.execute(f"{_PASSAGES} WHERE row = ?", (row,)).fetchone()
                article = articles.get(record[1]) or self.article(record[1])
                articles[record[1]] = article
                found[row] = article, read_passage(record, article)
        return found

    def is_searchable(self) -> bool:
        """Whether any passage is indexed."""
        with self._errors():
            return self._db.execute("SELECT 1 FROM passages WHERE vector IS NOT NULL LIMIT 1").fetchone() is not None

    def removed_since(self, generation: int) -> RowIds:
        """The row ids that a derived index built for `generation` may still hold and must drop."""
        with self._errors():
            found = self._db.execute("SELECT row FROM removed WHERE generation > ? ORDER BY row", (generation,))
            return np.array([row for (row,) in found], dtype=np.int64)

    def vectors_since(self, generation: int) -> Iterator[tuple[RowIds, Vectors]]:
        """Rows whose vectors were made after `generation`, in blocks, by row.

        *Shape:* `(rows,)` and `(rows, dimension)`.
        """
        with self._errors():
            cursor = self._db.execute(
                f"SELECT row, vector FROM passages {_SINCE} ORDER BY row",  # noqa: S608 - fixed words only
                (generation,),
            )
            while block := cursor.fetchmany(_BLOCK):
                yield np.array([row for row, _ in block], dtype=np.int64), read_vectors([blob for _, blob in block])

    def articles_since(self, generation: int) -> Iterator[ChangedArticle]:
        """Articles with passages indexed after `generation`, oldest first, each with exactly those passages."""
        with self._errors():
            ids = self._db.execute(
                f"SELECT article_id FROM passages {_SINCE} GROUP BY article_id ORDER BY MIN(row)",  # noqa: S608 - likewise
                (generation,),
            ).fetchall()
            for done, (article_id,) in enumerate(ids, start=1):
                article = self.article(article_id)
                records = self._db.execute(
                    f"{_PASSAGES} WHERE article_id = ? AND generation > ? AND vector IS NOT NULL ORDER BY ordinal",
                    (article_id, generation),
                )
                passages = [read_passage(record, article) for record in records]
                yield ChangedArticle(article, passages, done, len(ids))

    def matching(self, where: Filter) -> tuple[list[str], RowIds]:
        """The ids of the articles that a filter keeps, and the rows of their indexed passages."""
        conditions = ["TRUE"]
        values: list[str] = []
        if where.article_ids is not None:
            conditions.append("id IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(where.article_ids))
        if where.published_after is not None:
            conditions.append("published >= ?")
            values.append(where.published_after.isoformat())
        if where.published_before is not None:
            conditions.append("published <= ?")
            values.append(where.published_before.isoformat())
        # Only fixed words and placeholders are put together here; what the filter holds travels as parameters.
        selected = f"SELECT id FROM articles WHERE {' AND '.join(conditions)}"  # noqa: S608
        with self._errors():
            ids = [str(record[0]) for record in self._db.execute(f"{selected} ORDER BY id", values)]
            rows = self._db.execute(
                f"SELECT row FROM passages WHERE vector IS NOT NULL AND article_id IN ({selected}) ORDER BY row",  # noqa: S608
                values,
            )
            return ids, np.array([row for (row,) in rows], dtype=np.int64)

    def _delete(self, article_id: str, generation: int) -> bool:
        self._db.execute(
            "INSERT INTO removed SELECT row, ? FROM passages WHERE article_id = ? AND vector IS NOT NULL",
            (generation, article_id),
        )
        return self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount > 0

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn SQLite's errors into ours."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise StoreBusy(
                    f"{self._path} is being written by another process.", hint="Try again when it has finished."
                ) from error
            raise StoreError(
                f"{self._path} cannot be used: {error}.", hint="Check the directory's permissions and free space."
            ) from error
        except sqlite3.ProgrammingError as error:
            raise StoreError(f"{self._path} cannot be used: {error}", hint="Open the corpus again.") from error
        except sqlite3.DatabaseError as error:
            raise CorruptStore(
                f"{self._path} is damaged: {error}.",
                hint="Restore it from a backup, or remove the data directory and index your articles again.",
            ) from error


def _unknown(article_id: str) -> ArticleNotFound:
    return ArticleNotFound(
        f"There is no article {article_id!r}.", hint="`onrecord articles list` shows those there are."
    )
