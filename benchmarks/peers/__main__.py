"""Measures On Record and its peers with the same passages, weights and questions.

    python -m benchmarks.peers --data DIR [--cache .onrecord/bench/peers] [--systems onrecord haystack txtai]
        [--sets seed squad2 newsqa] [--limit N] [--json FILE] [--figures docs/figures.json]

`DIR` holds the public sets that docs/evaluation.md names; without it only the seed cases are asked. Each peer runs in
an environment of its own, made below `--cache` on the first run; each system is one child process a set, one after
another, with the same number of threads. Peers are measured twice where articles have titles: given each passage as it
stands, and with its article's title in front. `--limit` asks fewer questions of a cut corpus: for a try, not for
figures. Writes `outputs.jsonl` (what every system gave back) and `figures.json` below `--cache`, and prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import figures as documented
from benchmarks.peers import child, environments
from benchmarks.peers.child import Place, SystemFailed
from benchmarks.peers.environments import CannotInstall
from benchmarks.peers.export_hf import export
from benchmarks.peers.questions import QuestionSet, newsqa, seed_cases, squad2
from benchmarks.peers.report import ColdStart, Measured, NotRun, tables, values
from benchmarks.peers.scoring import figures
from training.network.start import base_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ONRECORD, PEERS = "onrecord", ("haystack", "txtai")
CASES = Path("seeds/asadi.qa.yaml")
COLD_STARTS = 3
SYSTEMS = Path(__file__).parent / "systems"
SETS: dict[str, Callable[[Path, int | None], QuestionSet]] = {
    "seed": lambda _, limit: seed_cases(CASES, limit),
    "squad2": squad2,
    "newsqa": newsqa,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="where the public sets are")
    parser.add_argument("--cache", type=Path, default=Path(".onrecord/bench/peers"))
    parser.add_argument("--systems", nargs="+", choices=(ONRECORD, *PEERS), default=[ONRECORD, *PEERS])
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--limit", type=int, help="ask so many questions of each set, for a try")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    documented.add_option(parser)
    options = parser.parse_args()
    if options.figures and options.limit:
        parser.error("--limit is for a try, not for --figures")
    if options.data is None:
        options.sets = ["seed"]
    options.cache.mkdir(parents=True, exist_ok=True)

    files = [options.cache / "figures.json", *([options.json] if options.json else [])]
    results = Results(options.threads, options.limit, files)
    places = list(_places(options, results))
    with (options.cache / "outputs.jsonl").open("w", encoding="utf-8") as outputs:
        for name in options.sets:
            asked = SETS[name](options.data, options.limit)
            titles = any(article.title for article in asked.articles)
            for place in (each for each in places if titles or not each.titled):
                with results.noting(place, asked.name):
                    results.measured.append(_measure(place, asked, outputs.write))
    for place in (each for each in places if not each.titled):
        with results.noting(place, "cold start"):
            results.starts.append(_cold_start(place))
    told = values(results.measured, results.starts)
    print(tables(told, results.missing))
    if results.missing:
        sys.exit(1)
    if options.figures:
        command = "python -m benchmarks.peers --data DATA"
        documented.record(options.figures, "peers", told, command=command, reader=documented.READER)


@dataclass(slots=True)
class Results:
    """What was measured so far; written after each step, so that a run that is cut short has not been for nothing."""

    threads: int
    limit: int | None
    files: list[Path]
    measured: list[Measured] = field(default_factory=list)
    starts: list[ColdStart] = field(default_factory=list)
    missing: list[NotRun] = field(default_factory=list)

    @contextmanager
    def noting(self, place: Place, what: str) -> Iterator[None]:
        """Note a system that fails as not run, and write the files."""
        try:
            yield
        except SystemFailed as error:
            self.missing.append(NotRun(place.label, what, str(error)))
        content = {
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": _machine(self.threads),
            "limit": self.limit,
            "measured": [asdict(each) for each in self.measured],
            "cold_starts": [asdict(each) for each in self.starts],
            "not_run": [asdict(each) for each in self.missing],
        }
        for file in self.files:
            file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _places(options: argparse.Namespace, results: Results) -> Iterator[Place]:
    """Where each system runs; peers get the reader's weights and the embedder's folder."""
    reader = (options.cache / "reader").resolve()
    export(reader)
    for name in options.systems:
        script = SYSTEMS / f"ask_{name}.py"
        if name == ONRECORD:
            yield Place(name, Path(sys.executable), script, None, None, options.threads)
            continue
        try:
            python = environments.python_of(name, options.cache)
        except CannotInstall as error:
            results.missing.append(NotRun(name, "everything", str(error)))
        else:
            plain = Place(name, python, script, base_folder(), reader, options.threads)
            yield plain
            yield replace(plain, titled=True)


def _measure(place: Place, asked: QuestionSet, write: Callable[[str], Any]) -> Measured:
    before = os.getloadavg()[0]
    print(
        f"{place.label} on {asked.name}: {len(asked.passages)} passages, {len(asked.questions)} questions",
        file=sys.stderr,
    )
    run = child.run(place, asked, [question.text for question in asked.questions])
    for question, told in zip(asked.questions, run.told, strict=True):
        row = {"set": asked.name, "system": place.label, "question": question.text, "golds": question.golds}
        write(json.dumps({**row, "right": sorted(question.right), **asdict(told)}, ensure_ascii=False) + "\n")
    return Measured(
        set=asked.name,
        system=place.label,
        passages=len(asked.passages),
        figures=figures(asked.questions, run.told),
        versions=run.versions,
        load_seconds=run.loaded,
        index_seconds=run.indexed,
        peak_mib=run.peak_mib,
        load_average=(before, os.getloadavg()[0]),
    )


def _cold_start(place: Place) -> ColdStart:
    asked = seed_cases(CASES, 1)
    question = [each.text for each in asked.questions]
    seconds = tuple(child.run(place, asked, question).first_answer for _ in range(COLD_STARTS))
    return ColdStart(place.label, seconds, statistics.median(seconds))


def _machine(threads: int) -> dict[str, Any]:
    return documented.machine() | {
        "threads": threads,
        "system": platform.platform(),
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    main()
