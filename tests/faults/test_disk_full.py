"""A disk that fills up: what was committed answers, or the refusal says what to do; with room again, work goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onrecord.index.corpus import Corpus
from onrecord.index.errors import OnRecordError
from tests.articles import article, own_words
from tests.faults import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.index.records import Article

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
MIB = 1024**2

FILL = """
import resource, signal, sys
from pathlib import Path
from onrecord.index.corpus import Corpus
from onrecord.index.errors import OnRecordError
from tests.faults import model
from tests.faults.test_disk_full import page

if sys.argv[2] != "0":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
number = 0
try:
    with Corpus.open(Path(sys.argv[1]), model.embedder()) as corpus:
        while True:
            corpus.add([page(number)])
            number += 1
            print("committed", number, flush=True)
except OnRecordError as error:
    print("hint", bool(error.hint), flush=True)
"""


def page(number: int) -> Article:
    """An article of some forty kilobytes."""
    return article(f"page {number}", *(own_words(1000 * number + paragraph) for paragraph in range(150)))


@contextmanager
def small_disk(directory: Path, size: int) -> Iterator[None]:
    """A file system in memory at a directory; the test is skipped where this process may not mount one."""
    directory.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(directory)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


def fill(directory: Path, largest_file: int) -> int:
    """Add articles until that fails; returns how many were committed."""
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(directory), str(largest_file)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    *committed, last = done.stdout.splitlines()
    assert last == "hint True", done.stdout
    assert committed
    return int(committed[-1].split()[1])


def ask(directory: Path, committed: int) -> bool:
    """Ask a directory on a full disk: whether it answers from what was committed, or is refused with what to do."""
    try:
        with Corpus.open(directory, model.embedder()) as corpus:
            corpus.search("what is there?", k=5)
            return len(corpus.articles()) in (committed, committed + 1)
    except OnRecordError as error:
        return bool(error.hint)


def expect(directory: Path, committed: int) -> None:
    """Open a directory with room again: the last commit or the one whose indexing failed answers, and work goes on."""
    with Corpus.open(directory, model.embedder()) as corpus:
        there = len(corpus.articles())
        assert there in (committed, committed + 1)
        state = {each.id: each for each in map(page, range(there))}
        assert model.held(corpus) == state
        for number in range(0, there, 3):
            text = own_words(1000 * number + 149)
            assert corpus.search(text, k=1).hits[0].passage.text == text
        corpus.add([page(there)])
        assert len(corpus.articles()) == there + 1
    assert model.unsound(directory) == []


def test_a_full_disk_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 4 * MIB):
        committed = fill(disk / "data", 0)
        ballast = disk / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        assert ask(disk / "data", committed)
        ballast.unlink()
        subprocess.run(["mount", "-o", f"remount,size={64 * MIB}", str(disk)], check=True)
        expect(disk / "data", committed)


def test_files_that_may_not_grow_lose_nothing_that_was_committed(tmp_path: Path) -> None:
    committed = fill(tmp_path / "data", MIB)
    expect(tmp_path / "data", committed)
