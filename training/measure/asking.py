"""Questions asked of an indexed corpus, as serving asks them: what was found, and what the reader made of it."""

import hashlib
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from onrecord.index.corpus import Corpus
from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
from onrecord.index.records import Article, Filter, Hit
from onrecord.rag.evaluation.squad import token_f1
from onrecord.rag.pipeline import CANDIDATES
from onrecord.rag.reading.likeliest import FIRST
from onrecord.rag.reading.reader import Reader, Reading
from training.data.repair import clean_title
from training.data.splits import Row

POOL = 100
RIGHT_F1 = 0.5


@dataclass(frozen=True, slots=True)
class Read:
    """A candidate that was read. ``holds``: it overlaps an answer; ``f1``: of its highlight, the best over answers."""

    reading: Reading
    retrieval: float
    dense: float
    lexical: float
    highlight: str
    holds: bool
    f1: float

    @property
    def right(self) -> bool:
        """Whether the highlight counts as right."""
        return self.f1 > RIGHT_F1


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with the candidates that were read, in order of retrieval.

    golds: the answers' texts, none where the question is to be refused.
    first_dense, first_lexical: whether each of the three best passages by that score alone holds an answer.
    """

    question: str
    golds: tuple[str, ...]
    reads: tuple[Read, ...]
    first_dense: tuple[bool, ...]
    first_lexical: tuple[bool, ...]


def article_of(name: str, row: Row) -> Article:
    """Return the row's context as an article of the set ``name``, as benchmarks.retrieval makes it too."""
    digest = int(hashlib.sha256(row.context.encode()).hexdigest()[:8], 16)
    title = clean_title(row.title, row.source)
    return Article.create(source=f"{name}:{digest}", text=row.context, title=title)


def open_corpus(folder: Path, rows: Iterable[Row], threads: int) -> Corpus:
    """Return the corpus in ``folder``, whose name is the set's, with every context of ``rows`` indexed."""
    corpus = Corpus.open(folder, SentenceTransformerEmbedder(threads=threads))
    known = {summary.id for summary in corpus.articles()}
    articles = {article.id: article for row in rows if (article := article_of(folder.name, row)).id not in known}
    missing = list(articles.values())
    for start in range(0, len(missing), 64):
        corpus.add(missing[start : start + 64])
    return corpus


def ask(corpus: Corpus, name: str, row: Row, reader: Reader, *, among: Collection[str] | None = None) -> Asked:
    """Search and read for a question of the set ``name``, as if only the articles ``among`` were indexed.

    Args:
        corpus: where to search.
        name: the set's, which the ids of its articles depend on.
        row: the question with its context and answers.
        reader: who reads.
        among: ids of the articles to search, all where None. Without the row's own, nothing answers.
    """
    own = article_of(name, row).id
    hidden = among is not None and own not in among
    where = Filter(article_ids=None if among is None else tuple(sorted(among)))
    hits = corpus.search(row.question, k=POOL, where=where).hits
    golds = () if hidden else row.texts()
    candidates = hits[:CANDIDATES]
    reads = [
        _read(hit, reading, golds, holds=not hidden and _holds(hit, own, row))
        for hit, reading in zip(candidates, read_in_parts(reader, row.question, candidates), strict=True)
    ]
    dense = sorted(hits, key=lambda hit: -hit.dense)[:3]
    lexical = sorted(hits, key=lambda hit: -hit.lexical)[:3]
    return Asked(
        question=row.question,
        golds=golds,
        reads=tuple(reads),
        first_dense=tuple(_holds(hit, own, row) for hit in dense),
        first_lexical=tuple(_holds(hit, own, row) for hit in lexical),
    )


def read_in_parts(reader: Reader, question: str, hits: Sequence[Hit]) -> list[Reading]:
    """Read every hit, as many a call as serving does, for what a cascade reads again depends on it."""
    return [
        reading
        for start in range(0, len(hits), FIRST)
        for reading in reader.read(question, hits[start : start + FIRST])
    ]


def _read(hit: Hit, reading: Reading, golds: Sequence[str], *, holds: bool) -> Read:
    span = reading.span
    highlight = hit.article.text[span.start : span.end] if span else ""
    return Read(
        reading=reading,
        retrieval=hit.score,
        dense=hit.dense,
        lexical=hit.lexical,
        highlight=highlight,
        holds=holds,
        f1=max((token_f1(highlight, gold) for gold in golds), default=0.0),
    )


def sample(rows: Sequence[Row], count: int | None, seed: int = 7) -> list[Row]:
    """Return ``count`` rows drawn at random from one seed, all where None."""
    return list(rows) if count is None or count >= len(rows) else random.Random(seed).sample(list(rows), count)


def _holds(hit: Hit, own: str, row: Row) -> bool:
    return hit.article.id == own and any(
        hit.passage.start < span.end and span.start < hit.passage.end for span in row.answers
    )
