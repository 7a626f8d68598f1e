"""BM25 over passages, on tantivy. tantivy is imported here and nowhere else.

The index is derived from the store and may be thrown away at any time. It carries the version it was built for as a
document of its own, so the version and the passages are committed in one step. A manifest beside it holds the SHA-256
of every file of the last commit, so that a damaged byte is noticed on opening and not in an answer.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import tantivy

from onrecord.index.atomic import replace_file
from onrecord.index.layout import LEXICAL
from onrecord.index.records import Version
from onrecord.index.search.protocols import TITLE_BOOST, DamagedIndex, Neighbours

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from onrecord.index.embedding.embedder import Vectors
    from onrecord.index.search.protocols import Entry
    from onrecord.index.store.rows import RowIds

logger = logging.getLogger(__name__)

_MANIFEST = "manifest.json"
_META = "meta.json"  # tantivy's list of segments: the file whose replacement is a commit
_ANALYZER = "passage"
_STAMP = "stamp"
_WRITER_HEAP = 64 * 1024 * 1024
_LONGEST_TOKEN = 40
_MOST_QUERY_TERMS = 64
_BROKEN = (ValueError, OSError, KeyError, TypeError, RuntimeError)


class TantivyIndex:
    """A tantivy index in a directory.

    Text is brought to NFKC, split where neither letters nor digits stand, lower-cased, stripped of accents and stemmed
    for English. Not safe for changing and searching at once; `Corpus` holds the lock.
    """

    def __init__(self, directory: Path) -> None:
        """Open the index in `directory`, or begin an empty one there.

        Raises:
            DamagedIndex: what stands there cannot be trusted.
        """
        self._directory = directory
        self._digests: dict[str, str] = {}
        self._version = Version()
        directory.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._analyzer = _analyzer()
        try:
            self._verify()
            self._index = tantivy.Index(self._schema, path=str(directory))
            # Left alone, tantivy watches the directory and opens what stands there from a thread of its own.
            self._index.config_reader("manual", 0)
            self._index.register_tokenizer(_ANALYZER, self._analyzer)
        except _BROKEN as error:
            raise DamagedIndex(str(error)) from error
        self.reload()

    def __len__(self) -> int:
        """How many entries there are."""
        return max(0, int(self._searcher.num_docs) - 1)  # the stamp is a document, too

    def rows(self) -> RowIds:
        """The row of every entry, in order."""
        stamp = tantivy.Query.term_query(self._schema, "stamp", _STAMP)
        entries = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, tantivy.Query.all_query()), (tantivy.Occur.MustNot, stamp)]
        )
        hits = self._searcher.search(entries, max(1, len(self)), count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.sort(np.array(rows, dtype=np.int64))

    @property
    def version(self) -> Version:
        """The version of the store that the searchable entries belong to; `Version()` for an empty index."""
        return self._version

    def reload(self) -> None:
        """See what another process has committed since.

        Raises:
            DamagedIndex: the files are not those of a lexical index any more.
        """
        try:
            self._index.reload()
            self._searcher = self._index.searcher()
            found = self._searcher.search(tantivy.Query.term_query(self._schema, "stamp", _STAMP), 1).hits
            if found:
                stamp = self._searcher.doc(found[0][1])
                self._version = Version(int(stamp["generation"][0]), str(stamp["token"][0]))
            else:
                self._version = Version()
        except _BROKEN as error:
            raise DamagedIndex(str(error)) from error

    def update(self, remove: Sequence[int] | None, add: Iterable[Entry], version: Version) -> None:
        """Take rows out (None: all of them), put entries in and commit both with the version, in one step.

        Raises:
            OSError: the disk is full or cannot be written, or another process is writing here.
        """
        try:
            self._commit(remove, add, version)
            self.reload()
        except (ValueError, RuntimeError, DamagedIndex) as error:
            raise OSError(f"the lexical index in {self._directory} cannot be written: {error}") from error
        self._write_manifest()

    def _commit(self, remove: Sequence[int] | None, add: Iterable[Entry], version: Version) -> None:
        writer = self._index.writer(_WRITER_HEAP, 1)
        try:
            writer.garbage_collect_files()  # what a killed process left would be in the way under the same name
            if remove is None:
                writer.delete_all_documents()
            for row in remove or ():
                writer.delete_documents_by_term("row", row)
            for entry in add:
                writer.delete_documents_by_term("row", entry.row)
                writer.add_document(
                    tantivy.Document(
                        row=entry.row,
                        article=list(entry.article_ids),
                        title=normalise(entry.title),
                        text=normalise(entry.text),
                    )
                )
            writer.delete_documents_by_term("stamp", _STAMP)
            writer.add_document(tantivy.Document(stamp=_STAMP, generation=version.generation, token=version.token))
            writer.commit()
            writer.wait_merging_threads()
        finally:
            del writer  # it holds tantivy's own lock until it is gone, and an exception's traceback would keep it

    def search(self, question: str, k: int, article_ids: Sequence[str] | None = None) -> Neighbours:
        """Find the `k` entries with the highest BM25 scores; ties by row id. Only those that share a word with it."""
        if k == 0:
            return _neighbours([], [])
        query = self._query(question)
        if article_ids is not None:
            query = self._restricted(query, "article", list(article_ids))
        return self._run(query, k)

    def scores(self, question: str, rows: RowIds) -> Vectors:
        """BM25 scores of the given rows; 0 where no word is shared. *Shape:* `(len(rows),)`."""
        if len(rows) == 0:
            return np.empty(0, dtype=np.float32)
        found = self._run(self._restricted(self._query(question), "row", rows.tolist()), len(rows))
        by_row = dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True))
        return np.array([by_row.get(row, 0.0) for row in rows.tolist()], dtype=np.float32)

    def _run(self, query: tantivy.Query, k: int) -> Neighbours:
        """The best `k`; where equal scores stand on both sides of that border, rows decide there too."""
        wanted = k + 1
        while True:
            hits = self._searcher.search(query, wanted, count=False).hits
            if len(hits) < wanted or hits[k - 1][0] > hits[-1][0]:
                break
            wanted *= 4
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        found = _neighbours(rows, [score for score, _ in hits])
        return Neighbours(found.rows[:k], found.scores[:k])

    def _query(self, question: str) -> tantivy.Query:
        terms = list(dict.fromkeys(self._analyzer.analyze(normalise(question))))[:_MOST_QUERY_TERMS]
        clauses = [
            (tantivy.Occur.Should, self._boosted(field, term, boost))
            for term in terms
            for field, boost in (("text", 1.0), ("title", TITLE_BOOST))
        ]
        return tantivy.Query.boolean_query(clauses) if clauses else tantivy.Query.empty_query()

    def _boosted(self, field: str, term: str, boost: float) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, term, "freq"), boost)

    def _restricted(self, query: tantivy.Query, field: str, values: list[int] | list[str]) -> tantivy.Query:
        only = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, field, values), 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, only)])

    def _verify(self) -> None:
        """Compare the files with the manifest of the last commit; a crash before it was written counts as damage."""
        manifest = self._directory / _MANIFEST
        if not (self._directory / _META).exists() and not manifest.exists():
            return
        for name, digest in json.loads(manifest.read_bytes()).items():
            if _digest(self._directory / name) != digest:
                raise ValueError(f"{name} is not as it was written")
            if name != _META:  # which every commit changes; segment files never do
                self._digests[name] = digest

    def _write_manifest(self) -> None:
        files = sorted(file for file in self._directory.iterdir() if _is_segment_file(file))
        known = self._digests
        self._digests = {file.name: known.get(file.name) or _digest(file) for file in files}
        content = self._digests | {_META: _digest(self._directory / _META)}
        replace_file(self._directory / _MANIFEST, json.dumps(content).encode())


class TantivyHome:
    """Keeps a `TantivyIndex` in a folder."""

    def open(self, directory: Path) -> TantivyIndex | None:
        """The index that was begun in a data directory; None where none was.

        Raises:
            DamagedIndex: its files are not as they were written.
        """
        folder = directory / LEXICAL
        return TantivyIndex(folder) if (folder / _META).exists() else None

    def restart(self, directory: Path) -> TantivyIndex:
        """Begin an empty index in place of whatever is there. Only for who holds the right to write."""
        folder = directory / LEXICAL
        if folder.exists():
            shutil.rmtree(folder)
        return TantivyIndex(folder)

    def refresh(self, index: TantivyIndex) -> None:
        """See what another process has committed since.

        Raises:
            DamagedIndex: the files are not those of a lexical index any more.
        """
        index.reload()


def normalise(text: str) -> str:
    """NFKC: an accent typed as one character and as two is the same accent to a searcher."""
    return unicodedata.normalize("NFKC", text)


def _neighbours(rows: list[int], scores: list[float]) -> Neighbours:
    row_ids = np.array(rows, dtype=np.int64)
    values = np.array(scores, dtype=np.float32)
    order = np.lexsort((row_ids, -values))
    return Neighbours(row_ids[order], values[order])


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", stored=True, indexed=True, fast=True)
    builder.add_text_field("article", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("stamp", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("generation", stored=True)
    builder.add_text_field("token", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(_LONGEST_TOKEN),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def _is_segment_file(file: Path) -> bool:
    return (
        file.is_file() and not file.name.startswith(".") and file.suffix != ".json" and not file.name.endswith(".lock")
    )


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
