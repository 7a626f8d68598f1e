"""What a database must be for everything that is answered from it to be right. Only reads."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

import numpy as np

from onrecord.index.errors import CorruptStore
from onrecord.index.preparation import embedded_texts, made_by
from onrecord.index.store.duplicates import bands, words_key
from onrecord.index.store.rows import ARTICLE_COLUMNS, PASSAGE_COLUMNS, StoredPassage, read_article, read_stored

if TYPE_CHECKING:
    import sqlite3

    from onrecord.index.embedding.embedder import Embedder, Vectors
    from onrecord.index.records import Article, Progress
    from onrecord.index.store.rows import RowIds

_SAME = 0.999
"""The least cosine between a stored vector and that of its text embedded again: batches round differently."""

_MOST_TOLD = 20


class Remedy(Enum):
    """What mends a finding."""

    NONE_TEXT = auto()
    NONE_DATABASE = auto()
    ARTICLE_AGAIN = auto()
    LINKS = auto()
    REINDEX = auto()
    DERIVED = auto()

    @property
    def how(self) -> str:
        """What to do."""
        match self:
            case Remedy.NONE_TEXT:
                return "Index the articles whose text is damaged again, or remove them: onrecord articles remove ID."
            case Remedy.NONE_DATABASE:
                return (
                    "The database itself is damaged: restore corpus.db from a backup, or remove the data directory and "
                    "index your articles again."
                )
            case _:
                return "`onrecord check --repair` mends this."


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be, what mends it, and the article it is about, if it is about one."""

    what: str
    remedy: Remedy
    article_id: str = ""


@dataclass(frozen=True, slots=True)
class Searched:
    """What both indexes must hold. *Shape:* `(rows,)` and `(rows, dimension)`."""

    rows: RowIds
    vectors: Vectors


@dataclass(slots=True)
class Checked:
    """What was found in a database; `searched` is None where damage leaves it unknown."""

    findings: list[Finding] = field(default_factory=list)
    articles: int = 0
    passages: int = 0
    embedded: int = 0
    version: tuple[int, str] = (0, "")
    fingerprint: str = ""
    searched: Searched | None = None


def verify_database(db: sqlite3.Connection, embedder: Embedder, progress: Progress, sample: int) -> Checked:
    """Verify the pages of a database, every article, every passage, all links and counts, and a sample of the vectors.

    Raises:
        sqlite3.DatabaseError: so much is damaged that it cannot be read.
    """
    checked = Checked()
    for (told,) in db.execute(f"PRAGMA integrity_check({_MOST_TOLD})").fetchall():
        if told != "ok":
            index_only = "index" in told and "malformed" not in told
            checked.findings.append(
                Finding(f"The database: {told}.", Remedy.REINDEX if index_only else Remedy.NONE_DATABASE)
            )
    checked.version = db.execute("SELECT generation, token FROM commits ORDER BY generation DESC LIMIT 1").fetchone()
    (checked.fingerprint,) = db.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    sampler = _Sampler(db, sample if checked.fingerprint == made_by(embedder) else 0)
    ids = [str(article_id) for (article_id,) in db.execute("SELECT id FROM articles ORDER BY number").fetchall()]
    for done, article_id in enumerate(ids):
        progress("checking articles", done, len(ids))
        _check_article(db, article_id, checked, sampler)
    progress("checking articles", len(ids), len(ids))
    checked.articles = len(ids)
    _check_links(db, checked)
    _check_counts(db, checked)
    _check_vectors(sampler, embedder, checked, progress)
    if all(finding.remedy is Remedy.NONE_TEXT for finding in checked.findings):
        checked.searched = _searched(db)
    return checked


class _Sampler:
    """Chooses passages whose vectors are compared, the same each time, and keeps what they were embedded with."""

    def __init__(self, db: sqlite3.Connection, size: int) -> None:
        rows = [row for (row,) in db.execute("SELECT row FROM passages WHERE vector IS NOT NULL ORDER BY row")]
        self._rows = set(random.Random(len(rows)).sample(rows, min(size, len(rows))))  # noqa: S311 - the same each time, not secret
        self.chosen: list[tuple[StoredPassage, str]] = []

    def offer(self, article: Article, passages: list[StoredPassage]) -> None:
        """Keep those of an article's passages that were chosen, each with what is embedded for it."""
        wanted = [each for each in passages if each.row in self._rows]
        if wanted:
            texts = embedded_texts(article, [each.passage for each in passages])
            self.chosen += [(each, texts[each.passage.ordinal]) for each in wanted]


def _check_article(db: sqlite3.Connection, article_id: str, checked: Checked, sampler: _Sampler) -> None:
    columns = f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?"  # noqa: S608 - fixed words only
    try:
        article = read_article(db.execute(columns, (article_id,)).fetchone())
    except (CorruptStore, UnicodeError):
        (source,) = db.execute("SELECT source FROM articles WHERE id = ?", (article_id,)).fetchone()
        checked.findings.append(
            Finding(f"The text of article {article_id} (from {source}) is damaged.", Remedy.NONE_TEXT, article_id)
        )
        return
    passages = []
    records = db.execute(
        f"SELECT words, {PASSAGE_COLUMNS} FROM passages WHERE article_id = ? ORDER BY ordinal",  # noqa: S608 - fixed words only
        (article_id,),
    ).fetchall()
    for ordinal, (words, *record) in enumerate(records):
        try:
            stored = read_stored(record, article)
        except CorruptStore:
            stored = None
        if (
            stored is None
            or stored.passage.ordinal != ordinal
            or words != words_key(stored.passage.text)
            or (stored.vector is None) == stored.passage.kind.answers
        ):
            checked.findings.append(
                Finding(f"Passage {ordinal} of article {article_id} is damaged.", Remedy.ARTICLE_AGAIN, article_id)
            )
            return
        passages.append(stored)
    checked.passages += len(passages)
    sampler.offer(article, passages)


def _check_links(db: sqlite3.Connection, checked: Checked) -> None:
    wrong = {
        "a passage points to one that is not searched for it": """
            SELECT 1 FROM passages AS p JOIN articles AS a ON a.id = p.article_id
            WHERE p.same_as IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM passages AS q JOIN articles AS b ON b.id = q.article_id WHERE q.row = p.same_as
                AND q.same_as IS NULL AND q.vector IS NOT NULL AND q.words = p.words AND b.story = a.story)""",
        "a story searches the same words twice": """
            SELECT 1 FROM passages JOIN articles ON id = article_id WHERE vector IS NOT NULL AND same_as IS NULL
            GROUP BY story, words HAVING COUNT(*) > 1""",
        "an article follows a leader that leads no story": """
            SELECT 1 FROM articles AS a WHERE NOT EXISTS (
                SELECT 1 FROM articles AS b WHERE b.id = a.story AND b.story = b.id)""",
    }
    for what, query in wrong.items():
        if db.execute(f"{query} LIMIT 1").fetchone() is not None:
            checked.findings.append(Finding(f"Near-duplicates are linked wrongly: {what}.", Remedy.LINKS))
    leaders = db.execute("SELECT number, signature FROM articles WHERE story = id AND length(signature) > 0")
    expected = {(band, number) for number, stored in leaders for band in bands(np.frombuffer(stored, dtype="<u4"))}
    if expected != set(db.execute("SELECT band, number FROM bands")):
        checked.findings.append(
            Finding("Near-duplicates are linked wrongly: new ones would not be recognised.", Remedy.LINKS)
        )


def _check_counts(db: sqlite3.Connection, checked: Checked) -> None:
    counted = db.execute(
        "SELECT (SELECT COUNT(*) FROM articles),"
        " (SELECT COUNT(*) FROM passages WHERE vector IS NOT NULL AND same_as IS NULL)"
    ).fetchone()
    said = db.execute("SELECT articles, passages FROM commits ORDER BY generation DESC LIMIT 1").fetchone()
    if counted != said:
        what = (
            f"The last commit left {said[0]} articles and {said[1]} passages; there are {counted[0]} and {counted[1]}."
        )
        known = any(finding.remedy is Remedy.ARTICLE_AGAIN for finding in checked.findings)
        lost = said[0] > counted[0] or (said[1] > counted[1] and not known)
        checked.findings.append(Finding(what, Remedy.NONE_DATABASE if lost else Remedy.LINKS))


def _check_vectors(sampler: _Sampler, embedder: Embedder, checked: Checked, progress: Progress) -> None:
    progress("embedding a sample", 0, len(sampler.chosen))
    made = embedder.encode_passages([text for _, text in sampler.chosen]) if sampler.chosen else ()
    for (stored, _), vector in zip(sampler.chosen, made, strict=True):
        held, passage = stored.vector, stored.passage
        if held is None or held.shape != vector.shape or not held @ vector >= _SAME:
            what = f"The vector of passage {passage.ordinal} of article {passage.article_id} is not that of its text."
            checked.findings.append(Finding(what, Remedy.ARTICLE_AGAIN, passage.article_id))
    progress("embedding a sample", len(sampler.chosen), len(sampler.chosen))
    checked.embedded = len(sampler.chosen)


def _searched(db: sqlite3.Connection) -> Searched:
    found = db.execute(
        "SELECT row, vector FROM passages WHERE vector IS NOT NULL AND same_as IS NULL ORDER BY row"
    ).fetchall()
    held = np.frombuffer(b"".join(blob for _, blob in found), dtype="<f4")
    rows = np.array([row for row, _ in found], dtype=np.int64)
    return Searched(rows, held.reshape(len(found), -1 if found else 0))
