"""Stand-ins for what is slow: they keep the protocols' promises and need no weights."""

from __future__ import annotations

import copy
import hashlib
import math
import re
from typing import TYPE_CHECKING

import numpy as np

from onrecord.index.passages.sentences import sentences
from onrecord.index.records import Version
from onrecord.index.search.protocols import TITLE_BOOST, Neighbours
from onrecord.rag.reading.reader import UNCALIBRATED, Reading
from onrecord.rag.reading.spans import ScoredSpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from onrecord.index.embedding.embedder import Vectors
    from onrecord.index.records import Hit
    from onrecord.index.search.protocols import Entry, Stamp
    from onrecord.index.store.rows import RowIds
    from onrecord.rag.reading.reader import Calibration


class HashingEmbedder:
    """Bag of words: each word adds to one dimension, chosen by its hash, so texts that share words are near.

    Deterministic across processes and machines. `embedded` lists every passage text it was ever given, in order.
    """

    def __init__(self, name: str = "hashing", *, dimension: int = 256) -> None:
        self._name = name
        self._dimension = dimension
        self.embedded: list[str] = []

    @property
    def fingerprint(self) -> str:
        """Two embedders of one name and dimension give the same vectors."""
        return f"{self._name}@{self._dimension}"

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages. *Shape:* `(len(texts), dimension)`."""
        self.embedded += texts
        if not texts:
            return np.empty((0, self._dimension), dtype=np.float32)
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> Vectors:
        """Embed a question. *Shape:* `(dimension,)`."""
        vector = np.zeros(self._dimension, dtype=np.float32)
        for word in re.findall(r"\w+", text.casefold()) or [""]:
            digest = hashlib.blake2b(f"{self._name} {word}".encode("utf-8", "surrogatepass"), digest_size=4).digest()
            vector[int.from_bytes(digest, "little") % self._dimension] += 1
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit


class OverlapReader:
    """Reads by shared words: the sentence with most of the question's words is the span, their share is the evidence.

    Half of the words make a confidence of one half; all of them 0.98, none 0.02.
    """

    @property
    def calibration(self) -> Calibration:
        """Made so that the share of shared words decides."""
        return UNCALIBRATED

    def warm_up(self) -> None:
        """Nothing is loaded."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Find the sentence of each hit that shares most words with the question."""
        return [self._reading(frozenset(_words(question)), hit) for hit in hits]

    def _reading(self, asked: frozenset[str], hit: Hit) -> Reading:
        spans = [
            ScoredSpan(
                hit.passage.start + sentence.start,
                hit.passage.start + sentence.end,
                8 * len(asked.intersection(_words(hit.passage.text[sentence.start : sentence.end]))) / len(asked or [0])
                - 4,
            )
            for sentence in sentences(hit.passage.text)
            if _words(hit.passage.text[sentence.start : sentence.end])
        ]
        return Reading(0.0, max(spans, key=lambda span: (span.score, -span.start), default=None))


class ScriptedReader:
    """Knows the answers to a few questions, in any case, and remembers what it was asked to read.

    Args:
        answers: the words that answer, by question; or those that answer all.
    """

    def __init__(self, answers: dict[str, str] | str) -> None:
        self._answer = answers if isinstance(answers, str) else ""
        self._answers = {} if isinstance(answers, str) else {asked.casefold(): answers[asked] for asked in answers}
        self.given: list[tuple[str, int]] = []

    @property
    def calibration(self) -> Calibration:
        """Made so that whatever stands there answers."""
        return UNCALIBRATED

    def warm_up(self) -> None:
        """Nothing is loaded."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Find the words that answer in each hit; where they are not, its first character, at odds against it."""
        self.given.append((question, len(hits)))
        return [self._reading(self._answers.get(question.casefold(), self._answer), hit) for hit in hits]

    def _reading(self, exact: str, hit: Hit) -> Reading:
        if not _words(hit.passage.text):
            return Reading(0.0, None)
        at = hit.passage.text.find(exact) if exact else -1
        start, length = (at, len(exact)) if at >= 0 else (0, 1)
        start += hit.passage.start
        return Reading(0.0, ScoredSpan(start, start + length, 4.0 if at >= 0 else -4.0))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


class NumpyVectorIndex:
    """Exact search by one product with all vectors."""

    def __init__(self) -> None:
        self._vectors: dict[int, Vectors] = {}

    def __len__(self) -> int:
        return len(self._vectors)

    def update(self, remove: RowIds, add: RowIds, vectors: Vectors) -> None:
        """Take rows out, then put rows in."""
        for row in remove.tolist():
            self._vectors.pop(row, None)
        self._vectors.update(zip(add.tolist(), vectors, strict=True))

    def search(self, query: Vectors, k: int, only: RowIds | None = None) -> Neighbours:
        """Find the nearest rows, ties by row id."""
        kept = self._vectors if only is None else self._vectors.keys() & only.tolist()
        rows = np.array(sorted(kept), dtype=np.int64)
        return _best(rows, self.scores(query, rows), k)

    def scores(self, query: Vectors, rows: RowIds) -> Vectors:
        """Cosines of the given rows with a query."""
        if missing := [row for row in rows.tolist() if row not in self._vectors]:
            raise KeyError(f"the rows {missing} are not held")
        return np.array([float((self._vectors[row] * query).sum()) for row in rows.tolist()], dtype=np.float32)


class NumpyVectorHome:
    """Keeps vector indexes in memory, by directory."""

    def __init__(self) -> None:
        self._saved: dict[Path, tuple[NumpyVectorIndex, Stamp]] = {}

    def empty(self, dimension: int) -> NumpyVectorIndex:  # noqa: ARG002 - the vectors tell
        """Begin an index."""
        return NumpyVectorIndex()

    def load(self, directory: Path) -> tuple[NumpyVectorIndex, Stamp] | None:
        """What was saved last."""
        return copy.deepcopy(self._saved.get(directory))

    def save(self, index: NumpyVectorIndex, directory: Path, stamp: Stamp) -> None:
        """Keep a copy."""
        self._saved[directory] = copy.deepcopy(index), stamp


class MemoryLexicalIndex:
    """BM25 (k1 1.2, b .75) over whole words, the title at a weight of its own; counted anew for each question."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._version = Version()

    @property
    def version(self) -> Version:
        """The version that was committed last."""
        return self._version

    def __len__(self) -> int:
        return len(self._entries)

    def update(self, remove: Sequence[int] | None, add: Iterable[Entry], version: Version) -> None:
        """Change all at once, or nothing where `add` fails."""
        entries = {} if remove is None else {row: e for row, e in self._entries.items() if row not in set(remove)}
        entries.update((entry.row, entry) for entry in add)
        self._entries, self._version = entries, version

    def search(self, question: str, k: int, article_ids: Sequence[str] | None = None) -> Neighbours:
        """Find entries that share a word, best first, ties by row id."""
        kept = [row for row, e in self._entries.items() if article_ids is None or {*article_ids} & {*e.article_ids}]
        rows = np.array(sorted(kept), dtype=np.int64)
        scores = self.scores(question, rows)
        return _best(rows[scores > 0], scores[scores > 0], k)

    def scores(self, question: str, rows: RowIds) -> Vectors:
        """BM25 of the given rows."""
        scores = dict.fromkeys(rows.tolist(), 0.0)
        for field, weight in (("text", 1.0), ("title", TITLE_BOOST)):
            words = {row: _words(getattr(entry, field)) for row, entry in self._entries.items()}
            mean = sum(map(len, words.values())) / max(1, len(words)) or 1.0
            for word in dict.fromkeys(_words(question)):
                holding = sum(word in each for each in words.values())
                rarity = math.log(1 + (len(words) - holding + 0.5) / (holding + 0.5))
                for row in scores.keys() & words.keys():
                    count = words[row].count(word)
                    norm = 1.2 * (0.25 + 0.75 * len(words[row]) / mean)
                    scores[row] += weight * rarity * 2.2 * count / (count + norm)
        return np.array([scores[row] for row in rows.tolist()], dtype=np.float32)


class MemoryLexicalHome:
    """Keeps lexical indexes in memory, by directory: whoever opens one shares it."""

    def __init__(self) -> None:
        self._begun: dict[Path, MemoryLexicalIndex] = {}

    def open(self, directory: Path) -> MemoryLexicalIndex | None:
        """The index that was begun there."""
        return self._begun.get(directory)

    def restart(self, directory: Path) -> MemoryLexicalIndex:
        """Begin an empty one."""
        self._begun[directory] = MemoryLexicalIndex()
        return self._begun[directory]

    def refresh(self, index: MemoryLexicalIndex) -> None:
        """Nothing is committed elsewhere."""


def _best(rows: RowIds, scores: Vectors, k: int) -> Neighbours:
    order = np.lexsort((rows, -scores))[:k]
    return Neighbours(rows[order], scores[order])
