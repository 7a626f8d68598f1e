"""What stands in the database: articles and their passages, read and never changed here."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.index.errors import ArticleNotFound
from onrecord.index.records import ArticleReference
from onrecord.index.store.rows import (
    ARTICLE_COLUMNS,
    PASSAGE_COLUMNS,
    damaged,
    passage_digest,
    read_article,
    read_passage,
    read_stored,
    read_summary,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from onrecord.index.records import Article, ArticleSummary, Filter, Passage
    from onrecord.index.store.connection import Connection
    from onrecord.index.store.rows import RowIds, StoredPassage

SEARCHED = "vector IS NOT NULL AND same_as IS NULL"
"""What tells the passages that both indexes hold."""


class Catalogue:
    """The articles of one database.

    Args:
        connection: to the database.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def _db(self) -> sqlite3.Connection:
        return self._connection.db

    def summaries(self) -> list[ArticleSummary]:
        """Every article with the number of its indexed passages, by title and id."""
        with self._connection.errors():
            found = self._db.execute(
                "SELECT id, title, url, author, published,"
                " (SELECT COUNT(*) FROM passages WHERE article_id = articles.id AND vector IS NOT NULL)"
                " FROM articles ORDER BY title, id"
            )
            return [read_summary(record) for record in found]

    def sources(self) -> dict[str, str]:
        """The title of each article by its source."""
        with self._connection.errors():
            return dict(self._db.execute("SELECT source, title FROM articles ORDER BY number"))

    def article(self, article_id: str) -> Article:
        """One article.

        Raises:
            ArticleNotFound: there is none with that id.
        """
        with self._connection.errors():
            query = f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?"  # noqa: S608 - fixed words only
            found = self._db.execute(query, (article_id,)).fetchone()
        if found is None:
            raise unknown(article_id)
        return read_article(found)

    def near_duplicates(self, article_id: str) -> tuple[ArticleReference, ...]:
        """The other articles of an article's story, in the order in which they were added."""
        with self._connection.errors():
            found = self._db.execute(
                "SELECT id, title, url FROM articles WHERE id != :id"
                " AND story = (SELECT story FROM articles WHERE id = :id) ORDER BY number",
                {"id": article_id},
            )
            return tuple(ArticleReference(*record) for record in found)

    def content_hash(self, article_id: str) -> str | None:
        """The content hash of the stored article with that id; None if there is none."""
        with self._connection.errors():
            found = self._db.execute("SELECT content_hash FROM articles WHERE id = ?", (article_id,)).fetchone()
        return None if found is None else str(found[0])

    def passages(self, article: Article) -> list[StoredPassage]:
        """All passages of a stored article, in text order."""
        with self._connection.errors():
            found = self._db.execute(
                f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE article_id = ? ORDER BY ordinal",  # noqa: S608 - fixed words only
                (article.id,),
            )
            return [read_stored(record, article) for record in found]

    def hits(self, rows: Sequence[int], where: Filter) -> dict[int, tuple[Article, Passage]]:
        """The passages with those row ids, each with its article.

        Of a passage that stands in several near-duplicates the first is taken that the filter keeps; `also_in` names
        the others that it keeps.

        Raises:
            CorruptStore: a passage or its article is not as it was written.
        """
        conditions, values = _conditions(where)
        query = (
            f"SELECT id, title, url, words, {conditions}, {PASSAGE_COLUMNS} FROM passages"  # noqa: S608 - fixed words only
            " LEFT JOIN articles ON id = article_id WHERE row = ? OR same_as = ? ORDER BY number, ordinal"
        )
        found: dict[int, tuple[Article, Passage]] = {}
        articles: dict[str, Article] = {}
        with self._connection.errors():
            for row in rows:
                records = self._db.execute(query, (*values, row, row)).fetchall()
                # None, or one of no article, or what points here has other words: none of it was ever written.
                if len({record[3] for record in records}) != 1 or any(_is_damaged(record) for record in records):
                    raise damaged(f"passage {row}")
                kept = [record for record in records if record[4]]
                if not kept:
                    raise damaged(f"passage {row}")
                first = kept[0][0]
                article = articles.get(first) or self.article(first)
                articles[first] = article
                passage = read_passage(kept[0][5:], article)
                others = dict.fromkeys(ArticleReference(*record[:3]) for record in kept if record[0] != first)
                found[row] = article, replace(passage, also_in=tuple(others))
        return found

    def is_searchable(self) -> bool:
        """Whether any passage is indexed."""
        with self._connection.errors():
            return self._db.execute(f"SELECT 1 FROM passages WHERE {SEARCHED} LIMIT 1").fetchone() is not None  # noqa: S608 - fixed words only

    def matching(self, where: Filter) -> tuple[list[str], RowIds]:
        """The ids of the articles that a filter keeps, and the rows to search for their passages."""
        conditions, values = _conditions(where)
        # Only fixed words and placeholders are put together here; what the filter holds travels as parameters.
        selected = f"SELECT id FROM articles WHERE {conditions}"  # noqa: S608 - fixed words only
        with self._connection.errors():
            ids = [str(record[0]) for record in self._db.execute(f"{selected} ORDER BY id", values)]
            rows = self._db.execute(
                "SELECT DISTINCT COALESCE(same_as, row) FROM passages WHERE vector IS NOT NULL"  # noqa: S608 - fixed words only
                f" AND article_id IN ({selected}) ORDER BY 1",
                values,
            )
            return ids, np.array([row for (row,) in rows], dtype=np.int64)


def unknown(article_id: str) -> ArticleNotFound:
    """The error for an id that no article has."""
    return ArticleNotFound(
        f"There is no article {article_id!r}.", hint="`onrecord articles list` shows those there are."
    )


def _is_damaged(record: Sequence[Any]) -> bool:
    """Whether a passage of `Catalogue.hits` belongs to no article, or its row is not as it was written."""
    article_id, _, _, _, _, _, digest, *content = record
    return article_id is None or digest != passage_digest(content)


def _conditions(where: Filter) -> tuple[str, list[str]]:
    """What a filter asks of an article, as SQL with placeholders, and the values for them."""
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
    if where.source is not None:
        starts = [where.source]
        if ":" not in where.source:
            host = where.source.strip("/")
            starts = [f"{scheme}://{name}/" for scheme in ("https", "http") for name in (host, f"www.{host}")]
        conditions.append("EXISTS (SELECT 1 FROM json_each(?) WHERE instr(source, value) = 1 OR instr(url, value) = 1)")
        values.append(json.dumps(starts))
    return " AND ".join(conditions), values
