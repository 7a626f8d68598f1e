"""Measures how long a question takes: search, reading and the whole, and what the process needs.

    [ONRECORD_READER=fast] python -m benchmarks.latency [--cases seeds/asadi.qa.yaml] [--rounds 5] [--figures FILE]

Asks every question of a case file `rounds` times, after one round that warms up, in one process without a server; the
fast reader alone also reads a batch of 16 passages of 80 tokens. Prints medians and 95th percentiles in milliseconds.
"""

from __future__ import annotations

import argparse
import resource
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks import figures
from onrecord.api.evaluation.runs import open_articles
from onrecord.api.settings import load_settings
from onrecord.api.wiring import ACCURATE, FAST
from onrecord.index.records import Article, Hit, Passage, PassageKind
from onrecord.rag.cases.files import load
from onrecord.rag.reading.accurate.base_weights import installed
from onrecord.rag.reading.cross_encoder import CrossEncoderReader

PASSAGE_WORDS = 69
"""With question and separators, 80 tokens of the reader's vocabulary."""


def batch_of_sixteen() -> list[Hit]:
    """Sixteen passages of plain words."""
    text = " ".join(["harbour", "council", "bridge", "money", "people", "water"] * 12)
    words = text.split()[:PASSAGE_WORDS]
    article = Article.create(source="text:latency", text=" ".join(words), title="")
    passage = Passage.of(article, ordinal=0, paragraph=1, start=0, end=len(article.text), kind=PassageKind.BODY)
    return [Hit(passage, article, "", score=0.5, dense=0.5, lexical=1.0)] * 16


def summary(name: str, milliseconds: list[float]) -> dict[str, float]:
    """Median and 95th percentile, printed as one line, too."""
    made = {"p50": statistics.median(milliseconds), "p95": statistics.quantiles(milliseconds, n=20)[18]}
    print(f"{name:36} p50 {made['p50']:7.1f} ms   p95 {made['p95']:7.1f} ms   ({len(milliseconds)} times)")
    return {percentile: round(value, 1) for percentile, value in made.items()}


def sixteen_passages(threads: int, times: int) -> dict[str, float]:
    """What the fast reader takes for a batch of sixteen, without the first five."""
    reader, hits, spent = CrossEncoderReader(threads=threads), batch_of_sixteen(), []
    for _ in range(times):
        began = perf_counter()
        reader.read("How much does the bridge cost?", hits)
        spent.append(1000 * (perf_counter() - began))
    return summary("read 16 passages of 80 tokens", spent[5:])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, default=Path("seeds/asadi.qa.yaml"))
    parser.add_argument("--rounds", type=int, default=5)
    figures.add_option(parser)
    options = parser.parse_args()
    settings = load_settings()
    kind = settings.reader or (ACCURATE if installed() else FAST)
    if kind not in (ACCURATE, FAST):
        parser.error(f"measured are {ACCURATE} and {FAST}, and ONRECORD_READER names another reader")
    case_file = load(options.cases)
    questions = [case.as_question() for case in case_file.cases]
    with TemporaryDirectory(prefix="onrecord-latency-") as directory:
        began = perf_counter()
        services = open_articles(case_file, load_settings(data_dir=Path(directory)))
        start = perf_counter() - began
        print(f"{'start, models and indexing':36} {start:7.1f} s")
        with services.corpus:
            for question in questions:
                services.pipeline.ask(question)
            timings = [services.pipeline.ask(question).timings for _ in range(options.rounds) for question in questions]
    values: dict[str, object] = {
        "reader": kind,
        "questions": len(timings),
        "start_seconds": round(start, 1),
        "search": summary("search", [each.search for each in timings]),
        "read": summary("read", [each.read for each in timings]),
        "whole": summary("whole question", [each.total for each in timings]),
    }
    if kind == FAST:
        values["sixteen_passages"] = sixteen_passages(settings.threads, 10 * options.rounds)
    values["peak_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(f"{'peak memory of the process':36} {values['peak_mib']:7} MiB")
    if options.figures:
        command = f"python -m benchmarks.latency --cases {options.cases} --rounds {options.rounds}"
        figures.record(
            options.figures,
            "latency" if kind == FAST else f"latency.{kind}",
            values,
            command=f"ONRECORD_READER={FAST} {command}" if kind == FAST else command,
            reader=figures.READER if kind == FAST else figures.READER.parent / kind,
        )


if __name__ == "__main__":
    main()
