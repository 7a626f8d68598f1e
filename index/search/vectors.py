"""Nearest vectors, on FAISS. faiss is imported here and nowhere else.

The index is derived from the store and may be thrown away at any time. Its row ids are the store's passage row ids,
which are never given twice, so an id can never come to mean another passage.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Self

import faiss
import numpy as np

from onrecord.index.atomic import replace_file
from onrecord.index.layout import VECTORS
from onrecord.index.records import Version
from onrecord.index.search.protocols import DamagedIndex, Neighbours, Stamp

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from onrecord.index.embedding.embedder import Vectors
    from onrecord.index.store.rows import RowIds

_LONGEST_HEADER = 65_536


class FaissIndex:
    """Exact inner-product search with FAISS: `IndexIDMap2` over `IndexFlatIP`.

    Exact, because an approximate index would make an answer depend on the order in which articles came. Not safe for
    changing and searching at once; `Corpus` holds the lock.
    """

    def __init__(self, dimension: int) -> None:
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    @classmethod
    def of(cls, index: faiss.IndexIDMap2) -> Self:
        """Take what FAISS has read."""
        made = cls(index.d)
        made._index = index
        return made

    def serialized(self) -> NDArray[np.uint8]:
        """FAISS' own format. *Shape:* `(bytes,)`."""
        written: NDArray[np.uint8] = faiss.serialize_index(self._index)
        return written

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def contents(self) -> tuple[RowIds, Vectors]:
        """Every row with its vector. *Shape:* `(rows,)` and `(rows, dimension)`."""
        rows: RowIds = faiss.vector_to_array(self._index.id_map)
        flat = faiss.downcast_index(self._index.index)
        return rows, flat.reconstruct_n(0, len(rows)) if len(rows) else np.empty((0, self.dimension), np.float32)

    def update(self, remove: RowIds, add: RowIds, vectors: Vectors) -> None:
        """Take rows out, then put rows in; a row that is already held is replaced."""
        gone = np.concatenate([remove, add]).astype(np.int64)
        if len(self) and len(gone):
            self._index.remove_ids(gone)
        if len(add):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), add.astype(np.int64))

    def search(self, query: Vectors, k: int, only: RowIds | None = None) -> Neighbours:
        """Find the nearest rows; equal scores are ordered by row id, so the same query always gives the same list."""
        there = len(self) if only is None else len(only)
        k = min(k, there, len(self))
        if k == 0:
            return Neighbours(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
        parameters = None
        if only is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.ascontiguousarray(only, dtype=np.int64)))
        wanted = k + 1
        while True:
            scores, rows = self._index.search(query[np.newaxis, :], min(wanted, there), params=parameters)
            # Where equal scores stand on both sides of the border, rows decide there too, and all of them are needed.
            if wanted >= there or scores[0][k - 1] > scores[0][-1]:
                break
            wanted *= 4
        found = rows[0] >= 0
        order = np.lexsort((rows[0][found], -scores[0][found]))[:k]
        return Neighbours(rows[0][found][order], scores[0][found][order])

    def scores(self, query: Vectors, rows: RowIds) -> Vectors:
        """Cosines of the given rows with a query.

        Raises:
            KeyError: a row is not held.
        """
        if len(rows) == 0:
            return np.empty(0, dtype=np.float32)
        try:
            held = np.stack([self._index.reconstruct(int(row)) for row in rows])
        except RuntimeError as error:
            raise KeyError(f"not every one of the rows {rows.tolist()} is held") from error
        # Not `held @ query`: BLAS sums in an order that depends on how many rows are asked for together.
        cosines: Vectors = (held * query).sum(axis=1)
        return cosines


class FaissHome:
    """Keeps a `FaissIndex` in one file: a line of JSON (stamp, SHA-256 of the rest), then FAISS' own format."""

    def empty(self, dimension: int) -> FaissIndex:
        """Begin an index in memory."""
        return FaissIndex(dimension)

    def load(self, directory: Path) -> tuple[FaissIndex, Stamp] | None:
        """The saved index; None where there is none.

        Raises:
            DamagedIndex: a byte of it is not as it was written.
        """
        path = directory / VECTORS
        if not path.exists():
            return None
        try:
            with path.open("rb") as file:
                header = json.loads(file.readline(_LONGEST_HEADER))
                content = np.fromfile(file, dtype=np.uint8)
            version = Version(int(header["version"]["generation"]), str(header["version"]["token"]))
            stamp = Stamp(version, str(header["fingerprint"]))
            same = hashlib.sha256(content.data).hexdigest() == header["sha256"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedIndex(f"{path} is damaged: {error}") from error
        if not same:
            raise DamagedIndex(f"{path} is damaged: its content is not that of its digest")
        return FaissIndex.of(faiss.deserialize_index(content)), stamp

    def save(self, index: FaissIndex, directory: Path, stamp: Stamp) -> None:
        """Write an index and its stamp, atomically.

        Raises:
            OSError: the disk is full or cannot be written.
        """
        content = index.serialized()
        header = {**asdict(stamp), "sha256": hashlib.sha256(content.data).hexdigest()}
        replace_file(directory / VECTORS, json.dumps(header).encode() + b"\n", content.data)
