"""A data directory of an earlier version is brought to the present schema when it is opened."""

from __future__ import annotations

import multiprocessing
import sqlite3
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onrecord.index import preparation
from onrecord.index.check.integrity import verify_corpus
from onrecord.index.errors import StoreBusy
from onrecord.index.passages.context import leads
from onrecord.index.records import Article, Change, Lead
from onrecord.index.store import migrations
from onrecord.index.store.schema import SCHEMA_VERSION
from onrecord.index.store.store import Store
from onrecord.index.store.write_lock import WriteLock
from tests.articles import HARBOUR, ORCHARD, found
from tests.fakes import HashingEmbedder
from tests.integration.corpora import opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Passage

OLD = Path(__file__).parent / "old_directories"


def old_embedder() -> HashingEmbedder:
    return HashingEmbedder("old", dimension=16)


def restore(version: int, directory: Path) -> None:
    """Make the data directory that an earlier version wrote."""
    db = sqlite3.connect(directory / "corpus.db")
    db.executescript((OLD / f"schema-{version}.sql").read_text("utf-8"))
    db.close()


def tables(directory: Path) -> dict[str, set[tuple[object, ...]]]:
    """The columns and indexes of a database, without the order in which they were made."""
    db = sqlite3.connect(directory / "corpus.db")
    names = [str(name) for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    described: dict[str, set[tuple[object, ...]]] = {
        name: {tuple(column[1:]) for column in db.execute(f"PRAGMA table_info({name})")} for name in names
    }
    described["indexes"] = set(db.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index'"))
    db.close()
    return described


def test_every_earlier_schema_has_a_stored_directory_and_a_migration() -> None:
    assert sorted(migrations.STEPS) == list(range(1, SCHEMA_VERSION))
    assert {path.stem for path in OLD.glob("*.sql")} == {f"schema-{version}" for version in range(1, SCHEMA_VERSION)}


@pytest.mark.parametrize("version", migrations.STEPS)
def test_an_old_directory_answers_from_the_same_articles_without_embedding(tmp_path: Path, version: int) -> None:
    restore(version, tmp_path)
    embedder = old_embedder()
    with opened(tmp_path, embedder) as corpus:
        assert embedder.embedded == []
        assert [(each.title, each.passages, each.published) for each in corpus.articles()] == [
            ("Bridge to close", 3, date(2024, 5, 7)),
            ("Eight months without a bridge", 4, None),
            ("harbour", 3, None),
            ("orchard", 2, None),
        ]
        assert corpus.article(HARBOUR.id) == HARBOUR
        assert corpus.article(ORCHARD.id) == ORCHARD
        assert found(corpus, "crane lifts", k=1) == ["Its new crane lifts forty tonnes."]
        assert found(corpus, "ribbon") == []
        assert corpus.generation == 6  # one for the schema, one for the rules of cutting
        mayor = corpus.search("mayor Ines Alder grandmother", k=1).hits[0]
        assert mayor.article.title == "Bridge to close"
        assert [each.title for each in mayor.passage.also_in] == ["Eight months without a bridge"]
        assert corpus.search("x", k=99).searchable == 3 + 1 + 3 + 2
        corpus.remove(mayor.article.id)
        assert corpus.search("mayor Ines Alder grandmother", k=1).hits[0].passage.also_in == ()


QUAYS = Article.create(
    source="test:quays",
    title="Quays",
    text="The quays by number:\n\n- North is closed.\n\n- South is open.\n\nIt opened in May.",
)


def left_by_rules_1(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a data directory in which no passage but the last has a lead."""

    def without_leads(of: Article, passages: Sequence[Passage]) -> tuple[Lead, ...]:
        return (*(Lead() for _ in passages[1:]), leads(of, passages)[-1])

    with monkeypatch.context() as patched:
        patched.setattr(preparation, "leads", without_leads)
        patched.setattr("onrecord.index.corpus.made_by", lambda embedder: embedder.fingerprint)
        with opened(directory) as corpus:
            corpus.add([QUAYS])


def test_what_earlier_rules_cut_is_cut_anew_once_and_what_is_embedded_as_before_keeps_its_vector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_by_rules_1(tmp_path, monkeypatch)
    embedder = HashingEmbedder()
    with opened(tmp_path, embedder) as corpus:
        assert embedder.embedded == [
            "Quays\nThe quays by number:\n- North is closed.",
            "Quays\nThe quays by number:\n- South is open.",
        ]
        cut = corpus.contents(QUAYS.id).passages
        assert [passage.lead.of(QUAYS.text) for passage in cut[1:3]] == ["The quays by number:"] * 2
        assert corpus.add([QUAYS]) == (Change.UNCHANGED,)
    report = verify_corpus(tmp_path, HashingEmbedder(), progress=lambda *_: None)
    assert report.sound
    assert report.embedded == 4
    embedder = HashingEmbedder()
    opened(tmp_path, embedder).close()
    assert embedder.embedded == []


def test_a_check_takes_what_earlier_rules_embedded_for_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_by_rules_1(tmp_path, monkeypatch)
    report = verify_corpus(tmp_path, HashingEmbedder(), progress=lambda *_: None)
    assert report.sound
    assert report.embedded == 0


@pytest.mark.parametrize("version", migrations.STEPS)
def test_a_migrated_database_has_the_tables_of_a_new_one(tmp_path: Path, version: int) -> None:
    (tmp_path / "old").mkdir()
    restore(version, tmp_path / "old")
    opened(tmp_path / "old", old_embedder()).close()
    opened(tmp_path / "new", old_embedder()).close()
    assert tables(tmp_path / "old") == tables(tmp_path / "new")


def test_while_another_process_writes_nothing_is_migrated(tmp_path: Path) -> None:
    restore(1, tmp_path)
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(tmp_path, held, done))
    holder.start()
    try:
        assert held.wait(60)
        with pytest.raises(StoreBusy, match="Another process is writing"):
            opened(tmp_path, old_embedder())
    finally:
        done.set()
        holder.join(60)
    with opened(tmp_path, old_embedder()) as corpus:
        assert len(corpus.articles()) == 4


def _hold(directory: Path, held: object, done: object) -> None:
    with WriteLock(directory).held():
        held.set()  # type: ignore[attr-defined]
        done.wait(60)  # type: ignore[attr-defined]


def test_a_failing_migration_leaves_the_old_directory_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore(1, tmp_path)
    before = tables(tmp_path)

    def failing(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("onrecord.index.store.stories.settle", failing)
        with pytest.raises(MemoryError):
            Store(tmp_path / "corpus.db")
    assert tables(tmp_path) == before
    with opened(tmp_path, old_embedder()) as corpus:
        assert len(corpus.articles()) == 4
