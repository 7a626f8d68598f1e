"""The tables of the database, and the check that a file holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.index.errors import UnsupportedStore
from onrecord.index.store import migrations

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

SCHEMA_VERSION = 2
APPLICATION_ID = 0x4F6E5263  # "OnRc"

_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    # What migrations added stands last, in their order and with their defaults: a migrated database has these tables.
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, source TEXT NOT NULL, text TEXT NOT NULL, title TEXT NOT NULL,
        url TEXT, author TEXT, published TEXT, content_hash TEXT NOT NULL,
        language TEXT, marks TEXT NOT NULL DEFAULT '[]', pages TEXT NOT NULL DEFAULT '[]',
        number INTEGER NOT NULL DEFAULT 0, story TEXT NOT NULL DEFAULT '', signature BLOB NOT NULL DEFAULT x''
    ) STRICT""",
    "CREATE INDEX articles_published ON articles (published)",
    """CREATE TABLE passages (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL, paragraph INTEGER NOT NULL,
        start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, kind TEXT NOT NULL,
        lead_start INTEGER NOT NULL, lead_end INTEGER NOT NULL,
        generation INTEGER NOT NULL, vector BLOB,
        words INTEGER NOT NULL DEFAULT 0, same_as INTEGER, digest BLOB NOT NULL DEFAULT x'',
        UNIQUE (article_id, ordinal)
    ) STRICT""",
    "CREATE TABLE removed (row INTEGER PRIMARY KEY, generation INTEGER NOT NULL) STRICT",
    "CREATE INDEX removed_generation ON removed (generation)",
    """CREATE TABLE commits (
        generation INTEGER PRIMARY KEY, token TEXT NOT NULL,
        articles INTEGER NOT NULL DEFAULT 0, passages INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    *migrations.TABLES_OF_2,
    "INSERT INTO commits VALUES (0, '', 0, 0)",
    "INSERT INTO meta VALUES ('fingerprint', '')",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)


def ensure(db: sqlite3.Connection, path: Path, *, right_to_write: Callable[[], AbstractContextManager[None]]) -> None:
    """Make the tables in an empty database, and bring those of an earlier version to this one, each in one transaction.

    Two processes that begin or migrate a database at once do it once.

    Raises:
        UnsupportedStore: the database is another program's, or of a schema that this version does not know.
        StoreBusy: it is of an earlier schema and another process is writing.
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
    _check_ours(db, path)
    version = _number(db, "user_version")
    if version in migrations.STEPS:
        with right_to_write():
            migrations.migrate(db)
    _check_version(db, path)


def ensure_present(db: sqlite3.Connection, path: Path) -> None:
    """Check that a database that cannot be written has the present tables.

    Raises:
        UnsupportedStore: the database is another program's, or of another schema.
    """
    _check_ours(db, path)
    version = _number(db, "user_version")
    if version in migrations.STEPS:
        raise UnsupportedStore(
            f"{path} has schema {version}, and cannot be brought to {SCHEMA_VERSION}, since it cannot be written.",
            hint="Open it once where it can be written: onrecord articles.",
        )
    _check_version(db, path)


def _check_ours(db: sqlite3.Connection, path: Path) -> None:
    if _number(db, "application_id") != APPLICATION_ID:
        raise UnsupportedStore(f"{path} is not a database of On Record.", hint="Choose another data directory.")


def _check_version(db: sqlite3.Connection, path: Path) -> None:
    version = _number(db, "user_version")
    if version != SCHEMA_VERSION:
        raise UnsupportedStore(
            f"{path} has schema {version}; this version reads {SCHEMA_VERSION} and migrates "
            f"{', '.join(map(str, migrations.STEPS))}.",
            hint="Use the version of onrecord that wrote it, or index your articles into a new data directory.",
        )


def _is_empty(db: sqlite3.Connection) -> bool:
    marked = _number(db, "application_id") or _number(db, "user_version")
    return not marked and db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _number(db: sqlite3.Connection, pragma: str) -> int:
    (value,) = db.execute(f"PRAGMA {pragma}").fetchone()
    return int(value)
