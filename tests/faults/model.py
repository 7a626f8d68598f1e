"""What a corpus must hold after some commits of a seeded life, and whether it does: what faults are tested against."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.index.check import integrity
from tests.articles import article, own_words
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onrecord.index.corpus import Corpus
    from onrecord.index.records import Article

DIMENSION = 32
_NAMES = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One commit: articles that are added (or replaced), or one that is removed."""

    added: tuple[Article, ...] = ()
    removed: str | None = None


def embedder() -> HashingEmbedder:
    """The one that every process of a test uses."""
    return HashingEmbedder("faults", dimension=DIMENSION)


def steps(seed: int, *, removing: float) -> Iterator[Step]:
    """A life without end, the same for the same seed; each step changes something."""
    chance = random.Random(f"life {seed}")
    there: dict[str, Article] = {}
    number = 0
    while True:
        number += 1
        if there and chance.random() < removing:
            removed = there.pop(chance.choice(sorted(there)))
            yield Step(removed=removed.id)
            continue
        added = {}
        for name in chance.sample(range(_NAMES), chance.randint(1, 4)):
            story = [own_words(100 * (name // 3) + paragraph) for paragraph in range(3)]
            added[f"n{name}"] = article(f"n{name}", *story[: chance.randint(1, 3)], own_words(1000 * number + name))
        there |= added
        yield Step(added=tuple(added.values()))


def states(seed: int, count: int, *, removing: float) -> list[dict[str, Article]]:
    """The articles by id after 0, 1, … `count` steps."""
    state: dict[str, Article] = {}
    found = [state]
    for step, _ in zip(steps(seed, removing=removing), range(count), strict=False):
        state = {key: value for key, value in state.items() if key != step.removed}
        state |= {each.id: each for each in step.added}
        found.append(state)
    return found


def held(corpus: Corpus) -> dict[str, Article]:
    """The articles of a corpus by id."""
    return {summary.id: corpus.article(summary.id) for summary in corpus.articles()}


def problems(corpus: Corpus, expected: dict[str, Article]) -> list[str]:
    """What in a corpus differs from the articles it must hold: nothing more, nothing less, each word in its place."""
    told = []
    if held(corpus) != expected:
        told.append(f"it holds {sorted(held(corpus))}, not {sorted(expected)}")
    wanted = {(each.id, text) for each in expected.values() for text in each.text.split("\n\n")}
    result = corpus.search("what is there?", k=10_000)
    found: set[tuple[str, str]] = set()
    for hit in result.hits:
        passage = hit.passage
        if hit.article.text[passage.start : passage.end] != passage.text:
            told.append(f"passage {passage.id} is no slice of its article")
        found |= {(name, passage.text) for name in (passage.article_id, *(each.id for each in passage.also_in))}
    if found != wanted:
        told.append(f"{len(wanted - found)} passages are not found, {len(found - wanted)} should not be")
    if result.searchable != len(result.hits):
        told.append(f"{result.searchable} passages can be searched, {len(result.hits)} are found")
    for each in expected.values():
        text = each.text.split("\n\n")[-1]
        first = corpus.search(text, k=1).hits[0].passage
        if first.text != text:
            told.append(f"a search for a passage of {each.title} finds another first")
    return told


def unsound(directory: Path) -> list[str]:
    """What a check of a directory finds."""
    report = integrity.verify_corpus(directory, embedder(), progress=lambda *_: None, sample=8)
    return [finding.what for finding in report.findings]
