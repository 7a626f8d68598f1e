"""The tables of the database, and the check that a file holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import UnsupportedStore

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

SCHEMA_VERSION = 1
APPLICATION_ID = 0x4F6E5263  # "OnRc"

_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, source TEXT NOT NULL, text TEXT NOT NULL, title TEXT NOT NULL,
        url TEXT, author TEXT, published TEXT, content_hash TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX articles_published ON articles (published)",
    """CREATE TABLE passages (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL, paragraph INTEGER NOT NULL,
        start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, kind TEXT NOT NULL,
        lead_start INTEGER NOT NULL, lead_end INTEGER NOT NULL,
        generation INTEGER NOT NULL, vector BLOB,
        UNIQUE (article_id, ordinal)
    ) STRICT""",
    "CREATE INDEX passages_generation ON passages (generation)",
    "CREATE TABLE removed (row INTEGER PRIMARY KEY, generation INTEGER NOT NULL) STRICT",
    "CREATE INDEX removed_generation ON removed (generation)",
    "CREATE TABLE commits (generation INTEGER PRIMARY KEY, token TEXT NOT NULL) STRICT",
    "INSERT INTO commits VALUES (0, '')",
    "INSERT INTO meta VALUES ('fingerprint', '')",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)


def ensure(db: sqlite3.Connection, path: Path) -> None:
    """Make the tables in an empty database; two processes that begin one at once make them once.

    Raises:
        UnsupportedStore: the database is another program's, or of a schema that this version does not know.
    """
    if _is_empty(db):
        db.execute("BEGIN IMMEDIATE")
        try:
            if _is_empty(db):
                for statement in _TABLES:
                    db.execute(statement)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    application, version = _number(db, "application_id"), _number(db, "user_version")
    if application != APPLICATION_ID:
        raise UnsupportedStore(f"{path} is not a database of On Record.", hint="Choose another data directory.")
    if version != SCHEMA_VERSION:
        raise UnsupportedStore(
            f"{path} has schema {version}; this version reads {SCHEMA_VERSION}.",
            hint="Use the version of onrecord that wrote it, or index your articles into a new data directory.",
        )


def _is_empty(db: sqlite3.Connection) -> bool:
    marked = _number(db, "application_id") or _number(db, "user_version")
    return not marked and db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _number(db: sqlite3.Connection, pragma: str) -> int:
    (value,) = db.execute(f"PRAGMA {pragma}").fetchone()
    return int(value)
