"""Made-up pages in the shapes of real sites, each with what it says of itself and every passage it must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.index import sources
from onrecord.index.passages.split import split

PAGES = sorted((Path(__file__).parents[4] / "pages").glob("*.html"))


def described(page: Path) -> str:
    """An article and its passages as `*.expected.txt` writes them: fields, a blank line, then kind and text."""
    article = sources.load(page)
    fields = [
        f"{name}: {getattr(article, name) or '-'}" for name in ("title", "author", "published", "url", "language")
    ]
    passages = [f"{passage.kind.value:<11} {passage.text}" for passage in split(article)]
    return "\n".join([*fields, "", *passages, ""])


def test_there_are_pages_of_many_shapes() -> None:
    assert len(PAGES) >= 12


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_gives_exactly_its_passages(page: Path) -> None:
    assert described(page) == page.with_suffix(".expected.txt").read_text("utf-8")


def test_a_page_is_known_by_its_bytes_whatever_its_name(tmp_path: Path) -> None:
    page = next(page for page in PAGES if page.stem == "wordpress")
    for name in ("page.txt", "page.md", "page", "page.pdf", "page.jsonl"):
        (tmp_path / name).write_bytes(page.read_bytes())
        assert described(tmp_path / name) == page.with_suffix(".expected.txt").read_text("utf-8")
