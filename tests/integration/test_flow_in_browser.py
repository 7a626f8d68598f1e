"""Generated HTML reads as a real browser shows it: the same words, parted where `innerText` parts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from onrecord.index.sources.readers.markup.flow import flow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.xdist_group("browser")]

PAGES = 100
INLINE = ("abbr", "b", "bdi", "cite", "code", "em", "font", "i", "kbd", "mark", "small", "span", "strong", "time")
GAPS = ("", " ", "\n ", "&nbsp;", "<br>", "<br />", "<!-- note -->")

words = st.sampled_from(
    (
        "pier",
        "Ada",
        "Lund,",
        "1931",
        "14",
        "toll.",
        "“quay”",
        "Ørsund",
        "a&amp;b",
        "half-way",
        "har<wbr>bour",
        '<a href="/x">link</a>',
    )
)
gaps = st.sampled_from(GAPS)


def wrapped(tags: tuple[str, ...], inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda tag, content: f"<{tag}>{content}</{tag}>", st.sampled_from(tags), inside)


def run(parts: st.SearchStrategy[str], most: int = 4) -> st.SearchStrategy[str]:
    """Parts with or without something between them."""
    pairs = st.lists(st.tuples(parts, gaps), min_size=1, max_size=most)
    return pairs.map(lambda found: "".join(part + gap for part, gap in found))


def row(cells: list[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>"


phrases = st.recursive(words, lambda inner: wrapped(INLINE, run(inner, 3)), max_leaves=5)
lines = run(phrases)
struck = wrapped(("script", "style", "template"), st.just("unseen"))
items: st.SearchStrategy[str] = st.deferred(lambda: wrapped(("li",), mixed))
lists = st.builds(
    lambda tag, inside: f"<{tag}>{''.join(inside)}</{tag}>", st.sampled_from(("ul", "ol")), st.lists(items, max_size=3)
)
definitions = st.lists(st.tuples(lines, st.deferred(lambda: mixed)), min_size=1, max_size=2).map(
    lambda pairs: f"<dl>{''.join(f'<dt>{term}</dt><dd>{meaning}</dd>' for term, meaning in pairs)}</dl>"
)
cells: st.SearchStrategy[str] = st.deferred(lambda: wrapped(("td", "th"), st.one_of(lines, lists, mixed)))
tables = st.lists(st.lists(cells, min_size=1, max_size=3).map(row), min_size=1, max_size=3).map(
    lambda rows: f"<table>{''.join(rows)}</table>"
)
blocks: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        wrapped(("p", "h2", "h3", "pre"), lines),
        wrapped(("div", "blockquote", "section", "article", "figure", "b", "span"), mixed),
        lists,
        definitions,
        tables,
        struck,
    )
)
mixed: st.SearchStrategy[str] = st.deferred(lambda: st.one_of(lines, run(st.one_of(lines, blocks), 3)))
documents = run(st.one_of(lines, blocks), 5)


def read(markup: str) -> list[str]:
    """The words that our reading parts; dashes of items and bars of cells are signs of ours."""
    tree = html.document_fromstring(f"<html><body>{markup}</body></html>")
    text = "\n".join(shown.block.text for shown in flow(tree).shown)
    return [word for word in text.split() if word not in ("-", "|")]


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[Callable[[str], list[str]]]:
    """The words that the browser parts on a page with that body."""
    page = browser.new_page(java_script_enabled=True)

    def words_of(markup: str) -> list[str]:
        page.set_content(f"<!DOCTYPE html><html><body>{markup}</body></html>")
        return str(page.evaluate("document.body.innerText")).replace("\u200b", "").split()

    yield words_of
    page.close()


@settings(max_examples=PAGES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(markup=documents)
def test_words_are_parted_where_a_browser_parts_them(shown: Callable[[str], list[str]], markup: str) -> None:
    assert read(markup) == shown(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<b>Ada Moss</b> chairs it, <i>she</i>said<br>on Monday",
        "<ul><li><p>One</p><p>two</p></li><li>Outer<ul><li>inner</li></ul>tail</li></ul>",
        "<table><tr><td>Ida Berg<br>Ann</td><td><ul><li>No dogs</li><li>No <b>bikes</b></li></ul></td></tr></table>",
        "<dl><dt>Adult</dt><dd>60 crowns</dd><dt>Child</dt><dd>30 crowns<p>with a parent</p></dd></dl>",
        "<blockquote>Line one<br>line two <i>of</i> it<p>a paragraph</p></blockquote>",
        "The <a href='/pier'>pier</a>of <span>Lund<div>stands</div>here</span>.",
    ],
)
def test_what_others_glue_is_apart_as_in_a_browser(shown: Callable[[str], list[str]], markup: str) -> None:
    assert read(markup) == shown(markup)
