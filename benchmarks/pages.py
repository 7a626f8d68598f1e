"""Puts the figures of `docs/figures.json` into the pages that tell them, with cog.

python -m benchmarks.pages [--check]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from cogapp import Cog

from benchmarks.figure_format import DIAGRAM, NEWS, sections
from training.measure.reliability import diagram

ROOT = Path(__file__).parents[1]
CARDS = tuple(ROOT / f"rag/models/{reader}/MODEL_CARD.md" for reader in ("reader", "accurate"))
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *CARDS)
PROLOGUE = "from benchmarks import figure_cards as card, figure_text as text"


def write() -> None:
    """Bring every page and the diagram up to date."""
    if drawn := reliability():
        DIAGRAM.write_text(drawn, encoding="utf-8")
    _cog("-r")


def check() -> None:
    """Say nothing where every page is up to date.

    Raises:
        CogCheckFailed: a page is not; how it differs is printed.
    """
    _cog("--check", "--diff")


def reliability() -> str:
    """The diagram of both readers on questions asked of their own article; empty before its bins are measured."""
    measured = {reader: sections()[name].values["own"].get("reliability") for reader, name in NEWS.items()}
    return diagram(measured) if all(measured.values()) else ""


def _cog(*options: str) -> None:
    # -U: the same line ends everywhere; -P: what a block prints is put into the page
    Cog().callable_main(["cog", "-U", "-P", "-p", PROLOGUE, *options, *map(str, PAGES)])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, and fail where a page is not up to date")
    if parser.parse_args().check:
        check()
    else:
        write()


if __name__ == "__main__":
    main()
