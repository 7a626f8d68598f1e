"""The two derived indexes of a data directory, kept at the version of the store that they are derived from.

Both may be thrown away at any time. Each knows the version it was built for; what lags is caught up from the store, and
what is damaged, from another embedder or from another store's history is built again.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.index.errors import StoreBusy, StoreError
from onrecord.index.passages.context import topic
from onrecord.index.records import Version
from onrecord.index.search.protocols import DamagedIndex, Entry, Stamp
from onrecord.index.store.rows import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onrecord.index.records import Progress
    from onrecord.index.search.protocols import LexicalHome, LexicalIndex, VectorHome, VectorIndex
    from onrecord.index.store.store import Store
    from onrecord.index.store.write_lock import WriteLock

logger = logging.getLogger(__name__)

_PATIENCE = 10.0
_PAUSE = 0.01


@dataclass(frozen=True, slots=True)
class Homes:
    """What keeps the two indexes of a data directory."""

    vectors: VectorHome[Any]
    lexical: LexicalHome[Any]


class DerivedIndexes:
    """Two indexes beside a store. The caller keeps two threads from using it at once.

    Args:
        directory: where the homes keep them.
        store: the truth.
        write_lock: held while files are changed.
        homes: make, load and save the two.
        fingerprint: the embedder whose vectors the store must hold to be searched.
        progress: told how far the indexing of words is.
    """

    def __init__(  # noqa: PLR0913 - one for each part
        self,
        directory: Path,
        store: Store,
        write_lock: WriteLock,
        homes: Homes,
        *,
        fingerprint: str,
        progress: Progress,
    ) -> None:
        self._directory = directory
        self._store = store
        self._write_lock = write_lock
        self._homes = homes
        self._fingerprint = fingerprint
        self._progress = progress
        self._lexical = self._open_lexical()
        self._vectors, self._vectors_version = self._load_vectors()
        self._saved_version = self._vectors_version

    @property
    def vectors(self) -> VectorIndex | None:
        """The nearest-vector index; None before the first vector. Inside `current` only."""
        return self._vectors

    @property
    def lexical(self) -> LexicalIndex:
        """The BM25 index. Inside `current` only."""
        return self._lexical

    @contextmanager
    def current(self) -> Iterator[Version]:
        """A consistent view of the store, with both indexes at its version, which is yielded.

        Raises:
            StoreBusy: another process keeps changing the articles.
            StoreError: the vectors are from another embedder by now, or an index cannot be written.
        """
        deadline = time.monotonic() + _PATIENCE
        while True:
            with self._store.reading():
                version = self._store.version
                self._check_embedder()
                if self._lexical_is_at(version):
                    self._catch_up_vectors(version)
                    yield version
                    return
            # Another process is between its two commits, or was killed there.
            try:
                self._catch_up_lexical()
            except StoreBusy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE)

    def save(self) -> None:
        """Save the vector index if it has moved on and no other process is writing: it can always be made again."""
        if self._vectors is None or self._vectors_version == self._saved_version:
            return
        try:
            with self._write_lock.held():
                stamp = Stamp(self._vectors_version, self._fingerprint)
                self._homes.vectors.save(self._vectors, self._directory, stamp)
        except StoreBusy:
            return
        except (OSError, StoreError) as error:
            logger.warning("the vector index could not be saved (%s); it will be made again on opening", error)
            return
        self._saved_version = self._vectors_version

    def _check_embedder(self) -> None:
        stored = self._store.fingerprint
        if stored not in ("", self._fingerprint):
            raise StoreError(
                f"The articles in {self._directory} were embedded again with {stored}, not with {self._fingerprint}.",
                hint="Restart with that model, or with this one to embed them once more.",
            )

    def _lexical_is_at(self, version: Version) -> bool:
        if self._lexical.version != version:
            try:
                self._homes.lexical.refresh(self._lexical)
            except DamagedIndex:
                return False
        return self._lexical.version == version and len(self._lexical) == self._store.size.passages

    def _catch_up_vectors(self, version: Version) -> None:
        if self._vectors_version == version:
            return
        if not self._store.knows(self._vectors_version):
            self._vectors, self._vectors_version = None, Version()
        self._add_vectors_since(self._vectors_version.generation)
        if self._held_vectors() != self._store.size.passages:
            logger.warning("the vector index does not hold what the store does and is rebuilt")
            self._vectors = None
            self._add_vectors_since(0)
        if self._held_vectors() != self._store.size.passages:
            raise damaged("the number of its passages")
        self._vectors_version = version

    def _held_vectors(self) -> int:
        return 0 if self._vectors is None else len(self._vectors)

    def _add_vectors_since(self, generation: int) -> None:
        none = np.empty(0, dtype=np.int64)
        if self._vectors is not None:
            self._vectors.update(self._store.removed_since(generation), none, np.empty((0, 0), dtype=np.float32))
        for rows, block in self._store.vectors_since(generation):
            if self._vectors is None:
                self._vectors = self._homes.vectors.empty(block.shape[1])
            self._vectors.update(none, rows, block)

    def _catch_up_lexical(self) -> None:
        """Bring the lexical index to the last commit.

        Raises:
            StoreBusy: another process is writing, and will do so itself.
            StoreError: it cannot be written.
        """
        try:
            with self._write_lock.held(), self._store.reading():
                try:
                    self._homes.lexical.refresh(self._lexical)
                except DamagedIndex:
                    self._lexical = self._open_or_restart_lexical()
                version, passages = self._store.version, self._store.size.passages
                self._add_entries_since(self._lexical.version, version)
                if len(self._lexical) != passages:
                    logger.warning("the lexical index does not hold what the store does and is rebuilt")
                    self._rebuild_lexical(version)
                if len(self._lexical) != passages:
                    raise damaged("the number of its passages")
        except OSError as error:
            raise StoreError(
                f"What was changed is stored, but cannot be searched yet: {error}",
                hint="Make room on the disk; the index is caught up when the data directory is next opened.",
            ) from error

    def _add_entries_since(self, since: Version, version: Version) -> None:
        if since == version:
            return
        if not self._store.knows(since):
            self._lexical.update(None, self._entries(0), version)
            return
        try:
            gone = self._store.removed_since(since.generation).tolist()
            self._lexical.update(gone, self._entries(since.generation), version)
        except OSError as error:
            logger.warning("%s; it is rebuilt from the store", error)
            self._rebuild_lexical(version)

    def _rebuild_lexical(self, version: Version) -> None:
        self._lexical = self._homes.lexical.restart(self._directory)
        self._lexical.update(None, self._entries(0), version)

    def _entries(self, since: int) -> Iterator[Entry]:
        for changed in self._store.articles_since(since):
            for each in changed.passages:
                passage, title = each.stored.passage, changed.article.title
                under = topic(passage.lead.of(changed.article.text), passage.text)
                yield Entry(each.stored.row, each.article_ids, f"{title}\n{under}" if under else title, passage.text)
            self._progress("indexing", changed.number, changed.total)

    def _open_lexical(self) -> LexicalIndex:
        """Open the lexical index; begin it, or begin a damaged one again, only while no other process writes."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            with suppress(DamagedIndex):  # or another process is half-way through a change: the lock tells which
                opened: LexicalIndex | None = self._homes.lexical.open(self._directory)
                if opened is not None:
                    return opened
            try:
                with self._write_lock.held():
                    return self._open_or_restart_lexical()
            except StoreBusy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE)
            except OSError as error:
                raise StoreError(
                    f"{self._directory} cannot be written: {error}.", hint="Check its permissions and the free space."
                ) from error

    def _open_or_restart_lexical(self) -> LexicalIndex:
        """Open the index; where it is damaged or there is none, begin an empty one, which is then filled.

        Only for who holds the right to write: what looks damaged to others may be a commit half done.
        """
        with suppress(DamagedIndex):
            opened: LexicalIndex | None = self._homes.lexical.open(self._directory)
            if opened is not None:
                return opened
        fresh: LexicalIndex = self._homes.lexical.restart(self._directory)
        return fresh

    def _load_vectors(self) -> tuple[VectorIndex | None, Version]:
        try:
            loaded = self._homes.vectors.load(self._directory)
        except DamagedIndex:
            logger.warning("the vector index is damaged and is rebuilt from the store")
            return None, Version()
        if loaded is None:
            return None, Version()
        index, stamp = loaded
        if stamp.fingerprint != self._fingerprint or not self._store.knows(stamp.version):
            logger.warning("the vector index belongs to other vectors and is rebuilt from the store")
            return None, Version()
        return index, stamp.version
