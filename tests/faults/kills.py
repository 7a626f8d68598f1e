"""Kills real processes at seeded-random points and looks at what they leave.

    python -m tests.faults.kills [--points 200] [--seed 1]

Each point is one process that indexes, removes, serves, compacts or migrates, and kills itself with SIGKILL at a
function call chosen at random, or is killed by us after a random time. Then the directory must be the last state that
the process said it had committed, or the one after it, and sound; and it must be possible to go on working.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from onrecord.index.corpus import Corpus
from tests.articles import article
from tests.faults import child, model
from tests.integration.test_migration import old_embedder, restore

ROOT = Path(__file__).parents[2]
SECONDS = 120
NEW = article("after the fault", "The ferry runs again.")
_LIFE = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One process to kill: what it does, on which life, and where: at which share of its calls, or of its time."""

    action: str
    seed: int
    share: float
    by_time: bool


def points(count: int, seed: int) -> list[Point]:
    """Points to kill at, evenly over the actions; the same for the same seed."""
    chance = random.Random(seed)
    actions = sorted(child.ACTIONS)
    return [
        Point(actions[number % len(actions)], chance.randrange(5), chance.random(), by_time=chance.random() < 0.25)
        for number in range(count)
    ]


def try_point(point: Point, directory: Path) -> list[str]:
    """Kill a process at a point; returns what is wrong with what it left."""
    before = prepare(point, directory)
    calls, seconds = _length(point.action, point.seed)
    if point.by_time:
        committed, ended = _run_for(point, directory, point.share * seconds)
    else:
        committed, ended = _run_to(point, directory, 1 + int(point.share * calls))
    if point.action == "migrate":
        return _problems_after_migrating(directory)
    told = []
    last = max([before, *committed])
    removing = _removing(point)
    states = model.states(point.seed, last + 1, removing=removing)
    with Corpus.open(directory, model.embedder()) as corpus:
        generation = corpus.generation
        if generation not in (last, last + 1) or (ended and generation != last):
            return [f"generation {generation} is there, {last} was said to be committed"]
        told += model.problems(corpus, states[generation])
    told += model.unsound(directory)
    with Corpus.open(directory, model.embedder()) as corpus:
        corpus.add([NEW])
        told += model.problems(corpus, states[generation] | {NEW.id: NEW})
    return told


def prepare(point: Point, directory: Path) -> int:
    """Make the directory that the process begins with; returns its generation."""
    if point.action == "migrate":
        directory.mkdir()
        restore(1, directory)
        return 0
    shutil.copytree(_begun(point.seed, _removing(point)), directory)
    return _LIFE


@cache
def _begun(seed: int, removing: float) -> Path:
    directory = Path(_temporary().name) / f"{seed}-{removing}"
    with Corpus.open(directory, model.embedder()) as corpus:
        for step, _ in zip(model.steps(seed, removing=removing), range(_LIFE), strict=False):
            if step.removed is not None:
                corpus.remove(step.removed)
            else:
                corpus.add(step.added)
    return directory


@cache
def _length(action: str, seed: int) -> tuple[int, float]:
    """How many calls a process makes when it is left alone, and how long it takes from its start."""
    with TemporaryDirectory(prefix="onrecord-faults-") as temporary:
        directory = Path(temporary) / "data"
        point = Point(action, seed, 0.0, by_time=False)
        prepare(point, directory)
        began = time.monotonic()
        with _start(point, directory) as process:
            out, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, f"{action} fails by itself"
        return int(out.split()[-1]), time.monotonic() - began


def _run_to(point: Point, directory: Path, calls: int) -> tuple[list[int], bool]:
    with _start(point, directory, str(calls)) as process:
        out, _ = process.communicate(timeout=SECONDS)
    assert process.returncode in (0, -signal.SIGKILL), out
    return _committed(out), process.returncode == 0


def _run_for(point: Point, directory: Path, seconds: float) -> tuple[list[int], bool]:
    with _start(point, directory) as process:
        try:
            out, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            out, _ = process.communicate(timeout=SECONDS)
    return _committed(out), process.returncode == 0


def _start(point: Point, directory: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, child.__file__, point.action, str(directory), str(point.seed), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
    )


def _committed(out: str) -> list[int]:
    words = [line.split() for line in out.splitlines()]
    return [int(line[1]) for line in words if len(line) == 2 and line[0] == "committed"]


def _removing(point: Point) -> float:
    return 0.6 if point.action == "remove" else 0.0


def _problems_after_migrating(directory: Path) -> list[str]:
    with Corpus.open(directory, old_embedder()) as corpus:
        titles = [each.title for each in corpus.articles()]
        linked = corpus.search("mayor Ines Alder", k=1).hits[0].passage.also_in
        searchable = corpus.search("x", k=1).searchable
    expected = ["Bridge to close", "Eight months without a bridge", "harbour", "orchard"]
    told = [] if titles == expected else [f"it holds {titles}"]
    return told + ([] if (len(linked), searchable) == (1, 9) else [f"{searchable} passages, {len(linked)} linked"])


@cache
def _temporary() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="onrecord-faults-")


def main() -> None:
    """Try the points, say which failed, and end with 1 if any did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failed = 0
    for number, point in enumerate(points(options.points, options.seed), start=1):
        with TemporaryDirectory(prefix="onrecord-faults-") as temporary:
            told = try_point(point, Path(temporary) / "data")
        if told:
            failed += 1
            print(f"{number}: {point}: {'; '.join(told)}", flush=True)  # noqa: T201 - its parent reads it
    print(f"{options.points} points, {failed} failed")  # noqa: T201 - its parent reads it
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
