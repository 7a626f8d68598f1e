"""The corpus on real files: what is added is found, what is removed is not, whatever happened to the derived files."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.corpus import Corpus
from index.errors import ArticleNotFound, CorruptStore, StoreBusy, StoreError, UnsupportedStore
from index.records import Article, Change, Filter
from index.store import Store
from index.write_lock import WriteLock
from tests.articles import BRIDGE, HARBOUR, ORCHARD, article, found
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.embed import Vectors

CRANE = "Its new crane lifts forty tonnes."
RIBBON = "Mayor Alder cut the ribbon."


def opened(directory: Path, embedder: HashingEmbedder | None = None) -> Corpus:
    return Corpus.open(directory, embedder or HashingEmbedder())


def rows(directory: Path) -> list[int]:
    with sqlite3.connect(directory / "corpus.db") as db:
        return [row for (row,) in db.execute("SELECT row FROM passages WHERE vector IS NOT NULL ORDER BY row")]


# --- adding, replacing, removing -----------------------------------------------------------------------------------


def test_what_is_added_is_found(corpus: Corpus) -> None:
    assert corpus.add([HARBOUR, BRIDGE]) == (Change.ADDED, Change.ADDED)
    assert found(corpus, "how much does the crane lift?")[0] == CRANE
    assert found(corpus, "who cut the ribbon?")[0] == RIBBON
    assert corpus.generation == 1
    result = corpus.search("crane", k=2)
    assert (result.generation, result.searchable, len(result.hits)) == (1, 5, 2)
    hit = result.hits[0]
    assert hit.article == HARBOUR
    assert hit.passage.text == HARBOUR.text[hit.passage.start : hit.passage.end]
    assert hit.lead == HARBOUR.text.split("\n\n", maxsplit=1)[0]
    assert 0 <= result.hits[1].score <= hit.score <= 1
    assert -1 <= hit.dense <= 1.0001


def test_an_empty_corpus_finds_nothing_and_loads_no_model(tmp_path: Path) -> None:
    class Unloadable(HashingEmbedder):
        def encode_query(self, text: str) -> Vectors:
            raise AssertionError(text)

    with opened(tmp_path, Unloadable()) as corpus:
        result = corpus.search("anything", k=5)
    assert (result.hits, result.generation, result.searchable) == ((), 0, 0)


def test_an_article_without_a_passage_that_answers_is_kept_but_never_found(corpus: Corpus) -> None:
    corpus.add([article("furniture", "Advertisement", title="Advertisement")])
    assert corpus.search("advertisement", k=3).hits == ()
    assert [summary.passages for summary in corpus.articles()] == [0]


def test_the_same_article_again_changes_nothing(corpus: Corpus, embedder: HashingEmbedder) -> None:
    corpus.add([HARBOUR])
    embedder.embedded.clear()
    assert corpus.add([HARBOUR]) == (Change.UNCHANGED,)
    assert corpus.generation == 1
    assert embedder.embedded == []


def test_a_changed_article_replaces_the_old_and_embeds_only_what_changed(
    corpus: Corpus, embedder: HashingEmbedder
) -> None:
    corpus.add([HARBOUR, BRIDGE])
    embedder.embedded.clear()
    first, _, last = HARBOUR.text.split("\n\n")
    changed = article("harbour", first, "The old crane was scrapped.", last)
    assert corpus.add([changed]) == (Change.CHANGED,)
    assert embedder.embedded == ["harbour\nThe old crane was scrapped."]
    assert corpus.generation == 2
    assert CRANE not in found(corpus, "crane forty tonnes")
    assert found(corpus, "scrapped crane")[0] == "The old crane was scrapped."
    assert found(corpus, "ferry")[0] == last
    assert corpus.article(HARBOUR.id) == changed


def test_of_one_article_given_twice_the_last_counts(corpus: Corpus) -> None:
    older = article("harbour", "The harbour is closed.")
    assert corpus.add([older, HARBOUR]) == (Change.ADDED, Change.ADDED)
    assert corpus.article(HARBOUR.id) == HARBOUR
    assert corpus.add([older, HARBOUR]) == (Change.UNCHANGED, Change.UNCHANGED)


def test_what_is_removed_is_gone(corpus: Corpus) -> None:
    corpus.add([HARBOUR, BRIDGE])
    corpus.remove(HARBOUR.id)
    assert corpus.generation == 2
    assert found(corpus, "crane forty tonnes harbour ferry") == []
    assert {hit.article.id for hit in corpus.search("crane", k=9).hits} == {BRIDGE.id}
    for call in (corpus.article, corpus.contents, corpus.remove):
        with pytest.raises(ArticleNotFound, match="no article"):
            call(HARBOUR.id)
    assert corpus.generation == 2


def test_row_ids_are_never_given_twice(tmp_path: Path) -> None:
    with opened(tmp_path) as corpus:
        corpus.add([HARBOUR])
        corpus.add([BRIDGE])
        seen = rows(tmp_path)
        corpus.remove(BRIDGE.id)
        corpus.remove(HARBOUR.id)
    with opened(tmp_path) as corpus:
        corpus.add([ORCHARD])
        corpus.add([BRIDGE])
        assert not set(seen) & set(rows(tmp_path))
        held = corpus._derived.vectors
        assert held is not None
        assert sorted(held.search(HashingEmbedder().encode_query("x"), 99).rows.tolist()) == rows(tmp_path)


def test_articles_come_by_title(corpus: Corpus) -> None:
    corpus.add([ORCHARD, BRIDGE, HARBOUR])
    assert [(each.title, each.passages) for each in corpus.articles()] == [
        ("bridge", 2),
        ("harbour", 3),
        ("orchard", 2),
    ]


def test_a_failing_embedder_leaves_everything_as_it_was(tmp_path: Path) -> None:
    class Failing(HashingEmbedder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            if any("bridge" in text for text in texts):
                raise MemoryError
            return super().encode_passages(texts)

    with opened(tmp_path, Failing()) as corpus:
        corpus.add([HARBOUR])
        with pytest.raises(MemoryError):
            corpus.add([ORCHARD, BRIDGE])
        assert corpus.generation == 1
        assert [each.id for each in corpus.articles()] == [HARBOUR.id]
        assert corpus.add([ORCHARD]) == (Change.ADDED,)


# --- filters and order ------------------------------------------------------------------------------------------------


def test_a_filter_that_keeps_one_article_in_a_thousand_does_not_starve_the_result(corpus: Corpus) -> None:
    corpus.add(
        [article(f"n{n}", f"The pears of orchard {n} are ripe.", f"Orchard {n} has pears.") for n in range(1000)]
    )
    kept = article("n517", "x").id
    result = corpus.search("ripe pears in the orchard", k=5, where=Filter(article_ids=(kept,)))
    assert [hit.article.id for hit in result.hits] == [kept, kept]
    assert result.searchable == 2
    assert all(hit.lexical > 0 for hit in result.hits)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(published_after=date(2020, 1, 2)), {"new"}),
        (Filter(published_before=date(2020, 1, 1)), {"old"}),
        (Filter(published_after=date(2020, 1, 1), published_before=date(2020, 1, 1)), {"old"}),
        (Filter(article_ids=()), set()),
        (Filter(article_ids=("unknown",)), set()),
        (Filter(), {"old", "new", "undated"}),
    ],
)
def test_filters_keep_what_they_say(corpus: Corpus, where: Filter, expected: set[str]) -> None:
    corpus.add(
        [
            article("old", "Pears were cheap.", published=date(2020, 1, 1)),
            article("new", "Pears are dear.", published=date(2024, 1, 1)),
            article("undated", "Pears are pears."),
        ]
    )
    result = corpus.search("pears", k=9, where=where)
    assert {hit.article.title for hit in result.hits} == expected
    assert result.searchable == len(expected)


def test_the_same_articles_in_the_same_order_give_the_same_results(tmp_path: Path) -> None:
    pages = [article(f"n{n}", f"Pears number {n % 7} are ripe.", "The same words stand here.") for n in range(150)]

    def results(directory: Path) -> list[tuple[str, float, float, float]]:
        with opened(directory) as corpus:
            corpus.add(pages[:60])
            corpus.add(pages[60:])
            hits = corpus.search("which pears are ripe here?", k=40).hits
            return [(hit.passage.id, hit.score, hit.dense, hit.lexical) for hit in hits]

    first, second = results(tmp_path / "a"), results(tmp_path / "b")
    assert first == second
    assert len(first) == 40
    with opened(tmp_path / "a") as corpus:
        again = corpus.search("which pears are ripe here?", k=40).hits
        assert [(hit.passage.id, hit.score, hit.dense, hit.lexical) for hit in again] == first


def test_equal_scores_are_ordered_by_row(corpus: Corpus) -> None:
    corpus.add([article(f"n{n}", "Exactly these words.", title="Same") for n in range(300)])
    hits = corpus.search("exactly these words", k=50).hits
    assert len({hit.score for hit in hits}) == 1
    assert [hit.article.source for hit in hits] == [f"test:n{n}" for n in range(50)]


@pytest.mark.parametrize("typed", ["café", "cafe\u0301", "CAFÉ", "cafe"])
def test_an_accent_is_the_same_however_it_is_typed(corpus: Corpus, typed: str) -> None:
    corpus.add([article("a", "The cafe\u0301 is open."), article("b", "A café closed.")])
    assert len(found(corpus, typed)) == 2


@pytest.mark.parametrize(
    "query", ["", "?", '"unclosed AND (', "+ - && || ! ( ) { } [ ] ^ ~ * ? : \\", "\x00", "🙂", "x" * 5000]
)
def test_no_query_is_an_error(corpus: Corpus, query: str) -> None:
    corpus.add([HARBOUR])
    assert len(corpus.search(query, k=2).hits) == 2


# --- derived files ----------------------------------------------------------------------------------------------------


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def delete(path: Path) -> None:
    path.unlink()


DERIVED = [
    "vectors.faiss",
    "lexical/*.store",
    "lexical/*.term",
    "lexical/*.idx",
    "lexical/*.fast",
    "lexical/*.fieldnorm",
]


@pytest.mark.parametrize("damage", [spoil, truncate, empty, delete])
@pytest.mark.parametrize("name", [*DERIVED, "lexical/meta.json", "lexical/manifest.json", "lexical/.managed.json"])
def test_a_damaged_derived_file_is_made_again(tmp_path: Path, name: str, damage: Callable[[Path], None]) -> None:
    with opened(tmp_path) as corpus:
        corpus.add([HARBOUR])
        corpus.add([BRIDGE])
        corpus.remove(BRIDGE.id)
        corpus.add([ORCHARD])
        expected = corpus.search("the crane and the pears", k=9)
    files = list(tmp_path.glob(name))
    assert files
    for file in files:
        damage(file)
    embedder = HashingEmbedder()
    with opened(tmp_path, embedder) as corpus:
        result = corpus.search("the crane and the pears", k=9)
        assert [hit.passage for hit in result.hits] == [hit.passage for hit in expected.hits]
        assert result.generation == 4
        assert embedder.embedded == []
        corpus.add([BRIDGE])
        assert found(corpus, "ribbon") == [RIBBON]


@pytest.mark.parametrize("name", ["vectors.faiss", "lexical"])
def test_a_derived_index_that_lags_is_caught_up(tmp_path: Path, name: str) -> None:
    data, old = tmp_path / "data", tmp_path / "old"
    with opened(data) as corpus:
        corpus.add([HARBOUR, ORCHARD])
    shutil.copytree(data, old)
    with opened(data) as corpus:
        corpus.remove(HARBOUR.id)
        corpus.add([BRIDGE])
    replace(old / name, data / name)
    with opened(data) as corpus:
        assert found(corpus, "ribbon") == [RIBBON]
        assert found(corpus, "crane forty tonnes") == []
        assert len(corpus.search("x", k=9).hits) == 4


@pytest.mark.parametrize("name", ["vectors.faiss", "lexical"])
def test_a_derived_index_of_another_directory_is_not_believed(tmp_path: Path, name: str) -> None:
    with opened(tmp_path / "data") as corpus:
        corpus.add([HARBOUR])
    with opened(tmp_path / "other") as corpus:
        corpus.add([ORCHARD])
    replace(tmp_path / "other" / name, tmp_path / "data" / name)
    with opened(tmp_path / "data") as corpus:
        assert found(corpus, "crane") == [CRANE]
        assert found(corpus, "pears") == []
        assert {hit.article.id for hit in corpus.search("pears", k=9).hits} == {HARBOUR.id}


def test_a_derived_index_is_not_believed_after_a_backup_was_restored(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    with opened(data) as corpus:
        corpus.add([HARBOUR])
    shutil.copytree(data, backup)
    with opened(data) as corpus:
        corpus.add([ORCHARD])
    with opened(backup) as corpus:
        corpus.add([BRIDGE])  # the same generation by another road
    for name in ("vectors.faiss", "lexical"):
        replace(data / name, backup / name)
    with opened(backup) as corpus:
        assert found(corpus, "ribbon") == [RIBBON]
        assert found(corpus, "pears") == []


def replace(source: Path, target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def test_another_embedder_makes_all_vectors_anew(tmp_path: Path) -> None:
    with opened(tmp_path, HashingEmbedder("old", dimension=64)) as corpus:
        corpus.add([HARBOUR, ORCHARD])
    embedder = HashingEmbedder("new", dimension=32)
    with opened(tmp_path, embedder) as corpus:
        assert len(embedder.embedded) == 5
        assert corpus.generation == 2
        hit = corpus.search("harbour\nA ferry calls twice a day.", k=1).hits[0]
        assert hit.passage.text == "A ferry calls twice a day."
        assert hit.dense == pytest.approx(1.0, abs=1e-5)
    embedder = HashingEmbedder("new", dimension=32)
    with opened(tmp_path, embedder):
        assert embedder.embedded == []


def test_who_still_has_the_old_embedder_is_told_so(tmp_path: Path) -> None:
    with opened(tmp_path, HashingEmbedder("old")) as corpus:
        corpus.add([HARBOUR])
        with opened(tmp_path, HashingEmbedder("new")) as other:
            assert found(other, "crane") == [CRANE]
        with pytest.raises(StoreError, match="embedded again with new@256") as refused:
            corpus.search("crane", k=1)
        assert refused.value.hint
        with pytest.raises(StoreError):
            corpus.add([BRIDGE])
    with opened(tmp_path, HashingEmbedder("new")) as corpus:
        assert found(corpus, "crane") == [CRANE]


# --- several users of one directory -----------------------------------------------------------------------------------


def test_two_corpora_on_one_directory_see_each_others_commits(tmp_path: Path) -> None:
    with opened(tmp_path) as one, opened(tmp_path) as two:
        one.add([HARBOUR])
        assert found(two, "crane") == [CRANE]
        two.add([BRIDGE])
        assert found(one, "ribbon") == [RIBBON]
        assert one.generation == two.generation == 2
        one.remove(HARBOUR.id)
        assert found(two, "crane") == []
        assert {hit.article.id for hit in two.search("crane", k=9).hits} == {BRIDGE.id}
        two.add([HARBOUR])
        assert found(one, "crane") == [CRANE]


def test_an_index_made_again_by_another_process_is_seen(tmp_path: Path) -> None:
    with opened(tmp_path) as one:
        one.add([HARBOUR])
        shutil.rmtree(tmp_path / "lexical")
        with opened(tmp_path) as two:
            two.add([BRIDGE])
            assert found(one, "ribbon") == [RIBBON]
            one.add([ORCHARD])
            assert found(two, "pears") == ["The orchard grows pears."]


def test_searches_go_on_while_articles_are_added_and_removed(tmp_path: Path) -> None:
    """Every result must be the whole of one generation: pages n and n' are added and removed together."""
    pages = [[article(f"{side}{n}", f"Twin {n} pears.") for side in "ab"] for n in range(12)]
    stop = threading.Event()
    problems: list[object] = []

    def ask(corpus: Corpus) -> None:
        generation = 0
        while not stop.is_set():
            result = corpus.search("twin pears", k=50)
            numbers = sorted(hit.article.source[6:] for hit in result.hits)
            if numbers[::2] != numbers[1::2] or result.generation < generation or result.searchable != len(numbers):
                problems.append((result.generation, numbers))
            generation = result.generation

    def run(corpus: Corpus) -> None:
        try:
            ask(corpus)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test reports it
            problems.append(error)

    with opened(tmp_path) as corpus, opened(tmp_path) as other:
        threads = [threading.Thread(target=run, args=(each,)) for each in (corpus, corpus, other)]
        for thread in threads:
            thread.start()
        for pair in pages:
            corpus.add(pair)
        for first, second in pages[:4]:
            corpus.add([article(first.source[5:], "Advertisement"), article(second.source[5:], "Advertisement")])
        stop.set()
        for thread in threads:
            thread.join(30)
        assert problems == []
        assert len(corpus.search("twin pears", k=50).hits) == 16


def test_threads_that_add_at_once_all_succeed(tmp_path: Path) -> None:
    with opened(tmp_path) as corpus:
        threads = [threading.Thread(target=corpus.add, args=([article(f"n{n}", f"Paragraph {n}.")],)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert corpus.generation == 8
        assert corpus.search("paragraph", k=9).searchable == 8


HOLD = """
import sys
from pathlib import Path
from index.write_lock import WriteLock
with WriteLock(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_while_another_process_writes_changes_are_refused_and_searches_are_not(tmp_path: Path) -> None:
    with opened(tmp_path) as corpus:
        corpus.add([HARBOUR])
        with subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            for change in (lambda: corpus.add([BRIDGE]), lambda: corpus.remove(HARBOUR.id)):
                with pytest.raises(StoreBusy, match="Another process is writing"):
                    change()
            assert found(corpus, "crane") == [CRANE]
            with opened(tmp_path) as reader:
                assert found(reader, "crane") == [CRANE]
            holder.communicate("done\n")
        corpus.add([BRIDGE])
        assert found(corpus, "ribbon") == [RIBBON]


def test_between_anothers_two_commits_a_search_waits_and_at_last_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.derived._PATIENCE", 0.2)
    with opened(tmp_path) as corpus:
        corpus.add([HARBOUR, ORCHARD])
        other = Store(tmp_path / "corpus.db")
        with WriteLock(tmp_path).held():
            with other.writing() as generation:
                other.delete(HARBOUR.id, generation)
            with pytest.raises(StoreBusy, match="Another process"):
                corpus.search("crane", k=1)
        other.close()
        assert found(corpus, "crane") == []
        assert found(corpus, "pears") == ["The orchard grows pears."]


# --- data directories that cannot be used -----------------------------------------------------------------------------


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
    assert "Restore it from a backup" in refused.value.hint


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


def test_a_closed_corpus_says_so(tmp_path: Path) -> None:
    corpus = opened(tmp_path)
    corpus.close()
    with pytest.raises(StoreError, match="closed"):
        corpus.articles()


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    def progress(what: str, done: int, total: int) -> None:
        told.append((what, done, total))

    with Corpus.open(tmp_path, HashingEmbedder(), progress=progress) as corpus:
        corpus.add([HARBOUR])
    assert ("embedding", 0, 3) in told
    assert ("embedding", 3, 3) in told
    told.clear()
    with Corpus.open(tmp_path, HashingEmbedder("other"), progress=progress):
        pass
    assert ("embedding again", 0, 1) in told
    assert ("embedding again", 1, 1) in told


def test_an_article_of_any_unicode_comes_back_as_it_was(corpus: Corpus) -> None:
    text = "\ufeffשלום e\u0301 👩‍👩‍👧‍👦\x00 \u2028 line\r\n\r\nｆｕｌｌ ﷺ."
    page = Article.create(source="test:any", text=text, title="ﬁ", url="https://x/é", author="Ö")
    corpus.add([page])
    assert corpus.article(page.id) == page
    assert [p.text for p in corpus.contents(page.id).passages] == [
        page.text[p.start : p.end] for p in corpus.contents(page.id).passages
    ]
    assert found(corpus, "full") == [page.text.split("\r\n\r\n")[1]]
