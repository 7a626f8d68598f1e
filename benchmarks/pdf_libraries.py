"""How well libraries read the words of PDFs, beside Poppler's `pdftotext`, over a folder of real files.

    pip install pdfplumber pypdf pypdfium2; apt-get install poppler-utils
    python -m benchmarks.pdf_libraries FOLDER

There are no expected texts for most public PDFs. The referee is therefore a program that is none of those compared and
that none of them is made of; agreement with it is no proof, but words glued, lost or doubled show. Compared are
the first five pages of every file in which the referee finds at least fifty words. Each file has thirty seconds.
"""

# ruff: noqa: PLC0415 - each library is loaded by itself, and only where it is measured

from __future__ import annotations

import argparse
import logging
import re
import signal
import subprocess
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

MOST_PAGES = 5
FEWEST_WORDS = 50
SECONDS = 30
LOW = 0.9

_WORD = re.compile(r"\w+")
_CUT = re.compile(r"[-\u00ad\u2010\x02]\s*\n\s*|\x02")


class TooSlow(BaseException):
    """A file took longer than it may; no library's `except Exception` catches it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a library read of a file: agreement in words and in pairs of neighbours, from 0 to 1, and its seconds."""

    words: float
    pairs: float
    seconds: float
    failed: bool


def poppler(path: Path) -> str:
    """By the referee."""
    command = ["pdftotext", "-l", str(MOST_PAGES), str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")


def pypdf(path: Path) -> str:
    """By pypdf."""
    from pypdf import PdfReader

    reader = PdfReader(path)
    if reader.is_encrypted:
        reader.decrypt("")
    return "\n".join(reader.pages[n].extract_text() for n in range(min(MOST_PAGES, len(reader.pages))))


def pdfplumber(path: Path) -> str:
    """By pdfplumber, letters drawn twice taken once."""
    import pdfplumber

    with pdfplumber.open(path) as opened:
        return "\n".join(page.dedupe_chars().extract_text() for page in opened.pages[:MOST_PAGES])


def pdfminer(path: Path) -> str:
    """By pdfminer.six, which finds columns by itself."""
    from pdfminer.high_level import extract_text

    return extract_text(path, maxpages=MOST_PAGES)


def pypdfium2(path: Path) -> str:
    """By pdfium."""
    import pypdfium2

    opened = pypdfium2.PdfDocument(path)
    return "\n".join(opened[n].get_textpage().get_text_range() for n in range(min(MOST_PAGES, len(opened))))


def on_record(path: Path) -> str:
    """By this project's reader: pdfium's letters, put together by `index/sources/typeset`."""
    from onrecord.index.sources import Document, read_document

    (article,) = read_document(Document(path.read_bytes(), source=str(path), name=path.name)).articles
    return article.text[: article.pages[MOST_PAGES]] if len(article.pages) > MOST_PAGES else article.text


def words(text: str) -> list[str]:
    """The words of a text, those cut at a line's end whole."""
    return _WORD.findall(unicodedata.normalize("NFKC", _CUT.sub("", text)))


def agreement(one: Iterable[Hashable], other: Iterable[Hashable]) -> float:
    """F1 of two bags."""
    first, second = Counter(one), Counter(other)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def read(reader: Callable[[Path], str], path: Path, expected: list[str]) -> Reading:
    """Have a library read a file and compare it with the referee's words."""
    begun = time.perf_counter()
    signal.alarm(SECONDS)
    try:
        found = words(reader(path))
    except (Exception, TooSlow):  # noqa: BLE001 - however a library fails, it failed
        return Reading(0.0, 0.0, time.perf_counter() - begun, failed=True)
    finally:
        signal.alarm(0)
    took = time.perf_counter() - begun
    return Reading(agreement(expected, found), agreement(pairwise(expected), pairwise(found)), took, failed=False)


def _late(*_: object) -> None:
    raise TooSlow


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    files = sorted(path for path in arguments.parse_args().folder.rglob("*.pdf") if path.is_file())
    logging.disable()
    signal.signal(signal.SIGALRM, _late)
    expected: dict[Path, list[str]] = {}
    for path in files:
        try:
            found = words(poppler(path))
        except subprocess.CalledProcessError:
            continue
        if len(found) >= FEWEST_WORDS:
            expected[path] = found
    print(f"{len(files)} files, {len(expected)} with text\n")
    print(f"| library | words | pairs of words | files below {LOW} | failed | seconds |\n|---|---|---|---|---|---|")
    for reader in (on_record, pypdfium2, pypdf, pdfminer, pdfplumber):
        all_read = [read(reader, path, known) for path, known in expected.items()]
        below, failed = sum(each.words < LOW for each in all_read), sum(each.failed for each in all_read)
        agreed = mean(each.words for each in all_read), mean(each.pairs for each in all_read)
        seconds = sum(each.seconds for each in all_read)
        print(
            f"| {reader.__name__} | {agreed[0]:.3f} | {agreed[1]:.3f} | {below} | {failed} | {seconds:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
