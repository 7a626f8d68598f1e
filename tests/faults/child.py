"""A process that does one kind of work on a corpus, and may kill itself: `child.py ACTION DIRECTORY SEED [CALLS]`.

With CALLS it kills itself (SIGKILL) at its CALLS-th call of a Python or C function after it began to work, which is the
same place each time. It prints a line for each commit, and at its end how many calls there were.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.index.corpus import Corpus
from tests.faults import model
from tests.integration.test_migration import old_embedder

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 6


def index(directory: Path, seed: int) -> None:
    _live(directory, seed, removing=0.0)


def remove(directory: Path, seed: int) -> None:
    _live(directory, seed, removing=0.6)


def serve(directory: Path, seed: int) -> None:
    """Open, answer, see what another connection commits, save."""
    with Corpus.open(directory, model.embedder()) as corpus:
        for number in range(10):
            corpus.search(f"word{seed}x{number}", k=5)
            corpus.articles()


def compact(directory: Path, seed: int) -> None:
    del seed
    with Corpus.open(directory, model.embedder()) as corpus:
        corpus.compact()


def migrate(directory: Path, seed: int) -> None:
    del seed
    Corpus.open(directory, old_embedder()).close()


def _live(directory: Path, seed: int, *, removing: float) -> None:
    with Corpus.open(directory, model.embedder()) as corpus:
        for step in islice(model.steps(seed, removing=removing), corpus.generation, corpus.generation + STEPS):
            if step.removed is not None:
                corpus.remove(step.removed)
            else:
                corpus.add(step.added)
            print("committed", corpus.generation, flush=True)  # noqa: T201 - its parent reads it


ACTIONS = {each.__name__: each for each in (index, remove, serve, compact, migrate)}


class _Counter:
    """Counts calls, and kills the process at one of them."""

    def __init__(self, last: int | None) -> None:
        self.calls = 0
        self._last = last

    def __call__(self, _frame: Any, event: str, _argument: Any) -> None:
        if event in ("call", "c_call"):
            self.calls += 1
            if self.calls == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    action: Callable[[Path, int], None] = ACTIONS[sys.argv[1]]
    counter = _Counter(int(sys.argv[4]) if len(sys.argv) > 4 else None)
    sys.setprofile(counter)
    try:
        action(Path(sys.argv[2]), int(sys.argv[3]))
    finally:
        sys.setprofile(None)
    print("calls", counter.calls, flush=True)  # noqa: T201 - its parent reads it


if __name__ == "__main__":
    main()
