"""Kill -9 at any instant: reopening shows the last committed state, and searches find that and nothing else."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onrecord.index.adding import batches
from onrecord.index.corpus import Corpus
from onrecord.index.records import Change
from tests.articles import BRIDGE, HARBOUR, ORCHARD, found
from tests.fakes import HashingEmbedder
from tests.integration import crash_child

CHILD = Path(crash_child.__file__)
ROOT = CHILD.parents[2]

BEFORE = {HARBOUR, ORCHARD}
ADDED = {crash_child.NEW_HARBOUR, ORCHARD, BRIDGE}
REMOVED = {HARBOUR}

EXPECTED = {
    "add: embedding": BEFORE,
    "add: first article put": BEFORE,
    "add: all articles put, before the commit": BEFORE,
    "add: committed, before the lexical index": ADDED,
    "add: half of the lexical entries written": ADDED,
    "add: lexical index committed, before its manifest": ADDED,
    "add: half of the manifest written": ADDED,
    "add: manifest written": ADDED,
    "add: done, vectors not saved": ADDED,
    "close: half of the vectors saved": ADDED,
    "remove: before the commit": BEFORE,
    "remove: committed, before the lexical index": REMOVED,
    "remove: lexical index committed, before its manifest": REMOVED,
    "embedding again: half of the articles": BEFORE,
    "embedding again: before the commit": BEFORE,
}


def start(directory: Path, point: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, str(CHILD), str(directory), point], stdout=subprocess.PIPE, text=True, env=environment
    )


def test_every_point_is_tried() -> None:
    assert EXPECTED.keys() == crash_child.POINTS.keys()


@pytest.mark.integration
@pytest.mark.parametrize("point", EXPECTED)
def test_killed_at_a_point_the_last_committed_state_is_there(tmp_path: Path, point: str) -> None:
    with Corpus.open(tmp_path, HashingEmbedder()) as corpus:
        corpus.add([HARBOUR, ORCHARD])
    with start(tmp_path, point) as child:
        assert child.wait(120) == -signal.SIGKILL
    expected = EXPECTED[point]
    embedder = HashingEmbedder()
    with Corpus.open(tmp_path, embedder) as corpus:
        assert embedder.embedded == []
        assert corpus.generation == (1 if expected == BEFORE else 2)
        assert {corpus.article(summary.id) for summary in corpus.articles()} == expected
        texts = {text for article in expected for text in article.text.split("\n\n")}
        everything = corpus.search("what is there?", k=50)
        assert {hit.passage.text for hit in everything.hits} == texts
        assert everything.searchable == len(texts)
        for text in texts:
            assert found(corpus, text)[0] == text
        assert set(found(corpus, "closed")) == ({"The harbour is closed."} & texts)
        corpus.add([BRIDGE, ORCHARD, HARBOUR])
        assert {corpus.article(summary.id) for summary in corpus.articles()} == {BRIDGE, ORCHARD, HARBOUR}
        assert found(corpus, "ribbon") == ["Mayor Alder cut the ribbon."]
    assert not list(tmp_path.rglob("*.new"))


@pytest.mark.integration
def test_killed_at_random_times_nothing_committed_is_lost(tmp_path: Path) -> None:
    delays = random.Random(20241104)
    committed = 0
    for _ in range(5):
        with start(tmp_path, "never") as child:
            assert child.stdout is not None
            numbers = [child.stdout.readline()]
            time.sleep(delays.uniform(0.0, 0.6))
            child.kill()
            numbers += child.stdout.read().splitlines()
        printed = 1 + max(int(number) for number in numbers if number.strip())
        with Corpus.open(tmp_path, HashingEmbedder()) as corpus:
            there = len(corpus.articles())
            assert committed < printed <= there <= printed + 1
            committed = there
            assert corpus.generation == there
            result = corpus.search("pears and trees", k=2 * there + 10)
            assert len(result.hits) == result.searchable == 2 * there
            for number in range(there):
                assert found(corpus, f"pear number{number}", k=1) == [f"Pear number{number} is ripe."]


@pytest.mark.integration
def test_a_killed_run_that_is_started_again_embeds_only_what_was_not_committed(tmp_path: Path) -> None:
    with start(tmp_path, "never") as child:
        assert child.stdout is not None
        for _ in range(3):
            assert child.stdout.readline()
        child.kill()
    embedder = HashingEmbedder()
    with Corpus.open(tmp_path, embedder) as corpus:
        there = len(corpus.articles())
        wanted = [crash_child.numbered(number) for number in range(there + 70)]
        done = list(batches.add(corpus, wanted))
        assert [each.change for each in done if isinstance(each, batches.Indexed)] == (
            [Change.UNCHANGED] * there + [Change.ADDED] * 70
        )
        assert len(embedder.embedded) == 2 * 70
        assert not any(f"number{number} " in text for text in embedder.embedded for number in range(there))
        assert corpus.size.articles == there + 70


@pytest.mark.integration
def test_who_has_the_corpus_open_while_another_is_killed_sees_what_that_one_committed(tmp_path: Path) -> None:
    with Corpus.open(tmp_path, HashingEmbedder()) as corpus:
        corpus.add([HARBOUR, ORCHARD])
        with start(tmp_path, "add: committed, before the lexical index") as child:
            assert child.wait(120) == -signal.SIGKILL
        assert found(corpus, "ribbon") == ["Mayor Alder cut the ribbon."]
        assert found(corpus, "ferry") == []
        assert corpus.search("closed", k=1).generation == 2
