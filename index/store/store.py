"""SQLite: articles, passages, vectors and the generation. The only truth on disk; everything else is derived from it.

One writer at a time, in WAL mode, so readers never wait. Each commit grows the generation by one and draws a token.
Passage row ids are never given twice (AUTOINCREMENT), and a removed row leaves its id and generation behind, so a
derived index can ask what it missed. A passage's text is not stored: it is cut from its article, as everywhere.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np

from onrecord.index.records import Size, Version
from onrecord.index.store import fetches, schema, stories
from onrecord.index.store.catalogue import SEARCHED, Catalogue, unknown
from onrecord.index.store.connection import Connection
from onrecord.index.store.rows import (
    ARTICLE_COLUMNS,
    PASSAGE_COLUMNS,
    StoredPassage,
    article_values,
    damaged,
    passage_digest,
    passage_values,
    read_stored,
    read_vectors,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from onrecord.index.embedding.embedder import Vectors
    from onrecord.index.records import Article
    from onrecord.index.store.fetches import Fetch
    from onrecord.index.store.rows import NewArticle, RowIds

_BLOCK = 4_096
# By the index on generations: the rows of one commit are found without reading the vectors of all others.
_SINCE = f"WHERE generation > ? AND {SEARCHED}"
_INSERT_PASSAGE = (
    f"INSERT INTO passages (generation, words, {PASSAGE_COLUMNS.removeprefix('row, ')})"  # noqa: S608 - fixed words only
    f" VALUES (?, ?{', ?' * PASSAGE_COLUMNS.count(',')})"
)


KEPT_COMMITS = 1_000
"""How many commits compacting leaves, so that an index that lags by fewer is caught up and not built again."""


@dataclass(frozen=True, slots=True)
class ChangedPassage:
    """A passage to be searched from now on, with all the articles in which it stands."""

    stored: StoredPassage
    article_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """An article with those of its passages that changed: the `number`-th of `total`, from 1."""

    article: Article
    passages: list[ChangedPassage]
    number: int
    total: int


class Store:
    """The database file of one data directory. One connection; the caller keeps two threads from using it at once.

    What stands in it is read through its `catalogue`.

    Args:
        path: the file.
        right_to_write: held while an earlier schema is brought to the present one.

    Raises:
        CorruptStore: the file is damaged or is no database.
        UnsupportedStore: it is another program's, or of a schema that this version does not know.
        StoreError: the directory cannot be written.
    """

    def __init__(self, path: Path, right_to_write: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        self._changed = stories.Changed()
        self._connection = Connection(path)
        self.catalogue = Catalogue(self._connection)
        with self._connection.errors():
            try:
                if self.read_only:
                    schema.ensure_present(self._db, path)
                    return
                self._db.execute("PRAGMA foreign_keys = ON")
                schema.ensure(self._db, path, right_to_write=right_to_write)
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
            except BaseException:
                self._db.close()
                raise

    @property
    def _db(self) -> sqlite3.Connection:
        return self._connection.db

    @property
    def read_only(self) -> bool:
        """Whether the file cannot be written, and so only be asked."""
        return self._connection.read_only

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view: everything read inside belongs to one generation."""
        with self._connection.errors():
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[int]:
        """One transaction that makes the next generation, which it yields; an exception inside undoes all of it."""
        with self._connection.errors():
            self._db.execute("BEGIN IMMEDIATE")
            self._changed = stories.Changed()
            try:
                generation = self.version.generation + 1
                yield generation
                stories.settle(self._db, self._changed, generation)
                stories.count(self._db, generation, uuid4().hex)
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @property
    def version(self) -> Version:
        """The last commit."""
        return Version(*self._last_commit("generation, token"))

    @property
    def size(self) -> Size:
        """How much the last commit left."""
        return Size(*self._last_commit("articles, passages"))

    def knows(self, version: Version) -> bool:
        """Whether a version belongs to this store's history, so that what happened since can be told."""
        with self._connection.errors():
            found = self._db.execute("SELECT token FROM commits WHERE generation = ?", (version.generation,)).fetchone()
        return found is not None and found[0] == version.token

    @property
    def fingerprint(self) -> str:
        """What made the passages and vectors (`index.preparation.made_by`); empty before the first."""
        with self._connection.errors():
            found = self._db.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
        if found is None:
            raise damaged("which embedder made its vectors")
        return str(found[0])

    def set_fingerprint(self, fingerprint: str) -> None:
        """Say what makes the passages and vectors. Inside `writing` only."""
        self._db.execute("UPDATE meta SET value = ? WHERE key = 'fingerprint'", (fingerprint,))

    def put(self, new: NewArticle, generation: int) -> None:
        """Store an article, in place of the one with its id if there is one. Inside `writing` only."""
        article = new.article
        before = self._db.execute("SELECT number FROM articles WHERE id = ?", (article.id,)).fetchone()
        number = before or self._db.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM articles").fetchone()
        self._delete(article.id, generation)
        signature = b"" if new.signature is None else new.signature.tobytes()
        values = (*article_values(article), *number, article.id, signature)
        self._db.execute(
            f"INSERT INTO articles ({ARTICLE_COLUMNS}, number, story, signature) VALUES (?{', ?' * (len(values) - 1)})",  # noqa: S608 - fixed words only
            values,
        )
        self._db.executemany(_INSERT_PASSAGE, (passage_values(passage, generation) for passage in new.passages))
        self._changed.placed.add(article.id)

    def delete(self, article_id: str, generation: int) -> None:
        """Remove an article with its passages. Inside `writing` only.

        Raises:
            ArticleNotFound: there is none with that id.
        """
        if not self._delete(article_id, generation):
            raise unknown(article_id)

    def compact(self) -> None:
        """Give back the room of what was removed, and forget all but the last `KEPT_COMMITS` commits.

        An index that was built for one that is forgotten is not known any more, and so is built again.
        """
        with self._connection.errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                oldest = self.version.generation - KEPT_COMMITS
                self._db.execute("DELETE FROM removed WHERE generation <= ?", (oldest,))
                self._db.execute("DELETE FROM commits WHERE generation <= ?", (oldest,))
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def reindex(self) -> None:
        """Make the database's own indexes again from its tables."""
        with self._connection.errors():
            self._db.execute("REINDEX")

    def link_anew(self, generation: int) -> None:
        """Find out again which articles are near-duplicates. Inside `writing` only."""
        stories.settle_anew(self._db, generation)

    def fetches(self) -> list[Fetch]:
        """Every URL that articles were fetched from, the first that is due in front."""
        with self._connection.errors():
            return fetches.known(self._db)

    def note_fetch(self, fetch: Fetch) -> None:
        """Remember a fetch in place of the one before; nothing that can be searched changes."""
        with self._connection.errors():
            fetches.note(self._db, fetch)

    def removed_since(self, generation: int) -> RowIds:
        """The row ids that a derived index built for `generation` may still hold and must drop."""
        with self._connection.errors():
            found = self._db.execute("SELECT row FROM removed WHERE generation > ? ORDER BY row", (generation,))
            return np.array([row for (row,) in found], dtype=np.int64)

    def vectors_since(self, generation: int) -> Iterator[tuple[RowIds, Vectors]]:
        """Rows whose vectors were made after `generation`, in blocks, by row.

        *Shape:* `(rows,)` and `(rows, dimension)`.
        """
        with self._connection.errors():
            cursor = self._db.execute(
                f"SELECT {PASSAGE_COLUMNS} FROM passages {_SINCE} ORDER BY row",  # noqa: S608 - fixed words only
                (generation,),
            )
            while block := cursor.fetchmany(_BLOCK):
                for row, digest, *content in block:
                    if digest != passage_digest(content):
                        raise damaged(f"passage {row}")
                rows, vectors = (record[0] for record in block), [record[-1] for record in block]
                yield np.fromiter(rows, dtype=np.int64), read_vectors(vectors)

    def articles_since(self, generation: int) -> Iterator[ChangedArticle]:
        """Articles with passages to be searched since `generation`, oldest first, each with exactly those passages."""
        with self._connection.errors():
            ids = self._db.execute(
                f"SELECT article_id FROM passages {_SINCE} GROUP BY article_id ORDER BY MIN(row)",  # noqa: S608 - fixed words only
                (generation,),
            ).fetchall()
            for done, (article_id,) in enumerate(ids, start=1):
                article = self.catalogue.article(article_id)
                records = self._db.execute(
                    f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE article_id = ? AND generation > ?"  # noqa: S608 - fixed words only
                    f" AND {SEARCHED} ORDER BY ordinal",
                    (article_id, generation),
                ).fetchall()
                others = self._copies(article_id)
                passages = [
                    ChangedPassage(read_stored(record, article), (article_id, *others.get(record[0], ())))
                    for record in records
                ]
                yield ChangedArticle(article, passages, done, len(ids))

    def _copies(self, article_id: str) -> dict[int, list[str]]:
        """The articles in which passages of an article stand, too, by the row that is searched for all of them."""
        copies: dict[int, list[str]] = {}
        for row, other in self._db.execute(
            "SELECT same_as, article_id FROM passages WHERE same_as IN (SELECT row FROM passages WHERE article_id = ?)"
            " ORDER BY article_id",
            (article_id,),
        ):
            copies.setdefault(row, []).append(other)
        return copies

    def _delete(self, article_id: str, generation: int) -> bool:
        story = stories.forget(self._db, article_id)
        if story is None:
            return False
        self._changed.bereft.add(story)
        self._db.execute(
            f"INSERT OR REPLACE INTO removed SELECT row, ? FROM passages WHERE article_id = ? AND {SEARCHED}",  # noqa: S608 - fixed words only
            (generation, article_id),
        )
        self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        return True

    def _last_commit(self, columns: str) -> tuple[Any, ...]:
        with self._connection.errors():
            query = f"SELECT {columns} FROM commits ORDER BY generation DESC LIMIT 1"  # noqa: S608 - fixed words only
            found = self._db.execute(query).fetchone()
            if found is None:
                raise damaged("its last commit")
            return tuple(found)
