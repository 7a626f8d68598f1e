"""How far what is read of pages is what is expected of them. Pure.

Whole texts are compared by their runs of four words, as zyte's article-extraction-benchmark does; stretches as
trafilatura's evaluation does: found or not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from benchmarks.webpages.expected import Expected

RUN = 4

_WORD = re.compile(r"\w+")
_PARTED = re.compile(r"\s*[,;&]\s*|\s+(?:and|und)\s+")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a page; of one that could not be, nothing."""

    text: str = ""
    title: str = ""
    author: str = ""
    published: date | None = None


def scores(pages: Sequence[tuple[Expected, Read]]) -> dict[str, Any]:
    """Every figure."""
    return {
        "pages": len(pages),
        "texts": _texts(pages),
        "stretches": {
            name: _stretches([each for each in pages if each[0].collection == name])
            for name in sorted({expected.collection for expected, _ in pages if expected.holds})
        },
        "title": _field([(_folded(e.title), _folded(r.title)) for e, r in pages if e.title is not None]),
        "author": _field([(_names(*e.authors), _names(r.author)) for e, r in pages if e.authors is not None]),
        "published": _field([(e.published, r.published) for e, r in pages if e.published is not None]),
    }


def overlap(expected: str, read: str) -> tuple[float, float, float]:
    """How much of what was read was expected, how much of what was expected was read, and F1."""
    wanted, found = _runs(expected), _runs(read)
    common = (wanted & found).total()
    precision = common / found.total() if found else 0.0
    recall = common / wanted.total() if wanted else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return Counter(tuple(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1)) if words)


def _texts(pages: Sequence[tuple[Expected, Read]]) -> dict[str, Any]:
    found = [overlap(expected.text, read.text) for expected, read in pages if expected.text is not None]
    means = [fmean(each) for each in zip(*found, strict=True)] if found else [0.0, 0.0, 0.0]
    return {"pages": len(found), **dict(zip(("precision", "recall", "f1"), means, strict=True))}


def _stretches(pages: Sequence[tuple[Expected, Read]]) -> dict[str, Any]:
    kept = wanted = stray = unwanted = 0
    for expected, read in pages:
        text = _line(read.text)
        kept += sum(_line(stretch) in text for stretch in expected.holds)
        wanted += len(expected.holds)
        stray += sum(_line(stretch) in text for stretch in expected.without)
        unwanted += len(expected.without)
    recall = kept / wanted if wanted else 0.0
    precision = kept / (kept + stray) if kept else 0.0
    return {
        "pages": len(pages),
        "kept": kept,
        "wanted": wanted,
        "stray": stray,
        "unwanted": unwanted,
        "f1": 2 * precision * recall / (precision + recall) if kept else 0.0,
    }


def _field(pairs: Sequence[tuple[object, object]]) -> dict[str, int]:
    """How often a field was as expected, another than expected, missing, and said of a page that does not tell it."""
    return {
        "told": sum(bool(expected) for expected, _ in pairs),
        "right": sum(bool(expected) and expected == read for expected, read in pairs),
        "wrong": sum(bool(expected and read) and expected != read for expected, read in pairs),
        "missing": sum(bool(expected) and not read for expected, read in pairs),
        "untold": sum(not expected for expected, _ in pairs),
        "made_up": sum(bool(read) and not expected for expected, read in pairs),
    }


def _line(text: str) -> str:
    return " ".join(text.split())


def _folded(title: str | None) -> str:
    return " ".join(_WORD.findall((title or "").casefold()))


def _names(*authors: str) -> frozenset[str]:
    return frozenset(_folded(name) for each in authors for name in _PARTED.split(each) if name)
