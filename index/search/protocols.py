"""What search needs of an index of vectors and of one of words, and of what keeps each in a data directory.

Both are derived from the store and may be thrown away at any time. `onrecord.index.search.vectors` (FAISS) and
`onrecord.index.search.lexical` (tantivy) are what serves; `tests/contract` holds what every implementation must do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from onrecord.index.embedding.embedder import Vectors
    from onrecord.index.records import Version
    from onrecord.index.store.rows import RowIds

TITLE_BOOST = 0.3
"""What a query word in the title counts against the same word in the passage; measured, see docs/evaluation.md."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Rows found, best first, ties by row id. Both *Shape:* `(found,)`; scores are cosines or BM25."""

    rows: RowIds
    scores: Vectors


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index of vectors was built for: a version of the store, and the embedder whose vectors it holds."""

    version: Version
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What BM25 sees of a passage: its title and what it stands under, its own words, the articles that hold these."""

    row: int
    article_ids: tuple[str, ...]
    title: str
    text: str


class DamagedIndex(Exception):  # noqa: N818 - it never leaves the floor: Corpus rebuilds the index
    """What stands on disk is not an index as it was written."""


class VectorIndex(Protocol):
    """Holds vectors by row id and finds the nearest. Not safe for changing and searching at once."""

    def __len__(self) -> int:
        """How many rows are held."""
        ...

    def update(self, remove: RowIds, add: RowIds, vectors: Vectors) -> None:
        """Take rows out (unknown ones are passed over), then put rows in; one that is held is replaced.

        *Shape:* `vectors` is `(len(add), dimension)`.
        """
        ...

    def search(self, query: Vectors, k: int, only: RowIds | None = None) -> Neighbours:
        """Find the `k` nearest rows to a query of *Shape:* `(dimension,)`, among `only` if given."""
        ...

    def scores(self, query: Vectors, rows: RowIds) -> Vectors:
        """Cosines of the given rows with a query, whatever is asked with them. *Shape:* `(len(rows),)`.

        Raises:
            KeyError: a row is not held.
        """
        ...


Held = TypeVar("Held", bound=VectorIndex)


class VectorHome(Protocol[Held]):
    """Keeps one index of vectors in a data directory."""

    def empty(self, dimension: int) -> Held:
        """Begin an index in memory."""
        ...

    def load(self, directory: Path) -> tuple[Held, Stamp] | None:
        """The index that was saved there last; None where there is none.

        Raises:
            DamagedIndex: it is not as it was written.
        """
        ...

    def save(self, index: Held, directory: Path, stamp: Stamp) -> None:
        """Put an index in place of the one before, so that after a crash one of the two is there.

        Raises:
            OSError: the disk is full or cannot be written.
        """
        ...


class LexicalIndex(Protocol):
    """Holds the words of passages and finds those that share a query's. Not safe for changing and searching at once."""

    @property
    def version(self) -> Version:
        """The version of the store that the entries belong to; `Version()` for an empty index."""
        ...

    def __len__(self) -> int:
        """How many entries there are."""
        ...

    def update(self, remove: Sequence[int] | None, add: Iterable[Entry], version: Version) -> None:
        """Take rows out (None: all of them), put entries in and commit both with the version, in one step.

        Raises:
            OSError: the disk is full or cannot be written, or another process is writing there.
        """
        ...

    def search(self, question: str, k: int, article_ids: Sequence[str] | None = None) -> Neighbours:
        """Find the `k` best entries that share a word with a question, among those of the given articles if given."""
        ...

    def scores(self, question: str, rows: RowIds) -> Vectors:
        """Scores of the given rows; 0 where no word is shared. *Shape:* `(len(rows),)`."""
        ...


Written = TypeVar("Written", bound=LexicalIndex)


class LexicalHome(Protocol[Written]):
    """Keeps one index of words in a data directory, where other processes may commit to it."""

    def open(self, directory: Path) -> Written | None:
        """The index that was begun there; None where none was.

        Raises:
            DamagedIndex: what stands there cannot be trusted, or another process is half-way through a change.
        """
        ...

    def restart(self, directory: Path) -> Written:
        """Begin an empty index in place of whatever is there. Only for who holds the right to write."""
        ...

    def refresh(self, index: Written) -> None:
        """See what another process has committed since.

        Raises:
            DamagedIndex: the files are not those of an index of words any more.
        """
        ...
