"""Every figure of README, docs and the model card comes from docs/figures.json, and is of the reader that ships."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from benchmarks import figures, pages
from benchmarks.figure_format import DIAGRAM

ROOT = Path(__file__).parents[2]
SECTIONS = figures.read(ROOT / figures.FIGURES)
OF_THE_ACCURATE = [name for name in SECTIONS if name.endswith(".accurate")]
OF_THE_SHIPPED = [
    name
    for name in SECTIONS
    if name.startswith(("reader.", "seeds", "slice", "alike", "latency", "news.", "training"))
    and name not in OF_THE_ACCURATE
]

# What a reader need not take for a figure: what cog makes, code, examples of output, and where links lead.
MADE = re.compile(r"^<!-- \[\[\[cog .*?^<!-- \[\[\[end\]\]\] -->$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```.*?^```$|^ {4}.*?$|`[^`]*`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)
FIGURE = re.compile(
    r"""(?<![\w.,])(?:
        \d?\.\d{3}              # a share: .931
      | \d{2}\.\d               # per cent: 77.2
      | \d[\d,.]*\ (?:ms|MiB|GiB|KB|MB)   # a time or a size
      | \d[\d,]*\ of\ (?:the\ )?\d[\d,]*  # a count: 54 of 69
    )(?![\w.]?\d)""",
    re.VERBOSE,
)


def figures_by_hand(page: str) -> list[str]:
    return FIGURE.findall(CODE.sub("", MADE.sub("", page)))


def test_the_pages_tell_what_the_file_holds(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        pages.check()
    except Exception as error:  # noqa: BLE001 - whatever cog says, what differs was printed
        pytest.fail(f"run: make figures ({error})\n{capsys.readouterr().out}")


@pytest.mark.parametrize(
    "page", [page for page in pages.PAGES if MADE.search(page.read_text("utf-8"))], ids=lambda page: page.name
)
def test_a_page_that_tells_figures_tells_none_by_hand(page: Path) -> None:
    assert figures_by_hand(page.read_text("utf-8")) == []


def test_the_pages_with_figures_are_known() -> None:
    telling = {page.name for page in pages.PAGES if MADE.search(page.read_text("utf-8"))}
    assert telling == {"README.md", "evaluation.md", "operations.md", "MODEL_CARD.md"}


@pytest.mark.parametrize("told", ["hit@1 .931 now", "F1 77.2,", "92 ms", "about 2.3 KB", "54 of 69", "4 of the 38."])
def test_figures_by_hand_are_found(told: str) -> None:
    assert figures_by_hand(told)


@pytest.mark.parametrize(
    "told",
    [
        "Haystack 3.4.0, SQuAD 2.0 and CC BY-SA 4.0",
        "one half, .5",
        "`0.931`",
        "    onrecord eval # 92 ms",
        "<!-- [[[cog print(text.speed()) ]]] -->\n92 ms\n<!-- [[[end]]] -->",
    ],
)
def test_what_is_no_figure_by_hand_is_left_alone(told: str) -> None:
    assert not figures_by_hand(told)


@pytest.mark.parametrize("name", [*OF_THE_SHIPPED, *OF_THE_ACCURATE])
def test_figures_are_of_the_reader_that_ships(name: str) -> None:
    reader = ROOT / "rag" / "models" / "accurate" if name in OF_THE_ACCURATE else ROOT / figures.READER
    assert SECTIONS[name].weights == figures.weights_of(reader), f"measure again: {SECTIONS[name].command}"


@pytest.mark.parametrize("name", ["news.reader", "news.accurate"])
def test_the_threshold_is_the_one_that_ships(name: str) -> None:
    folder = ROOT / figures.READER.parent / name.removeprefix("news.")
    shipped = json.loads((folder / "config.json").read_text("utf-8"))["calibration"]["threshold"]
    assert {SECTIONS[name].values[where]["threshold"] for where in ("own", "all")} == {shipped}


def test_the_diagram_shows_what_the_file_holds() -> None:
    drawn = DIAGRAM.read_text("utf-8") if DIAGRAM.exists() else ""
    assert drawn == pages.reliability(), "run: make figures"


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_says_what_measures_it_when_and_where(name: str) -> None:
    section = SECTIONS[name]
    assert section.command
    assert section.machine["processor"]
    assert date.fromisoformat(section.measured) > date(2026, 1, 1)
