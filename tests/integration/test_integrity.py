"""`check` notices whatever was changed behind the corpus' back, and `repair` makes again what can be made again."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from onrecord.index.check import integrity
from onrecord.index.check.database import Remedy
from onrecord.index.errors import CorruptStore, StoreBusy, StoreError
from onrecord.index.records import Version
from onrecord.index.search.lexical import TantivyHome
from onrecord.index.search.protocols import Entry
from onrecord.index.store.rows import passage_digest
from onrecord.index.store.write_lock import WriteLock
from tests.articles import BRIDGE, HARBOUR, ORCHARD, article, found, own_words
from tests.fakes import HashingEmbedder
from tests.integration.corpora import contents, opened

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.index.check.integrity import Report

COPY = article("harbour copy", HARBOUR.text, "More is known on Monday.")


def quiet(_what: str, _done: int, _total: int) -> None:
    pass


def check(directory: Path) -> Report:
    return integrity.verify_corpus(directory, HashingEmbedder(), progress=quiet)


def repair(directory: Path) -> tuple[Report, Report]:
    return integrity.repair(directory, HashingEmbedder(), progress=quiet)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with opened(tmp_path) as corpus:
        corpus.add([HARBOUR, BRIDGE, COPY])
        corpus.add([ORCHARD, article("other", own_words(1), own_words(2))])
        corpus.remove(BRIDGE.id)
    return tmp_path


def change(directory: Path, statement: str) -> None:
    db = sqlite3.connect(directory / "corpus.db", isolation_level=None)
    assert db.execute(statement).rowcount > 0
    db.close()


def test_a_sound_directory_is_found_sound_and_left_as_it_is(data: Path) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file() and "corpus.db-" not in path.name}
    report = check(data)
    assert report.sound
    assert (report.articles, report.embedded) == (4, 11)
    assert report.passages == 11
    assert repair(data)[1] == report
    after = {path: path.read_bytes() for path in data.rglob("*") if path.is_file() and "corpus.db-" not in path.name}
    assert after == before


def test_what_lags_is_no_damage(data: Path) -> None:
    with opened(data) as corpus:
        old = (data / "vectors.faiss").read_bytes()
        corpus.add([BRIDGE])
    (data / "vectors.faiss").write_bytes(old)
    assert check(data).sound
    (data / "vectors.faiss").unlink()
    assert check(data).sound


MENDED = {
    "an offset": "UPDATE passages SET end_offset = end_offset - 1 WHERE row = 2",
    "a kind": "UPDATE passages SET kind = 'caption' WHERE row = 2",
    "a vector": "UPDATE passages SET vector = zeroblob(1024) WHERE row = 2",
    "a vector that is gone": "UPDATE passages SET vector = NULL WHERE row = 2",
    "a passage that is gone": "DELETE FROM passages WHERE row = (SELECT MIN(row) FROM passages WHERE generation = 2)",
    "words": "UPDATE passages SET words = words + 1 WHERE row = 2",
    "a digest": "UPDATE passages SET digest = x'00' WHERE row = 2",
    "a link": "UPDATE passages SET same_as = NULL WHERE same_as IS NOT NULL",
    "a link to nothing": "UPDATE passages SET same_as = 99 WHERE same_as IS NOT NULL",
    "a story": "UPDATE articles SET story = 'none' WHERE title = 'orchard'",
    "the table of bands": "DELETE FROM bands",
    "a count": "UPDATE commits SET passages = passages - 1 WHERE passages > 0",
}


@pytest.mark.parametrize("damage", MENDED)
def test_what_follows_from_the_texts_is_mended(data: Path, damage: str) -> None:
    with opened(data) as corpus:
        expected = contents(corpus, data)
    change(data, MENDED[damage])
    report = check(data)
    assert not report.sound
    assert "--repair" in report.findings[0].remedy.how
    before, after = repair(data)
    assert before.findings == report.findings
    assert after.findings == ()
    with opened(data) as corpus:
        assert contents(corpus, data) == expected


def test_a_vector_that_is_well_formed_but_not_that_of_its_text_is_noticed_and_mended(data: Path) -> None:
    db = sqlite3.connect(data / "corpus.db", isolation_level=None)
    columns = "article_id, ordinal, paragraph, start_offset, end_offset, kind, lead_start, lead_end"
    record = db.execute(f"SELECT {columns} FROM passages WHERE row = 2").fetchone()  # noqa: S608 - fixed names
    forged = HashingEmbedder().encode_query("something else").astype("<f4").tobytes()
    values = (forged, passage_digest([*record, forged]))
    db.execute("UPDATE passages SET vector = ?, digest = ? WHERE row = 2", values)
    db.close()
    (data / "vectors.faiss").unlink()
    (finding,) = check(data).findings
    assert "not that of its text" in finding.what
    assert repair(data)[1].sound


def test_a_text_that_is_damaged_is_named_and_never_answers(data: Path) -> None:
    change(data, "UPDATE articles SET text = replace(text, 'forty', 'fifty') WHERE title = 'harbour'")
    with opened(data) as corpus, pytest.raises(CorruptStore) as refused:
        found(corpus, "crane forty tonnes")
    assert "onrecord check --repair" in refused.value.hint
    before, after = repair(data)
    assert before.findings == after.findings
    (finding,) = after.findings
    assert finding.remedy is Remedy.NONE_TEXT
    assert "from test:harbour" in finding.what
    with opened(data) as corpus:
        corpus.add([HARBOUR])
        assert found(corpus, "crane forty tonnes", k=1) == ["Its new crane lifts forty tonnes."]
    assert check(data).sound


@pytest.mark.parametrize("name", ["vectors.faiss", "lexical/meta.json", "lexical/manifest.json", "lexical/*.term"])
@pytest.mark.parametrize("cut", [True, False])
def test_a_damaged_derived_file_is_noticed_and_made_again(data: Path, name: str, *, cut: bool) -> None:
    for path in data.glob(name):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content[: len(content) // 3] if cut else content)
    (finding,) = check(data).findings
    assert finding.remedy is Remedy.DERIVED
    assert repair(data)[1].sound


def test_an_index_that_holds_other_rows_than_the_store_is_noticed(data: Path) -> None:
    db = sqlite3.connect(data / "corpus.db")
    version = Version(*db.execute("SELECT generation, token FROM commits ORDER BY generation DESC LIMIT 1").fetchone())
    db.close()
    TantivyHome().restart(data).update(None, [Entry(999, ("x",), "", "other words")], version)
    (finding,) = check(data).findings
    assert "holds other passages" in finding.what
    assert repair(data)[1].sound


def test_a_database_that_cannot_be_read_is_told_with_what_to_do(data: Path) -> None:
    content = bytearray((data / "corpus.db").read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    (data / "corpus.db").write_bytes(content)
    before, after = repair(data)
    assert {finding.remedy for finding in after.findings} == {Remedy.NONE_DATABASE}
    assert "restore corpus.db from a backup" in before.findings[0].remedy.how


def test_where_there_is_no_corpus_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no corpus"):
        check(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_while_another_process_writes_nothing_is_checked(data: Path) -> None:
    with WriteLock(data).held(), pytest.raises(StoreBusy):
        check(data)
