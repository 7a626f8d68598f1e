"""Measures how long questions take while articles are added, against a server that is left alone.

    python -m benchmarks.serving [--articles 1000] [--more 600] [--rounds 60] [--figures docs/figures.json]

Indexes made articles, serves them in a process of its own and asks `rounds` questions. Then it adds `more` other
articles, first with `onrecord index` in a third process, then as many again over HTTP, so that the server itself embeds
them, and asks until each has ended. Needs two cores that nothing else uses.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import TYPE_CHECKING

import httpx

from benchmarks import figures
from benchmarks.corpora import articles, questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_COMMAND = (sys.executable, "-m", "onrecord")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--more", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=60)
    figures.add_option(parser)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="onrecord-serving-") as temporary:
        folder, data = Path(temporary), Path(temporary) / "data"
        _write(folder / "first", options.articles, seed=7)
        _write(folder / "more", options.more, seed=8)
        sent = "\n".join(
            json.dumps({"id": article.source, "text": article.text}) for article in articles(options.more, seed=9)
        )
        subprocess.run(
            [*_COMMAND, "index", str(folder / "first"), "--data", str(data)], check=True, capture_output=True
        )
        asked = questions(options.rounds)
        with _serving(data) as url:
            _ask(url, asked[:5])
            spent = {"idle": _ask(url, asked)}
            with subprocess.Popen(
                [*_COMMAND, "index", str(folder / "more"), "--data", str(data)], stdout=subprocess.DEVNULL
            ) as writer:
                sleep(5)  # until it has read its model
                spent["while another process indexes"] = _ask_while(url, asked, lambda: writer.poll() is None)
            accepted = httpx.post(
                f"{url}v1/articles",
                files={"file": ("more.jsonl", sent)},
                headers={"Prefer": "respond-async"},
                timeout=60,
            )
            job = httpx.URL(url).join(accepted.raise_for_status().headers["location"])
            spent["while the server itself does"] = _ask_while(
                url, asked, lambda: httpx.get(job, timeout=60).json()["status"] in ("queued", "running")
            )
    for name, taken in spent.items():
        print(
            f"{name:30} p50 {statistics.median(taken):6.0f} ms   p95 {_p95(taken):6.0f} ms"
            f"   {_p95(taken) / _p95(spent['idle']):.2f} times idle   ({len(taken)} questions)"
        )
    if options.figures:
        command = f"python -m benchmarks.serving --articles {options.articles} --more {options.more}"
        values = {
            name: {"questions": len(taken), "p95": round(_p95(taken))}
            for name, taken in zip(("idle", "another_process", "itself"), spent.values(), strict=True)
        }
        figures.record(options.figures, "serving", values, command=command, reader=figures.READER)


def _write(folder: Path, count: int, *, seed: int) -> None:
    folder.mkdir()
    for number, article in enumerate(articles(count, seed=seed)):
        (folder / f"{number:05}.txt").write_text(article.text, encoding="utf-8")


def _ask(url: str, asked: Iterable[str]) -> list[float]:
    spent = []
    for question in asked:
        began = perf_counter()
        httpx.get(f"{url}v1/ask", params={"q": question}, timeout=60).raise_for_status()
        spent.append(1000 * (perf_counter() - began))
    return spent


def _ask_while(url: str, asked: Sequence[str], going_on: Callable[[], bool]) -> list[float]:
    spent: list[float] = []
    for question in itertools.cycle(asked):
        if not going_on():
            break
        spent += _ask(url, [question])
    return spent


def _p95(spent: list[float]) -> float:
    return statistics.quantiles(spent, n=20)[18]


@contextmanager
def _serving(data: Path) -> Iterator[str]:
    environment = os.environ | {"ONRECORD_LOG_LEVEL": "error"}
    with subprocess.Popen(
        [*_COMMAND, "serve", "--port", "0", "--data", str(data)], stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        try:
            assert server.stdout is not None  # noqa: S101 - it was asked for
            url = server.stdout.readline().split()[2]
            while not httpx.get(f"{url}readyz").is_success:
                sleep(0.2)
            yield url
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
