"""Stories: near-duplicate articles linked within the database, and their common passages, which are searched once.

An article belongs to the story of the *leader* that it resembles most, or leads one itself; only leaders stand in the
table of bands. Of the passages of a story that have the same words, the one of the article that was added first is
searched, and the others point to it by `same_as`. All of it follows from the articles and the order in which they came:
`settle` brings it up to date inside the transaction that changes them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from onrecord.index.store.duplicates import ALIKE, bands, resemblance

if TYPE_CHECKING:
    import sqlite3

    from onrecord.index.store.duplicates import Signature


@dataclass(frozen=True, slots=True)
class Changed:
    """What a transaction did: the articles it put, and the stories that lost one."""

    placed: set[str] = field(default_factory=set)
    bereft: set[str] = field(default_factory=set)


def settle(db: sqlite3.Connection, changed: Changed, generation: int) -> None:
    """Link what was put, find new leaders for stories that lost theirs, and say which passages are searched."""
    stories = set(changed.bereft)
    for article_id in _to_place(db, changed):
        stories.add(_place(db, article_id))
    for story in sorted(stories):
        _regroup(db, story, generation, bereft=story in changed.bereft)


def settle_anew(db: sqlite3.Connection, generation: int) -> None:
    """Forget every link and make them all again."""
    everything = {str(article_id) for (article_id,) in db.execute("SELECT id FROM articles")}
    db.execute("DELETE FROM bands")
    db.execute("UPDATE articles SET story = id")
    settle(db, Changed(placed=everything, bereft=everything), generation)


def forget(db: sqlite3.Connection, article_id: str) -> str | None:
    """Take an article that is about to be removed out of the bands; returns its story, None where it has none."""
    found = db.execute("SELECT number, story, signature FROM articles WHERE id = ?", (article_id,)).fetchone()
    if found is None:
        return None
    number, story, signature = found
    if story == article_id and signature:
        keys = [(band, number) for band in bands(_signature(signature))]
        db.executemany("DELETE FROM bands WHERE band = ? AND number = ?", keys)
    return str(story)


def count(db: sqlite3.Connection, generation: int, token: str) -> None:
    """Make the commit of a transaction: its generation, its token, and how much there is to find from now on."""
    db.execute(
        "INSERT INTO commits SELECT ?, ?, (SELECT COUNT(*) FROM articles),"
        " (SELECT COUNT(*) FROM passages WHERE vector IS NOT NULL AND same_as IS NULL)",
        (generation, token),
    )


def _to_place(db: sqlite3.Connection, changed: Changed) -> list[str]:
    """The articles that need a story, in the order in which they were first added."""
    wanted = set(changed.placed)
    for story in changed.bereft:
        leader = db.execute("SELECT 1 FROM articles WHERE id = ?", (story,)).fetchone()
        if leader is None or story in changed.placed:
            wanted.update(each for (each,) in db.execute("SELECT id FROM articles WHERE story = ?", (story,)))
    numbers = {each: db.execute("SELECT number FROM articles WHERE id = ?", (each,)).fetchone() for each in wanted}
    return sorted((each for each in wanted if numbers[each]), key=numbers.__getitem__)


def _place(db: sqlite3.Connection, article_id: str) -> str:
    number, stored = db.execute("SELECT number, signature FROM articles WHERE id = ?", (article_id,)).fetchone()
    story = article_id
    if stored:  # an article without a passage that can answer has none, and is like no other
        signature = _signature(stored)
        keys = bands(signature)
        story = _leader(db, signature, keys) or article_id
        if story == article_id:
            db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, number) for band in keys])
    db.execute("UPDATE articles SET story = ? WHERE id = ?", (story, article_id))
    return story


def _leader(db: sqlite3.Connection, signature: Signature, keys: list[int]) -> str | None:
    """The leader that resembles most, the earliest of equals; None where none is alike."""
    candidates = db.execute(
        "SELECT id, signature FROM articles WHERE number IN"
        " (SELECT number FROM bands WHERE band IN (SELECT value FROM json_each(?))) ORDER BY number",
        (json.dumps(keys),),
    )
    found = [(resemblance(signature, _signature(stored)), leader) for leader, stored in candidates]
    alike = max(found, key=lambda each: each[0], default=(0.0, None))
    return alike[1] if alike[0] >= ALIKE else None


def _regroup(db: sqlite3.Connection, story: str, generation: int, *, bereft: bool) -> None:
    """Let the first of the passages with the same words be searched, and the others point to it."""
    found = db.execute(
        "SELECT words, row, same_as FROM passages JOIN articles ON articles.id = article_id"
        " WHERE story = ? AND vector IS NOT NULL ORDER BY words, number, ordinal",
        (story,),
    ).fetchall()
    for _, group in groupby(found, key=lambda each: each[0]):
        (_, first, was_same_as), *others = group
        # Its entry in the lexical index names all the articles it stands for, and one may have come or gone.
        if was_same_as is not None or others or bereft:
            db.execute("UPDATE passages SET same_as = NULL, generation = ? WHERE row = ?", (generation, first))
        for _, row, same_as in others:
            if same_as is None:
                db.execute("INSERT OR REPLACE INTO removed VALUES (?, ?)", (row, generation))
            if same_as != first:
                db.execute("UPDATE passages SET same_as = ? WHERE row = ?", (first, row))


def _signature(stored: bytes) -> Signature:
    values: Signature = np.frombuffer(stored, dtype="<u4")
    return values
