"""How figures become text: a section's values in sentences and rows of tables, and where they are from.

Text has holes, `{name:.1f}`; `{…:share}` is .931, `{…:short}` .93.
"""

from __future__ import annotations

import string
import textwrap
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.figures import FIGURES, READER, Section, read, weights_of

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]
SQUAD2, NEWSQA = "squad2_dev16", "newsqa_dev_a"
SEARCHES = ("bm25", "dense", "fusion")
DIAGRAM = ROOT / "docs" / "reliability.svg"
NEWS = {"fast": "news.reader", "accurate": "news.accurate"}
READERS = {"fast": "", "accurate": ".accurate"}
"""How the sections of a reader end."""

fill = partial(textwrap.fill, width=130, break_long_words=False, break_on_hyphens=False)


@cache
def sections() -> dict[str, Section]:
    """Every section of `docs/figures.json`."""
    return read(ROOT / FIGURES)


@cache
def shipped(reader: str) -> str:
    """The weights of a reader in the repository."""
    return weights_of(ROOT / READER if reader == "fast" else ROOT / READER.parent / reader)


def origin(*names: str, times: bool = False) -> str:
    """When and with which reader sections were measured, and for times on what machine."""
    days = sorted({sections()[name].measured for name in names})
    readers = sorted({reader_of(name) for name in names} - {""})
    parts = [
        f"Measured {' and '.join(days)}",
        *([f"on {machine_of(*names)}"] if times else []),
        *([f"with {' and '.join(readers)}"] if readers else []),
    ]
    return blocks(fill(f"{' '.join(parts)}."), notes_of(*names))


def origin_of(*names: str, times: bool = False) -> str:
    """Where sections of both readers are from."""
    ends = READERS.values()
    return origin(*(f"{name}{end}" for name in names for end in ends if f"{name}{end}" in sections()), times=times)


class _Formatter(string.Formatter):
    """Knows a share as a page writes it: .931, or in short .93."""

    def format_field(self, value: Any, spec: str) -> str:
        places = {"share": 3, "short": 2}.get(spec)
        return super().format_field(value, spec) if places is None else f"{value:.{places}f}".removeprefix("0")


def told(text: str, values: Mapping[str, Any]) -> str:
    """Fill the holes of a text."""
    return _Formatter().vformat(text, (), values)


def reader_of(name: str) -> str:
    """Which reader a section was measured with; empty where none took part."""
    weights = sections()[name].weights
    if not weights:
        return ""
    reader = "accurate" if name.endswith(".accurate") else "fast"
    return f"`{reader}` ({weights})" if weights == shipped(reader) else f"an earlier `{reader}` ({weights})"


def machine_of(*names: str) -> str:
    """On what machine sections were measured, and whether it was busy."""
    machines = [sections()[name].machine for name in names]
    cores, processor = machines[0]["cores"], machines[0]["processor"]
    load = max(each.get("load", 0) for each in machines)
    busy = f", other work beside it (load {load:.0f}), so longer than alone" if load > cores + 1 else ""
    return f"{cores} cores of an {processor}{busy}" if cores > 1 else f"one core of an {processor}{busy}"


def notes_of(*names: str) -> str:
    """What else has to be known of sections."""
    notes = dict.fromkeys(sections()[name].note for name in names)
    return fill(" ".join(note for note in notes if note))


def values_of(name: str) -> Mapping[str, Any]:
    """The values of a section."""
    return sections()[name].values


def by_reader(name: str) -> dict[str, Mapping[str, Any]]:
    """The values of a section of each reader that has it, by the reader's name."""
    measured = {reader: f"{name}{end}" for reader, end in READERS.items()}
    return {reader: values_of(section) for reader, section in measured.items() if section in sections()}


def cells(row: str, values: Mapping[str, Any]) -> list[str]:
    """A row of a table, from a text with holes and bars between its cells."""
    return told(row, values).split("|")


def hits(asked: str) -> list[str]:
    """How often the right passage of an open corpus stands first: by each search, then by each reader."""
    measured = by_reader(f"reader.open.{asked}")
    found = [*(measured["fast"][search] for search in SEARCHES), *(values["reader"] for values in measured.values())]
    return [told("{share:share}", {"share": each["hit_at_1"] / 100}) for each in found]


def paragraph(text: str, **values: Any) -> str:
    """A paragraph of a page, from a text with holes."""
    return fill(told(" ".join(text.split()), values))


def item(text: str, *, mark: str = "- ", **values: Any) -> str:
    """An item of a list, from a text with holes."""
    return fill(told(" ".join(text.split()), values), initial_indent=mark, subsequent_indent=" " * len(mark))


def blocks(*blocks: str) -> str:
    """Blocks of a page, one below another; empty ones are left out."""
    return "\n\n".join(block for block in blocks if block)
