"""Data directories that cannot be used are refused with what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from onrecord.index.errors import CorruptStore, StoreError, UnsupportedStore
from tests.articles import BRIDGE, HARBOUR, ORCHARD
from tests.integration.corpora import opened

CRANE = "Its new crane lifts forty tonnes."
RIBBON = "Mayor Alder cut the ribbon."


def test_a_damaged_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with opened(tmp_path) as corpus:
        corpus.add([HARBOUR, ORCHARD, BRIDGE])
    database = tmp_path / "corpus.db"
    content = bytearray(database.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    database.write_bytes(content)
    with pytest.raises(CorruptStore, match="is damaged") as refused:
        opened(tmp_path)
    assert "onrecord check --repair" in refused.value.hint


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus.db").write_text("These are notes, and they are longer than a header of SQLite. " * 40)
    with pytest.raises(CorruptStore, match="not a database"):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("CREATE TABLE accounts (name TEXT)", "not a database of On Record"),
        ("PRAGMA application_id = 7", "not a database of On Record"),
    ],
)
def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path, statement: str, message: str) -> None:
    database = tmp_path / "corpus.db"
    db = sqlite3.connect(database)
    db.execute(statement)
    db.close()
    before = database.read_bytes()
    with pytest.raises(UnsupportedStore, match=message) as refused:
        opened(tmp_path)
    assert refused.value.hint == "Choose another data directory."
    assert database.read_bytes() == before


def test_a_later_schema_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    db = sqlite3.connect(tmp_path / "corpus.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(UnsupportedStore, match="schema 99") as refused:
        opened(tmp_path)
    assert "version of onrecord" in refused.value.hint


@pytest.mark.parametrize(
    ("column", "value"), [("kind", "'novel'"), ("end_offset", "99999"), ("vector", "x'0102'"), ("start_offset", "-5")]
)
def test_a_row_that_was_never_written_is_damage_not_a_crash(tmp_path: Path, column: str, value: str) -> None:
    with opened(tmp_path) as corpus:
        corpus.add([HARBOUR])
    db = sqlite3.connect(tmp_path / "corpus.db", isolation_level=None)
    db.execute(f"UPDATE passages SET {column} = {value} WHERE row = 2")  # noqa: S608 - from the list above
    db.close()
    (tmp_path / "vectors.faiss").unlink()
    with pytest.raises(CorruptStore, match="damaged"), opened(tmp_path) as corpus:
        corpus.search("crane", k=9)


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="cannot be made") as refused:
        opened(tmp_path / "data")
    assert refused.value.hint == "Choose another with --data."


def test_a_data_directory_where_nothing_can_be_written_is_refused() -> None:
    with pytest.raises(StoreError, match=r"cannot be (made|used|written)") as refused:
        opened(Path("/proc/self"))
    assert refused.value.hint
