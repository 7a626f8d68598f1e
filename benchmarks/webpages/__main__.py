"""Measures how web pages are read against what people say is in them: four programs' test folders, over 1,100 of them.

    python -m benchmarks.webpages FOLDER [--list] [--floors tests/regression/webpages.json]
        [--figures docs/figures.json] [--section webpages]

What counts as read of a page is what is kept for searching or for showing the way: body, captions and headlines, not
credits and boilerplate. With `--floors` it fails where a figure is below its floor. `--list` prints what each page
lacks or has too much, the worst first.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import figures
from benchmarks.webpages.expected import pages
from benchmarks.webpages.scoring import Read, overlap, scores
from onrecord.index import sources
from onrecord.index.errors import SourceError
from onrecord.index.passages.split import split
from onrecord.index.records import PassageKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.webpages.expected import Expected

LESS_IS_BETTER = ("stray", "wrong", "made_up")
KEPT = (PassageKind.BODY, PassageKind.CAPTION, PassageKind.HEADLINE)


def read(page: Path) -> Read:
    """Read a page as it is indexed; a title that the file's name gave is none."""
    document = sources.Document(page.read_bytes(), source=f"file:{page}", name="untitled.html")
    try:
        (article,) = sources.read_document(document).articles
    except SourceError:
        return Read()
    text = "\n".join(passage.text for passage in split(article) if passage.kind in KEPT)
    title = "" if article.title == "untitled" else article.title
    return Read(text, title, article.author or "", article.published)


def measure(folder: Path) -> tuple[dict[str, Any], list[tuple[Expected, Read]]]:
    """Read every page of a folder. Returns the figures, with a digest of the pages, and what was read."""
    digest = hashlib.sha256()
    done = []
    for expected in pages(folder):
        digest.update(expected.page.read_bytes())
        done.append((expected, read(expected.page)))
    return {**scores(done), "digest": digest.hexdigest()[:12]}, done


def below(values: Mapping[str, Any], floors: Mapping[str, Any], of: str = "") -> list[str]:
    """What is below its floor, or above where less is better, by name. Figures of other pages are told as such."""
    crossed = []
    for name, floor in floors.items():
        value, full = values[name], f"{of}{name}"
        if isinstance(floor, dict):
            crossed += below(value, floor, f"{full}.")
        elif isinstance(floor, str):
            crossed += [f"{full}: {value}, not {floor}: other pages"] if value != floor else []
        elif (value > floor) if name in LESS_IS_BETTER else (value < floor):
            crossed.append(f"{full}: {value}, floor {floor}")
    return crossed


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds checkouts: readability, newspaper4k, goose3, trafilatura")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--floors", type=Path)
    parser.add_argument("--section", default="webpages")
    figures.add_option(parser)
    options = parser.parse_args(arguments)
    values, done = measure(options.folder)
    values = figures.rounded(values)
    if options.list:
        _list(done)
    print(json.dumps(values, indent=1))
    if options.figures:
        figures.record(options.figures, options.section, values, command="python -m benchmarks.webpages FOLDER")
    if options.floors:
        floors = json.loads(options.floors.read_text(encoding="utf-8"))
        if crossed := below(values, floors):
            sys.exit("\n".join(crossed))


def _list(done: Sequence[tuple[Expected, Read]]) -> None:
    """Print the pages with how they were read, by collection, the worst text first."""
    for expected, got in sorted(done, key=lambda each: overlap(each[0].text or "", each[1].text)[2]):
        if expected.text is not None:
            print(expected.page, *(f"{each:.3f}" for each in overlap(expected.text, got.text)), sep="\t")
        line = " ".join(got.text.split())
        for stretch in expected.holds:
            if " ".join(stretch.split()) not in line:
                print(f"{expected.page}\tlost\t{stretch!r}")
        for stretch in expected.without:
            if " ".join(stretch.split()) in line:
                print(f"{expected.page}\tstray\t{stretch!r}")
        for name, wanted, found in (
            ("title", expected.title, got.title),
            ("author", expected.authors, got.author),
            ("published", expected.published, got.published),
        ):
            if wanted is not None:
                print(f"{expected.page}\t{name}\t{wanted!r}\t{found!r}")


if __name__ == "__main__":
    main()
