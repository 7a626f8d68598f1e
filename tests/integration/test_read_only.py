"""A data directory that cannot be written is asked and served; one that goes away is not answered from."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onrecord.index.errors import StoreError, UnsupportedStore
from tests.articles import BRIDGE, HARBOUR, ORCHARD, found
from tests.fakes import HashingEmbedder
from tests.integration.corpora import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


@pytest.fixture
def directory() -> Iterator[Path]:
    """A data directory that others than its owner can reach; pytest's own temporary folders they cannot."""
    made = Path(tempfile.mkdtemp(prefix="onrecord-test-"))
    made.chmod(0o755)
    data = made / "data"
    with opened(data) as corpus:
        corpus.add([HARBOUR, BRIDGE])
    yield data
    shutil.rmtree(made)


@contextmanager
def without_rights(directory: Path) -> Iterator[None]:
    """Be somebody who can read a directory and write nothing in it."""
    everything = [directory, *directory.rglob("*")]
    rights = {path: path.stat().st_mode for path in everything}
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in everything:
            if path.exists():
                path.chmod(rights[path])


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_it_is_asked_and_left_as_it_is(directory: Path) -> None:
    before = contents(directory)
    with without_rights(directory):
        with opened(directory) as corpus:
            assert corpus.read_only
            assert found(corpus, "harbour crane")
            assert len(corpus.articles()) == 2
            assert corpus.contents(HARBOUR.id).article == HARBOUR
        assert contents(directory) == before


def test_what_earlier_rules_cut_is_asked_as_it_stands(directory: Path) -> None:
    db = sqlite3.connect(directory / "corpus.db")
    with db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'fingerprint'", (HashingEmbedder().fingerprint,))
    db.close()
    with without_rights(directory), opened(directory) as corpus:
        assert found(corpus, "harbour crane")


def test_every_change_is_refused_with_the_reason(directory: Path) -> None:
    with without_rights(directory), opened(directory) as corpus:
        with pytest.raises(StoreError, match="cannot be written") as refused:
            corpus.add([ORCHARD])
        assert "permissions" in refused.value.hint
        with pytest.raises(StoreError, match="cannot be written"):
            corpus.remove(HARBOUR.id)
        assert found(corpus, "harbour crane")


def test_indexes_that_lag_or_are_gone_are_made_elsewhere(directory: Path) -> None:
    shutil.rmtree(directory / "lexical")
    (directory / "vectors.faiss").unlink()
    with without_rights(directory), opened(directory) as corpus:
        assert found(corpus, "harbour crane")
    assert sorted(path.name for path in directory.iterdir()) == ["corpus.db", "write.lock"]


def test_what_another_process_writes_is_seen_with_the_next_question(directory: Path) -> None:
    with without_rights(directory):
        reader = opened(directory)
    with reader:
        assert found(reader, "pears") == []
        with opened(directory) as writer:
            assert not writer.read_only
            writer.add([ORCHARD])
            with without_rights(directory):
                assert found(reader, "pears")
            writer.remove(HARBOUR.id)
            with without_rights(directory):
                assert not found(reader, "crane forty tonnes")
        with without_rights(directory):  # now nobody writes any more
            assert found(reader, "pears")
            assert {each.id for each in reader.articles()} == {BRIDGE.id, ORCHARD.id}


def test_changes_that_a_killed_process_left_unmerged_are_not_passed_over(directory: Path, tmp_path: Path) -> None:
    with opened(directory) as corpus:
        corpus.add([ORCHARD])
        shutil.copytree(directory, tmp_path / "copy")
    shutil.rmtree(directory)
    directory.mkdir()
    for name in ("corpus.db", "corpus.db-wal"):
        shutil.copy(tmp_path / "copy" / name, directory / name)
    with without_rights(directory), pytest.raises(StoreError, match="never merged") as refused:
        opened(directory)
    assert "where it can be written" in refused.value.hint


def test_an_earlier_schema_is_refused_with_what_to_do(directory: Path) -> None:
    shutil.rmtree(directory)
    directory.mkdir()
    db = sqlite3.connect(directory / "corpus.db", isolation_level=None)
    db.executescript((Path(__file__).parent / "old_directories" / "schema-1.sql").read_text("utf-8"))
    db.close()
    with without_rights(directory), pytest.raises(UnsupportedStore, match="cannot be written") as refused:
        opened(directory)
    assert "Open it once" in refused.value.hint


def test_a_directory_that_went_away_answers_no_more(directory: Path) -> None:
    with opened(directory) as corpus:
        assert found(corpus, "harbour crane")
        directory.rename(directory.with_name("elsewhere"))
        with pytest.raises(StoreError, match="is not there any more"):
            corpus.search("crane", k=1)
        with pytest.raises(StoreError, match="is not there any more"):
            _ = corpus.generation
        with pytest.raises(StoreError):
            corpus.add([ORCHARD])
        directory.with_name("elsewhere").rename(directory)
        assert found(corpus, "harbour crane")


def test_a_directory_that_was_replaced_answers_no_more(directory: Path) -> None:
    with opened(directory) as corpus:
        directory.rename(directory.with_name("elsewhere"))
        with opened(directory) as other:
            other.add([ORCHARD])
        with pytest.raises(StoreError, match="was replaced"):
            corpus.search("crane", k=1)
