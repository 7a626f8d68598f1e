"""Where libraries say that sentences end, on the lines of tests/unit/index/passages/sentences.txt; a table for docs.

    python -m benchmarks.sentences [LIBRARY …]

Those that are not named and not installed are left out: none but the one that the product uses is asked for by it.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LINES = Path(__file__).parents[1] / "tests/unit/index/passages/sentences.txt"
BEYOND = "beyond rules"
"""The kind of the lines that no rule can tell; they count here, and no test asks for them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, the sentences it is made of, and what is hard about it."""

    kind: str
    text: str
    sentences: tuple[str, ...]


def lines(path: Path = LINES) -> list[Line]:
    """Read the file of lines: “ | ” stands between sentences, “## ” before a kind, “# ” before a comment."""
    found: list[Line] = []
    kind = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind = line.removeprefix("## ")
        elif line and not line.startswith("#"):
            found.append(Line(kind, line.replace(" | ", " "), tuple(line.split(" | "))))
    return found


def _ours(_: Any) -> Callable[[str], Iterable[str]]:
    from onrecord.index.passages.sentences import sentences  # noqa: PLC0415 - the others are measured without it

    return lambda text: [text[each.start : each.end] for each in sentences.__wrapped__(text)]


def _spacy(library: Any) -> Callable[[str], Iterable[str]]:
    pipeline = library.blank("en")
    pipeline.add_pipe("sentencizer")
    return lambda text: [each.text for each in pipeline(text).sents]


LIBRARIES: dict[str, tuple[str, Callable[[Any], Callable[[str], Iterable[str]]]]] = {
    "sentencex with our rules": ("sentencex", _ours),
    "sentencex": ("sentencex", lambda library: lambda text: library.segment("en", text)),
    "pysbd": ("pysbd", lambda library: library.Segmenter(language="en", clean=False).segment),
    "nupunkt": ("nupunkt", lambda library: library.sent_tokenize),
    "nupunkt, adaptive": ("nupunkt", lambda library: library.sent_tokenize_adaptive),
    "spaCy's sentencizer": ("spacy", _spacy),
}


def _ends(parts: Iterable[str]) -> set[int]:
    """After how many characters that are not white space each sentence but the last one ends."""
    ends, at = [], 0
    for part in parts:
        at += len("".join(part.split()))
        ends.append(at)
    return set(ends[:-1])


def row(name: str, split: Callable[[str], Iterable[str]], asked: Sequence[Line]) -> str:
    """One library's row: lines that are right, ends too many and too few, milliseconds a line."""
    right = too_many = too_few = 0
    split(asked[0].text)
    began = perf_counter()
    parts = [[each for each in split(line.text) if each.strip()] for line in asked]
    took = 1000 * (perf_counter() - began) / len(asked)
    for line, found in zip(asked, parts, strict=True):
        wanted, got = _ends(line.sentences), _ends(found)
        right += wanted == got
        too_many += len(got - wanted)
        too_few += len(wanted - got)
    return f"| {name} | {right} of {len(asked)} | {too_many} | {too_few} | {took:.2f} |"


def main(names: Sequence[str]) -> None:
    """Print the table of the libraries that are installed, or of those named."""
    print("| | lines right | ends too many | ends too few | ms a line |\n|---|---|---|---|---|")
    for name, (module, load) in LIBRARIES.items():
        if (not names or name in names) and importlib.util.find_spec(module):
            print(row(name, load(importlib.import_module(module)), lines()))


if __name__ == "__main__":
    main(sys.argv[1:])
