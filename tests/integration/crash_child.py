"""A process that changes a corpus and kills itself at a named point: `crash_child.py DIRECTORY POINT`.

The points are reached by wrapping, from outside, what the corpus is made of; the product knows nothing of them. With
the point `never` it adds numbered articles until somebody kills it, and prints each number once it is committed.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from onrecord.index.corpus import Corpus
from onrecord.index.search import lexical
from onrecord.index.search.lexical import TantivyIndex
from onrecord.index.store.store import Store
from tests.articles import BRIDGE, ORCHARD, article
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

    from onrecord.index.records import Article

NEW_HARBOUR = article("harbour", "The harbour is closed.", "Its new crane lifts forty tonnes.")


def add(corpus: Corpus) -> None:
    corpus.add([BRIDGE, NEW_HARBOUR])


def add_and_search(corpus: Corpus) -> None:
    add(corpus)
    corpus.search("anything", k=1)


def remove(corpus: Corpus) -> None:
    corpus.remove(ORCHARD.id)


def close(corpus: Corpus) -> None:
    add(corpus)
    die_at(os, "fsync")
    corpus.close()


def open_with_another_embedder(corpus: Corpus) -> None:
    corpus.close()
    Corpus.open(Path(sys.argv[1]), HashingEmbedder("another"))


class Point(NamedTuple):
    """Where to die: before or after the `times`-th call of a function, while doing something."""

    owner: object
    function: str
    doing: Callable[[Corpus], None]
    times: int = 1
    after: bool = False


POINTS = {
    "add: embedding": Point(HashingEmbedder, "encode_passages", add),
    "add: first article put": Point(Store, "put", add, after=True),
    "add: all articles put, before the commit": Point(Store, "put", add, times=2, after=True),
    "add: committed, before the lexical index": Point(TantivyIndex, "update", add),
    "add: half of the lexical entries written": Point(lexical, "normalise", add, times=5),
    "add: lexical index committed, before its manifest": Point(TantivyIndex, "_write_manifest", add),
    "add: half of the manifest written": Point(os, "fsync", add),
    "add: manifest written": Point(TantivyIndex, "_write_manifest", add, after=True),
    "add: done, vectors not saved": Point(TantivyIndex, "search", add_and_search),
    "close: half of the vectors saved": Point(os, "fsync", close),
    "remove: before the commit": Point(Store, "delete", remove, after=True),
    "remove: committed, before the lexical index": Point(TantivyIndex, "update", remove),
    "remove: lexical index committed, before its manifest": Point(TantivyIndex, "_write_manifest", remove),
    "embedding again: half of the articles": Point(Store, "put", open_with_another_embedder, times=2),
    "embedding again: before the commit": Point(Store, "set_fingerprint", open_with_another_embedder, after=True),
}


def numbered(number: int) -> Article:
    return article(f"n{number}", f"Pear number{number} is ripe.", f"Tree number{number} is tall.")


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def die_at(owner: object, function: str, times: int = 1, *, after: bool = False) -> None:
    original = getattr(owner, function)
    calls = 0

    def wrapped(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls < times:
            return original(*args, **kwargs)
        if after:
            original(*args, **kwargs)
        die()

    setattr(owner, function, wrapped)


def main() -> None:
    directory, name = Path(sys.argv[1]), sys.argv[2]
    corpus = Corpus.open(directory, HashingEmbedder())
    if name == "never":
        number = len(corpus.articles())
        while True:
            corpus.add([numbered(number)])
            print(number, flush=True)  # noqa: T201 - its parent reads it
            number += 1
    point = POINTS[name]
    if point.doing is not close:
        die_at(point.owner, point.function, point.times, after=point.after)
    point.doing(corpus)


if __name__ == "__main__":
    main()
