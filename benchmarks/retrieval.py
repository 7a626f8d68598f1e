"""Measures retrieval: dense alone, BM25 alone, reciprocal rank fusion, and our fusion at every weight.

    python -m benchmarks.retrieval --data DIR --cache DIR [--sets scifact time …] [--figures docs/figures.json]

`DIR` of `--data` holds the public sets that docs/evaluation.md names. Each set is indexed once below `--cache`, through
the same `Corpus` that serves; a question's candidates are the union of both searches, so every weight is applied to the
very candidates that serving would fuse. Questions are halved by the parity of a digest of their id: weights are chosen
on one half of the tuning sets, and figures are reported on the other half and on sets that took no part in choosing.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ir_measures
import numpy as np
from ir_measures import RR, Success, nDCG

from benchmarks import figures
from onrecord.index.corpus import Corpus
from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
from onrecord.index.records import Article, Hit
from onrecord.index.search.fuse import DENSE_WEIGHT, fuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEPTH = 200
WEIGHTS = tuple(round(0.05 * step, 2) for step in range(21))
RANK_CONSTANT = 60
METRICS = (Success @ 1, RR @ 10, nDCG @ 10)

Ranking = dict[str, float]


@dataclass(frozen=True, slots=True)
class Query:
    """A question with what answers it: document ids, or half-open offsets in one document."""

    id: str
    text: str
    relevant: dict[str, int]
    spans: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TestSet:
    """Articles, questions, and whether a document or a passage is what has to be found."""

    name: str
    articles: list[Article]
    queries: list[Query]
    main: Any
    tuning: bool


def span_set(name: str, file: Path, *, tuning: bool, limit: int | None = None) -> TestSet:
    """Questions with answer spans, as passage retrieval: the passage that holds a gold span must be found."""
    articles: dict[str, Article] = {}
    queries: list[Query] = []
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        for number, line in enumerate(rows):
            row = json.loads(line)
            if row["unanswerable"] or row.get("tokenized_text") or not row["context"].strip():
                continue
            if limit and _digest(row["context"]) % limit:
                continue
            source = f"{name}:{_digest(row['context'])}"
            title = row["title"].replace("_", " ") if not name.startswith("news") else ""
            article = articles.setdefault(source, Article.create(source=source, text=row["context"], title=title))
            spans = tuple((article.id, a["start"], a["start"] + len(a["text"])) for a in row["answers"])
            queries.append(Query(f"{name}-{number}", row["question"], {}, spans))
    return TestSet(name, list(articles.values()), queries, Success @ 1, tuning)


def document_set(name: str, file: Path) -> TestSet:
    """A retrieval collection with judgements on whole documents."""
    with gzip.open(file, "rt", encoding="utf-8") as content:
        data = json.load(content)
    articles = {
        document["id"]: Article.create(
            source=f"{name}:{document['id']}", text=document["text"], title=document["title"]
        )
        for document in data["corpus"]
        if document["text"].strip()
    }
    queries = [
        Query(
            f"{name}-{query['id']}",
            query["text"],
            {articles[document].id: grade for document, grade in data["qrels"].get(query["id"], {}).items()},
        )
        for query in data["queries"]
    ]
    answered = [query for query in queries if query.relevant]
    return TestSet(name, list(articles.values()), answered, nDCG @ 10, tuning=True)


SETS: dict[str, Callable[[Path], TestSet]] = {
    "scifact": lambda data: document_set("scifact", data / "scifact.json.gz"),
    "time": lambda data: document_set("time", data / "time_news.json.gz"),
    "train_spans": lambda data: span_set("train_spans", data / "train_spans.jsonl.gz", tuning=True, limit=12),
    "squad2_dev16": lambda data: span_set("squad2_dev16", data / "squad2_dev16.jsonl.gz", tuning=False),
    "newsqa_dev_a": lambda data: span_set("newsqa_dev_a", data / "newsqa_dev_a.jsonl.gz", tuning=False),
}


def candidates(test: TestSet, corpus: Corpus) -> dict[str, list[Hit]]:
    """The candidates of each question, with both scores."""
    missing = [article for article in test.articles if article.id not in {each.id for each in corpus.articles()}]
    for start in range(0, len(missing), 256):
        corpus.add(missing[start : start + 256])
        print(f"{test.name}: {start + 256}/{len(missing)} articles", file=sys.stderr)
    return {query.id: list(corpus.search(query.text, k=DEPTH).hits) for query in test.queries}


def judged(query: Query, hits: list[Hit]) -> tuple[list[str], dict[str, int]]:
    """What each hit counts as (its document, or itself) and which of these are relevant."""
    if not query.spans:
        return [hit.article.id for hit in hits], query.relevant
    right = {
        hit.passage.id: 1
        for hit in hits
        for document, start, end in query.spans
        if hit.article.id == document and hit.passage.start < end and start < hit.passage.end
    }
    return [hit.passage.id for hit in hits], right or {"missed": 1}


def ranking(keys: list[str], scores: np.ndarray[Any, Any]) -> Ranking:
    """The best score of each document or passage."""
    best: Ranking = {}
    for key, score in zip(keys, scores.tolist(), strict=True):
        best[key] = max(best.get(key, -np.inf), score)
    return best


def systems(hits: list[Hit]) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """Each way of scoring the candidates."""
    dense = np.array([hit.dense for hit in hits], dtype=np.float32)
    lexical = np.array([hit.lexical for hit in hits], dtype=np.float32)
    yield "dense", dense
    yield "bm25", lexical
    yield "rrf", 1 / (RANK_CONSTANT + _ranks(dense)) + (lexical > 0) / (RANK_CONSTANT + _ranks(lexical))
    for weight in WEIGHTS:
        yield f"fused {weight:.2f}", fuse(dense, lexical, dense_weight=weight)


def evaluate(test: TestSet, found: dict[str, list[Hit]]) -> dict[str, dict[str, dict[str, float]]]:
    """For each half of the questions and each system, every metric."""
    runs: dict[str, dict[str, dict[str, Ranking]]] = {"tune": {}, "test": {}}
    judgements: dict[str, dict[str, dict[str, int]]] = {"tune": {}, "test": {}}
    for query in test.queries:
        hits = found[query.id]
        half = "tune" if test.tuning and _digest(query.id) % 2 else "test"
        keys, relevant = judged(query, hits)
        judgements[half][query.id] = relevant
        for system, scores in systems(hits):
            runs[half].setdefault(system, {})[query.id] = ranking(keys, scores)
    return {
        half: {
            system: {str(m): round(v, 4) for m, v in ir_measures.calc_aggregate(METRICS, judgements[half], run).items()}
            for system, run in runs[half].items()
        }
        for half in runs
    }


def reported(test: TestSet, runs: dict[str, dict[str, float]]) -> dict[str, Any]:
    """What the documentation tells of a set: its main metric over the questions that no weight was chosen on."""
    asked = [query for query in test.queries if not (test.tuning and _digest(query.id) % 2)]
    names = {"dense": "dense", "bm25": "bm25", "rrf": "rrf", "fused": f"fused {DENSE_WEIGHT:.2f}"}
    return {
        "questions": len(asked),
        "articles": len(test.articles),
        "metric": "hit@1" if test.main == Success @ 1 else "nDCG@10",
        **{name: runs[system][str(test.main)] for name, system in names.items()},
    }


def main() -> None:
    """Index the sets, measure, print a table and write the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where to write every figure")
    figures.add_option(parser)
    options = parser.parse_args()
    embedder = SentenceTransformerEmbedder(threads=options.threads)
    results = {}
    for name in options.sets:
        test = SETS[name](options.data)
        with Corpus.open(options.cache / name, embedder) as corpus:
            results[name] = evaluate(test, candidates(test, corpus))
        if options.figures:
            command = f"python -m benchmarks.retrieval --data DATA --cache CACHE --sets {name}"
            told = reported(test, results[name]["test"])
            figures.record(options.figures, f"retrieval.{name}", told, command=command)
        for half, rows in results[name].items():
            shown = ["dense", "bm25", "rrf", *(system for system in rows if system.startswith("fused"))]
            for system in shown if rows else ():
                marker = " <- serving" if system == f"fused {DENSE_WEIGHT:.2f}" else ""
                print(f"{name:14}{half:6}{system:12}", *(f"{m} {v:.4f}" for m, v in rows[system].items()), marker)
        print(flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


def _ranks(scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.argsort(np.argsort(-scores, kind="stable"), kind="stable") + 1.0


def _digest(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


if __name__ == "__main__":
    main()
