"""Several threads and processes use one data directory."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from onrecord.index.errors import StoreBusy
from onrecord.index.store.store import Store
from onrecord.index.store.write_lock import WriteLock
from tests.articles import BRIDGE, HARBOUR, ORCHARD, article, found

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.index.corpus import Corpus

from tests.integration.corpora import opened

CRANE = "Its new crane lifts forty tonnes."
RIBBON = "Mayor Alder cut the ribbon."


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
    pages = [[article(f"{side}{n}", f"Twin {n} pears {side}.") for side in "ab"] for n in range(12)]
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
from onrecord.index.store.write_lock import WriteLock
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
    monkeypatch.setattr("onrecord.index.search.derived._PATIENCE", 0.2)
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
