"""The room's front door: a directory of articles that can be added to, removed from and searched.

    .onrecord/
      corpus.db       SQLite, the truth            (index.store.store)
      vectors.faiss   nearest vectors, derived     (index.search.vectors)
      lexical/        BM25, derived                (index.search.lexical)
      write.lock      held by whoever changes something

A change is committed to SQLite first; the derived indexes follow. Each of them knows the generation it was built for,
and no search runs before both are at the generation that the search reads from SQLite, so a crash between the steps
costs a catch-up and never a wrong passage.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from onrecord.index.errors import CorruptStore, StoreError
from onrecord.index.layout import DATABASE
from onrecord.index.preparation import embedded_texts, known_before, made_by, prepare
from onrecord.index.records import Article, ArticleContents, ArticleSummary, Change, Filter, Hit, SearchResult, Size
from onrecord.index.search.apart import linked_apart
from onrecord.index.search.derived import DerivedIndexes, Homes
from onrecord.index.search.fuse import fuse
from onrecord.index.search.lexical import TantivyHome
from onrecord.index.search.vectors import FaissHome
from onrecord.index.store.store import Store
from onrecord.index.store.write_lock import WriteLock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from onrecord.index.embedding.embedder import Embedder, Vectors
    from onrecord.index.records import Passage, Progress
    from onrecord.index.search.protocols import LexicalHome, VectorHome
    from onrecord.index.store.fetches import Fetch
    from onrecord.index.store.rows import RowIds

logger = logging.getLogger(__name__)

POOL = 100
"""How many candidates each of the two searches brings to the fusion."""


class Corpus:
    """Articles on disk, searchable. Safe to share between threads; other processes may use the directory too.

    Open one with `Corpus.open`; close it, or use it as a context manager.
    """

    def __init__(self, directory: Path, embedder: Embedder, homes: Homes, progress: Progress, *, wait: bool) -> None:
        self._embedder = embedder
        self._made_by = made_by(embedder)
        self._progress = progress
        self._wait = wait
        self._lock = RLock()  # guards the connection and the derived indexes: held for a search or a commit
        self._changing = RLock()  # one change at a time: held while embedding too, so searches go on beside it
        self._write_lock = WriteLock(directory)
        self._store = Store(directory / DATABASE, lambda: self._write_lock.held(wait=wait))
        self._apart = None
        try:
            self._make_anew()
            derived, lock = directory, self._write_lock
            if self._store.read_only:
                self._apart = linked_apart(directory)
                derived = Path(self._apart.name)
                lock = WriteLock(derived)
            self._derived = DerivedIndexes(
                derived, self._store, lock, homes, fingerprint=self._made_by, progress=progress
            )
            with self._derived.current():
                pass
            self._derived.save()
        except BaseException:
            self._let_go()
            raise

    @classmethod
    def open(  # noqa: PLR0913 - one keyword for each choice
        cls,
        directory: Path,
        embedder: Embedder,
        *,
        vector_index: VectorHome[Any] | None = None,
        lexical_index: LexicalHome[Any] | None = None,
        progress: Progress | None = None,
        wait: bool = False,
    ) -> Corpus:
        """Open the corpus in a directory, or begin one there. One that cannot be written can be asked all the same.

        Derived indexes that lag are caught up, damaged ones rebuilt. What another embedder or earlier rules of cutting
        left is made anew of the articles' texts, and a directory of an earlier schema is brought to the present one.

        Args:
            directory: where everything stands.
            embedder: gives passages and questions their vectors.
            vector_index: keeps the index of vectors; by default FAISS.
            lexical_index: keeps the index of words; by default tantivy.
            progress: told how far what takes long has come.
            wait: changes wait for another process that is writing, instead of being refused.

        Raises:
            CorruptStore: the database is damaged.
            UnsupportedStore: the directory holds something else, or a schema this version does not know.
            StoreBusy: another process keeps writing.
            StoreError: the directory cannot be made or written.
            ModelUnavailable: the embedder's model is missing.
        """
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The data directory {directory} cannot be made: {error.strerror}.", hint="Choose another with --data."
            ) from error
        homes = Homes(vector_index or FaissHome(), lexical_index or TantivyHome())
        return cls(directory, embedder, homes, progress or _silent, wait=wait)

    def close(self) -> None:
        """Save what is worth saving and let go of the files."""
        with self._lock:
            self._derived.save()
            self._let_go()

    def _let_go(self) -> None:
        self._store.close()
        if self._apart is not None:
            self._apart.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def generation(self) -> int:
        """How many changes have been committed."""
        with self._lock:
            return self._store.version.generation

    @property
    def read_only(self) -> bool:
        """Whether the directory cannot be written, so that every change is refused."""
        return self._store.read_only

    @property
    def size(self) -> Size:
        """How much there is."""
        with self._lock:
            return self._store.size

    def add(self, articles: Sequence[Article], *, progress: Progress | None = None) -> tuple[Change, ...]:
        """Add articles, or replace those with the same id, in one transaction. Returns what happened to each, in order.

        An article that is there with the same content is left as it is, and a passage that an article had before keeps
        its vector.

        Raises:
            StoreBusy: another process is writing.
        """
        latest = {article.id: article for article in articles}
        with self._writer():
            with self._lock, self._derived.current():
                changes = {key: self._change(article) for key, article in latest.items()}
            changed = [latest[key] for key, change in changes.items() if change is not Change.UNCHANGED]
            if changed:
                known: dict[str, Vectors] = {}
                for article in changed:
                    known |= self._known_vectors(article.id)
                prepared = prepare(changed, self._embedder, known, progress or self._progress)
                with self._lock:
                    with self._store.writing() as generation:
                        self._store.set_fingerprint(self._made_by)
                        for new in prepared:
                            self._store.put(new, generation)
                    self._follow()
        return tuple(changes[article.id] for article in articles)

    def remove(self, article_id: str) -> None:
        """Remove an article; when this returns, nothing of it can be found any more.

        Raises:
            ArticleNotFound: there is none with that id.
            StoreBusy: another process is writing.
        """
        with self._writer(), self._lock:
            with self._store.writing() as generation:
                self._store.delete(article_id, generation)
            self._follow()

    def compact(self) -> None:
        """Give the room of what was removed back to the disk; nothing that can be found changes.

        Raises:
            StoreBusy: another process is writing.
            StoreError: there is not enough room to write the database anew.
        """
        with self._writer(), self._lock:
            self._store.compact()

    def articles(self) -> tuple[ArticleSummary, ...]:
        """Every article, by title and id."""
        with self._lock:
            return tuple(self._store.catalogue.summaries())

    def sources(self) -> dict[str, str]:
        """The title of each article by what it is known by."""
        with self._lock:
            return self._store.catalogue.sources()

    def article(self, article_id: str) -> Article:
        """One article.

        Raises:
            ArticleNotFound: there is none with that id.
        """
        with self._lock:
            return self._store.catalogue.article(article_id)

    def contents(self, article_id: str) -> ArticleContents:
        """One article with its passages of every kind, both of one generation.

        Raises:
            ArticleNotFound: there is none with that id.
        """
        with self._lock, self._store.reading():
            article = self._store.catalogue.article(article_id)
            passages = tuple(stored.passage for stored in self._store.catalogue.passages(article))
            return ArticleContents(article, passages, self._store.catalogue.near_duplicates(article_id))

    def fetches(self) -> tuple[Fetch, ...]:
        """Every URL that articles were fetched from, the first that is due in front."""
        with self._lock:
            return tuple(self._store.fetches())

    def note_fetch(self, fetch: Fetch) -> None:
        """Remember that a URL was fetched, once its articles have been added.

        Raises:
            StoreBusy: another process keeps writing.
        """
        with self._lock:
            self._store.note_fetch(fetch)

    def search(self, query: str, *, k: int, where: Filter | None = None) -> SearchResult:
        """Find the `k` passages most relevant to a query among the articles that a filter keeps, best first.

        The filter acts inside both searches, so it never starves the result.

        Raises:
            StoreBusy: another process keeps changing the corpus.
        """
        with self._lock:
            if not self._store.catalogue.is_searchable():  # then the model need not be loaded
                return SearchResult((), self._store.version.generation, 0)
        vector = self._embedder.encode_query(query)
        with self._lock, self._derived.current() as version:
            article_ids, only, searchable = self._restriction(where)
            rows, fused, dense, bm25 = self._candidates(query, vector, k, article_ids, only)
            best = np.lexsort((rows, -fused))[:k]
            found = self._store.catalogue.hits(rows[best].tolist(), where or Filter())
            hits = tuple(
                _hit(*found[int(rows[i])], score=float(fused[i]), dense=float(dense[i]), bm25=float(bm25[i]))
                for i in best
            )
            return SearchResult(hits, version.generation, searchable)

    def _restriction(self, where: Filter | None) -> tuple[list[str] | None, RowIds | None, int]:
        if where is None or not where.restricts:
            return None, None, len(self._derived.vectors or ())
        article_ids, rows = self._store.catalogue.matching(where)
        return article_ids, rows, len(rows)

    def _candidates(
        self, query: str, vector: Vectors, k: int, article_ids: list[str] | None, only: RowIds | None
    ) -> tuple[RowIds, Vectors, Vectors, Vectors]:
        """The union of what the two searches find, each candidate with its fused, dense and BM25 score."""
        vectors, lexical = self._derived.vectors, self._derived.lexical
        if vectors is None:
            nothing = np.empty(0, dtype=np.float32)
            return np.empty(0, dtype=np.int64), nothing, nothing, nothing
        pool = max(k, POOL)
        rows = np.union1d(vectors.search(vector, pool, only).rows, lexical.search(query, pool, article_ids).rows)
        dense = vectors.scores(vector, rows)
        bm25 = lexical.scores(query, rows)
        return rows, fuse(dense, bm25), dense, bm25

    def _change(self, article: Article) -> Change:
        """What adding an article would do; one that is stored and damaged is replaced by the same words."""
        if self._store.catalogue.content_hash(article.id) is None:
            return Change.ADDED
        try:
            same = self._store.catalogue.article(article.id).content_hash == article.content_hash
        except CorruptStore:
            same = False
        return Change.UNCHANGED if same else Change.CHANGED

    def _known_vectors(self, article_id: str) -> dict[str, Vectors]:
        """The vectors of an article that is stored, by what was embedded; none where it is damaged."""
        with self._lock, self._store.reading():
            if self._store.catalogue.content_hash(article_id) is None:
                return {}
            try:
                article = self._store.catalogue.article(article_id)
                stored = self._store.catalogue.passages(article)
            except CorruptStore as error:
                logger.warning("%s", error.message)
                return {}
            texts = embedded_texts(article, [each.passage for each in stored])
            return {texts[each.passage.ordinal]: each.vector for each in stored if each.vector is not None}

    def _make_anew(self) -> None:
        """Cut all articles again where another embedder or earlier rules made their passages, in one transaction.

        Vectors of what is embedded as before are kept. A directory of earlier rules that cannot be written is asked as
        it stands.
        """
        if self._is_present():
            return
        if self._store.read_only and self._store.fingerprint == made_by(self._embedder, 1):
            self._made_by = self._store.fingerprint
            return
        with self._writer():
            if self._is_present():  # another process has just done it
                return
            before = self._store.fingerprint
            logger.warning("the passages are from %s: cutting and embedding every article again", before)
            with self._store.writing() as generation:
                summaries = self._store.catalogue.summaries()
                for done, summary in enumerate(summaries):
                    self._progress("embedding again", done, len(summaries))
                    article = self._store.catalogue.article(summary.id)
                    known: dict[str, Vectors] = {}
                    if before == made_by(self._embedder, 1):
                        known = known_before(article, self._store.catalogue.passages(article))
                    (new,) = prepare([article], self._embedder, known, _silent)
                    self._store.put(new, generation)
                self._store.set_fingerprint(self._made_by)
            self._progress("embedding again", len(summaries), len(summaries))

    def _is_present(self) -> bool:
        return self._store.fingerprint in ("", self._made_by)

    def _follow(self) -> None:
        """Bring the derived indexes to what has just been committed."""
        with self._derived.current():
            pass

    @contextmanager
    def _writer(self) -> Iterator[None]:
        """The right to change the corpus, among threads and processes. Taken before `_lock`, never inside it."""
        with self._changing, self._write_lock.held(wait=self._wait):
            yield


def _silent(_what: str, _done: int, _total: int) -> None:
    """Report no progress."""


def _hit(article: Article, passage: Passage, *, score: float, dense: float, bm25: float) -> Hit:
    return Hit(passage, article, passage.lead.of(article.text), score=score, dense=dense, lexical=bm25)
