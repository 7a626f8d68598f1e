"""Earlier schemas of the database → the present one. Each step is one transaction: a crash leaves the old schema whole.

Schema 2 (from 1) knows near-duplicates, what a source says of its parts, and a digest of each passage's row.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import uuid4

from onrecord.index.store import stories
from onrecord.index.store.duplicates import signature, words_key
from onrecord.index.store.rows import passage_digest

if TYPE_CHECKING:
    import sqlite3

logger = logging.getLogger(__name__)

TABLES_OF_2 = (
    "CREATE UNIQUE INDEX articles_number ON articles (number)",
    "CREATE INDEX articles_story ON articles (story)",
    "CREATE INDEX passages_searchable ON passages (generation) WHERE vector IS NOT NULL AND same_as IS NULL",
    "CREATE INDEX passages_answering ON passages (article_id) WHERE vector IS NOT NULL",
    "CREATE INDEX passages_same_as ON passages (same_as) WHERE same_as IS NOT NULL",
    "CREATE TABLE bands (band INTEGER, number INTEGER, PRIMARY KEY (band, number)) STRICT, WITHOUT ROWID",
    """CREATE TABLE fetched (
        url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT,
        checked TEXT NOT NULL, due TEXT NOT NULL, failures INTEGER NOT NULL
    ) STRICT""",
)

_COLUMNS_OF_2 = (
    "ALTER TABLE articles ADD COLUMN language TEXT",
    "ALTER TABLE articles ADD COLUMN marks TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE articles ADD COLUMN pages TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE articles ADD COLUMN number INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE articles ADD COLUMN story TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE articles ADD COLUMN signature BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE passages ADD COLUMN words INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE passages ADD COLUMN same_as INTEGER",
    "ALTER TABLE passages ADD COLUMN digest BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE commits ADD COLUMN articles INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE commits ADD COLUMN passages INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX passages_generation",
)


def migrate(db: sqlite3.Connection) -> None:
    """Bring a database of an earlier schema to the present one. Only for who holds the right to write."""
    while True:
        db.execute("BEGIN IMMEDIATE")
        try:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            step = STEPS.get(version)
            if step is not None:
                logger.warning("bringing the data directory from schema %d to %d", version, version + 1)
                step(db)
                db.execute(f"PRAGMA user_version = {version + 1}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        if step is None:
            return


def _to_2(db: sqlite3.Connection) -> None:
    for statement in _COLUMNS_OF_2:
        db.execute(statement)
    (generation,) = db.execute("SELECT MAX(generation) + 1 FROM commits").fetchone()
    # In the order in which the articles that are there now were added.
    ids = db.execute("SELECT id FROM articles ORDER BY (SELECT MIN(row) FROM passages WHERE article_id = id), id")
    added = [str(article_id) for (article_id,) in ids.fetchall()]
    for number, article_id in enumerate(added, start=1):
        _describe(db, article_id, number)
    for statement in TABLES_OF_2:
        db.execute(statement)
    stories.settle(db, stories.Changed(placed=set(added)), generation)
    stories.count(db, generation, uuid4().hex)


def _describe(db: sqlite3.Connection, article_id: str, number: int) -> None:
    """Add to an article and its passages what schema 2 keeps of them."""
    (text,) = db.execute("SELECT text FROM articles WHERE id = ?", (article_id,)).fetchone()
    answering = []
    passages = db.execute(
        "SELECT row, article_id, ordinal, paragraph, start_offset, end_offset, kind, lead_start, lead_end, vector"
        " FROM passages WHERE article_id = ? ORDER BY ordinal",
        (article_id,),
    ).fetchall()
    for row, *content in passages:
        start, end, vector = content[3], content[4], content[-1]
        if vector is not None:
            answering.append(text[start:end])
        db.execute(
            "UPDATE passages SET words = ?, digest = ? WHERE row = ?",
            (words_key(text[start:end]), passage_digest(content), row),
        )
    values = signature(answering).tobytes() if answering else b""
    db.execute("UPDATE articles SET number = ?, story = id, signature = ? WHERE id = ?", (number, values, article_id))


STEPS = {1: _to_2}
"""What brings a schema to the one after it."""
