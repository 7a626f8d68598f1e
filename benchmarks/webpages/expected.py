"""Pages with what people say is in them: the test folders of four programs that read pages, as checked out.

Nothing of them belongs to this repository: they are pages of others. They are to be had from
github.com/mozilla/readability, github.com/AndyTheFactory/newspaper4k, github.com/goose3/goose3 and
github.com/adbar/trafilatura, each checked out under its own name in one folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from lxml import html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_FILLER = "lorem ipsum"
"""Text of pages that are no real ones: made for a test, the same words over and over."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A page, and what is expected of it; what nobody says is None or empty.

    Attributes:
        collection: whose page.
        page: its file.
        text: all of its text.
        holds: stretches of its text.
        without: stretches of what surrounds it.
        title: its title.
        authors: the names of who wrote it; empty where nobody signed it.
        published: the day; an empty string where the page tells none.
    """

    collection: str
    page: Path
    text: str | None = None
    holds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] | None = None
    published: date | str | None = None


def pages(folder: Path) -> Iterator[Expected]:
    """Every page of the collections that a folder holds, in order.

    Raises:
        FileNotFoundError: it holds none.
    """
    there = [name for name in COLLECTIONS if (folder / name).is_dir()]
    if not there:
        raise FileNotFoundError(f"{folder} holds none of {', '.join(COLLECTIONS)}")
    for name in there:
        yield from COLLECTIONS[name](folder / name)


def _readability(folder: Path) -> Iterator[Expected]:
    for page in sorted(folder.glob("test/test-pages/*/source.html")):
        about = _json(page.with_name("expected-metadata.json"))
        text = " ".join(html.fromstring(_content(page.with_name("expected.html"))).itertext())
        if _FILLER in text.casefold():
            continue
        yield Expected("readability", page, text=text, title=about["title"], published=_day(about.get("publishedTime")))


def _newspaper(folder: Path) -> Iterator[Expected]:
    for page in sorted(folder.glob("tests/data/html/*.html")):
        text = folder / "tests/data/txt" / f"{page.stem}.txt"
        if text.exists():
            about = folder / "tests/data/metadata" / f"{page.stem}.json"
            said = _json(about) if about.exists() else {}
            yield Expected(
                "newspaper4k",
                page,
                text=_content(text),
                title=said.get("title"),
                published=_day(said.get("publish_date")),
            )


def _goose(folder: Path) -> Iterator[Expected]:
    for about in sorted(folder.glob("tests/data/content/*.json")):
        begins = _json(about)["expected"].get("cleaned_text")
        if begins and about.with_suffix(".html").exists():
            yield Expected("goose3", about.with_suffix(".html"), holds=(begins,))


def _trafilatura(folder: Path) -> Iterator[Expected]:
    tests = folder / "tests"
    for said in _json(tests / "evaldata.json").values():
        page = next(path for place in ("cache", "eval") if (path := tests / place / said["file"]).exists())
        authors = said.get("author", [])
        yield Expected(
            "trafilatura",
            page,
            holds=tuple(said["with"]),
            without=tuple(said["without"]),
            title=said.get("title") or None,
            authors=tuple(filter(None, [authors] if isinstance(authors, str) else authors))
            if "author" in said
            else None,
            published="" if said.get("date") == "" else _day(said.get("date")),
        )


COLLECTIONS: dict[str, Callable[[Path], Iterator[Expected]]] = {
    "readability": _readability,
    "newspaper4k": _newspaper,
    "goose3": _goose,
    "trafilatura": _trafilatura,
}


def _content(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _json(file: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return said


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat((written or "")[:10])
    except ValueError:
        return None
