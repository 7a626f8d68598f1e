"""Measures a corpus of many articles: how fast it is made, and what it needs in memory, on disk, to open and to search.

    python -m benchmarks.size [--articles 20000] [--minutes M] [--data DIRECTORY] [--threads 1] [--without-model]
        [--figures docs/figures.json]

Articles are made from word lists (`benchmarks.corpora`) and added 64 at a time with the default embedder. With `--data`
the directory is kept: run again after a kill, it goes on with the first article that was not committed. After
`--minutes` nothing more is added, and what is there by then is measured.
`--without-model` makes vectors of the same length from words alone, in a fraction of the time: what it tells of memory,
disk, opening and searching holds for the model, too, but for what the model itself needs.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import resource
import statistics
import subprocess
import sys
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil  # type: ignore[import-untyped]

from benchmarks import figures
from benchmarks.corpora import articles, questions
from onrecord.api.settings import Settings, load_settings
from onrecord.api.wiring import open_corpus
from onrecord.index.adding.batches import BATCH_ARTICLES
from onrecord.index.corpus import Corpus
from onrecord.index.records import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onrecord.index.embedding.embedder import Vectors
    from onrecord.index.records import Article

QUESTIONS = 300
MIB = 1024**2

_OPEN = """
import json, sys, time
from pathlib import Path
from onrecord.api.settings import load_settings
from onrecord.api.wiring import open_corpus
settings = load_settings(data_dir=Path(sys.argv[1]), threads=int(sys.argv[2]))
began = time.perf_counter()
with open_corpus(settings) as corpus:
    opened = time.perf_counter()
    corpus.articles()
    listed = time.perf_counter()
print(json.dumps({"open": opened - began, "list": listed - opened}))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--without-model", action="store_true")
    figures.add_option(parser)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="onrecord-size-") as temporary:
        data = options.data or Path(temporary)
        settings = load_settings(data_dir=data, threads=options.threads)
        opened = Corpus.open(data, WordEmbedder()) if options.without_model else open_corpus(settings)
        with opened as corpus:
            values = _fill(corpus, options.articles, 60 * options.minutes)
            values["search"] = _search(corpus)
        values["disk_mib"] = _disk(data)
        values["open_seconds"] = _open_words(data) if options.without_model else _open(settings)
    if options.figures:
        name = "size.without_model" if options.without_model else "size"
        command = f"python -m benchmarks.size --articles {options.articles} --threads {options.threads}"
        command += " --without-model" if options.without_model else ""
        figures.record(options.figures, name, values, command=command)


class WordEmbedder:
    """Adds up a fixed random vector for each word."""

    def __init__(self) -> None:
        self._words: dict[str, Vectors] = {}

    @property
    def fingerprint(self) -> str:
        """It never changes."""
        return "words@384"

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages. *Shape:* `(len(texts), 384)`."""
        return np.array([self.encode_query(text) for text in texts], np.float32).reshape(-1, 384)

    def encode_query(self, text: str) -> Vectors:
        """Embed a question. *Shape:* `(384,)`."""
        vector = np.sum([self._vector(word) for word in text.casefold().split() or [""]], axis=0)
        unit: Vectors = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit

    def _vector(self, word: str) -> Vectors:
        if word not in self._words:
            self._words[word] = np.random.default_rng(zlib.crc32(word.encode())).standard_normal(384, np.float32)
        return self._words[word]


def _fill(corpus: Corpus, count: int, limit: float) -> dict[str, Any]:
    """Add the articles for so many seconds, and say on the way how fast it goes and what the process holds."""
    resident = []
    process = psutil.Process()
    began, worked, added, seconds, busy = perf_counter(), process_time(), 0, 0.0, 0.0
    started = began
    every = max(1, count // BATCH_ARTICLES // 40)
    for number, batch in enumerate(_batches(articles(count)), start=1):
        changes = corpus.add(batch)
        if Change.ADDED in changes:
            added += sum(change is Change.ADDED for change in changes)
            seconds, busy = perf_counter() - began, process_time() - worked
        else:
            began, worked = perf_counter(), process_time()  # what an earlier run had committed counts for nothing
        if number % every == 0:
            resident.append([corpus.size.passages, round(process.memory_info().rss / MIB)])
            print(
                f"{corpus.size.articles:>8} articles {corpus.size.passages:>8} passages"
                f" {resident[-1][1]:6} MiB resident {seconds:8.0f} s",
                flush=True,
            )
        if perf_counter() - started > limit:
            break
    size = corpus.size
    print(f"{'articles, passages':32} {size.articles}, {size.passages}")
    values: dict[str, Any] = {"articles": size.articles, "passages": size.passages, "resident_mib": resident}
    if added:
        passages = added / size.articles * size.passages
        values["passages_per_second"] = round(passages / seconds)
        values["passages_per_processor_second"] = round(passages / busy)
        values["peak_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(f"{'added in this run':32} {added} articles, {values['passages_per_second']} passages/s")
        print(f"{'of the processor’s time':32} {values['passages_per_processor_second']} passages/s")
        print(f"{'peak resident memory':32} {values['peak_mib']} MiB")
    return values


def _batches(made: Iterator[Article]) -> Iterator[list[Article]]:
    while batch := list(itertools.islice(made, BATCH_ARTICLES)):
        yield batch


def _search(corpus: Corpus) -> dict[str, float]:
    asked = questions(QUESTIONS)
    corpus.search(asked[0], k=16)
    spent = []
    for question in asked:
        began = perf_counter()
        corpus.search(question, k=16)
        spent.append(1000 * (perf_counter() - began))
    median, ninety_fifth = statistics.median(spent), statistics.quantiles(spent, n=20)[18]
    print(f"{'search, with embedding':32} p50 {median:.1f} ms   p95 {ninety_fifth:.1f} ms")
    print(f"{'resident memory afterwards':32} {psutil.Process().memory_info().rss / MIB:.0f} MiB")
    return {"p50": round(median), "p95": round(ninety_fifth)}


def _disk(data: Path) -> int:
    sizes = {path.name: _size(path) for path in data.iterdir() if not path.name.startswith("corpus.db-")}
    for name, size in sorted(sizes.items(), key=lambda each: -each[1]):
        if size >= MIB:
            print(f"{name:32} {size / MIB:.0f} MiB")
    whole = round(sum(sizes.values()) / MIB)
    print(f"{'on disk':32} {whole} MiB")
    return whole


def _size(path: Path) -> int:
    return (
        sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size
    )


def _open(settings: Settings) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _OPEN, str(settings.data_dir), str(settings.threads)],
        capture_output=True,
        text=True,
        check=True,
    )
    taken = json.loads(done.stdout)
    print(f"{'open in a new process':32} {taken['open']:.2f} s   list the articles {taken['list']:.2f} s")
    return round(float(taken["open"]), 1)


def _open_words(data: Path) -> float:
    began = perf_counter()
    with Corpus.open(data, WordEmbedder()):
        taken = perf_counter() - began
    print(f"{'open':32} {taken:.2f} s")
    return round(taken, 1)


if __name__ == "__main__":
    main()
