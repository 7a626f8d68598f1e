"""Verifies a data directory from end to end, and makes again what can be made again.

The articles' texts are what cannot be made again: each is compared with its content hash. Everything else follows from
them: passages (offsets, kinds, digests), vectors (a sample is embedded again), links between near-duplicates, counts,
and the two derived indexes, which are compared with the store row by row.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from onrecord.index.check import database, derived
from onrecord.index.check.database import Finding, Remedy
from onrecord.index.corpus import Corpus
from onrecord.index.errors import CorruptStore, StoreError, UnsupportedStore
from onrecord.index.layout import DATABASE
from onrecord.index.preparation import prepare
from onrecord.index.store.store import Store
from onrecord.index.store.write_lock import WriteLock

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from onrecord.index.embedding.embedder import Embedder
    from onrecord.index.records import Progress

SAMPLE = 64
"""How many passages are embedded again and compared with their vectors."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified, and what was found that should not be so."""

    articles: int = 0
    passages: int = 0
    embedded: int = 0
    findings: tuple[Finding, ...] = field(default=())

    @property
    def sound(self) -> bool:
        """Whether nothing is damaged."""
        return not self.findings

    @property
    def remedies(self) -> frozenset[Remedy]:
        """What mends what was found."""
        return frozenset(finding.remedy for finding in self.findings)


def verify_corpus(
    directory: Path, embedder: Embedder, *, progress: Progress, sample: int = SAMPLE, wait: bool = False
) -> Report:
    """Verify a data directory; nothing is changed.

    Raises:
        StoreBusy: another process is writing.
        StoreError: there is no data directory.
        UnsupportedStore: it is of another program or version.
    """
    with _held(directory, wait=wait):
        return _check(directory, embedder, progress, sample)


def repair(
    directory: Path, embedder: Embedder, *, progress: Progress, sample: int = SAMPLE, wait: bool = False
) -> tuple[Report, Report]:
    """Verify a data directory, make again what can be made again, and verify it once more; returns both reports.

    Raises:
        StoreBusy: another process is writing.
        StoreError: there is no data directory, or it cannot be written.
        UnsupportedStore: it is of another program or version.
    """
    with _held(directory, wait=wait):
        before = _check(directory, embedder, progress, sample)
        if before.sound or Remedy.NONE_DATABASE in before.remedies:
            return before, before
        _mend_database(directory, embedder, before, progress)
        if Remedy.NONE_TEXT not in before.remedies:  # else they could not be made again
            derived.remove(directory)
    with suppress(CorruptStore):  # where an article's text is damaged; the second report says which
        Corpus.open(directory, embedder, progress=progress, wait=wait).close()
    with _held(directory, wait=wait):
        return before, _check(directory, embedder, progress, sample)


def _held(directory: Path, *, wait: bool) -> AbstractContextManager[None]:
    if not (directory / DATABASE).exists():
        raise StoreError(f"There is no corpus in {directory}.", hint="Give its directory with --data.")
    return WriteLock(directory).held(wait=wait)


def _check(directory: Path, embedder: Embedder, progress: Progress, sample: int) -> Report:
    path = directory / DATABASE
    try:
        store = Store(path)
    except UnsupportedStore:
        raise
    except CorruptStore as error:
        return Report(findings=(Finding(error.message, Remedy.NONE_DATABASE),))
    store.close()
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("PRAGMA query_only = ON")
        checked = database.verify_database(db, embedder, progress, sample)
        findings = list(checked.findings)
        if checked.searched is not None:
            findings += derived.verify_derived(directory, checked, checked.searched)
        return Report(checked.articles, checked.passages, checked.embedded, tuple(findings))
    except sqlite3.DatabaseError as error:
        return Report(findings=(Finding(f"{path} is damaged: {error}.", Remedy.NONE_DATABASE),))
    finally:
        db.close()


def _mend_database(directory: Path, embedder: Embedder, report: Report, progress: Progress) -> None:
    """Cut and embed again the articles whose passages are damaged, link anew, count anew: all in one transaction."""
    again = sorted({finding.article_id for finding in report.findings if finding.remedy is Remedy.ARTICLE_AGAIN})
    if not report.remedies & {Remedy.ARTICLE_AGAIN, Remedy.LINKS, Remedy.REINDEX}:
        return
    store = Store(directory / DATABASE)
    try:
        if Remedy.REINDEX in report.remedies:
            store.reindex()
        articles = [store.catalogue.article(article_id) for article_id in again if article_id]
        prepared = prepare(articles, embedder, {}, progress)
        with store.writing() as generation:
            for new in prepared:
                store.put(new, generation)
            store.link_anew(generation)
    finally:
        store.close()
