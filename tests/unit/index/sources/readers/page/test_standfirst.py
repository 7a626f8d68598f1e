"""Summaries below a headline are body, and answer; so is a first paragraph without an element of its own."""

from __future__ import annotations

import pytest

from onrecord.index.records import PassageKind
from tests.unit.index.sources.readers.page.story import PROSE, STORY, answering, kind_of, page

SUMMARY = "Nine million crowns are to be spent by August, two million more than the board had said in spring."
DESCRIBED = f'<title>Slipway approved</title><meta name="description" content="{SUMMARY}">'


@pytest.mark.parametrize(
    "element",
    [
        "h2",
        "h3",
        'h3 class="sub-title"',
        'h4 class="chapo"',
        'p class="entry-excerpt"',
        'p class="deck"',
        'p class="teaser"',
        'p class="article__lead"',
        'p class="story__intro"',
        'div class="standfirst"',
        'p itemprop="description"',
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_standfirst_answers(element: str, *, wrapped: bool) -> None:
    tag = element.partition(" ")[0]
    story = f'<div class="entry-content">{STORY}</div>' if wrapped else STORY
    assert answering(page(f"<{element}>{SUMMARY}</{tag}>{story}")) == [SUMMARY, *PROSE]


@pytest.mark.parametrize("element", ["p", "div", "span", "h5", 'p class="x9"'])
def test_what_the_page_describes_itself_with_answers(element: str) -> None:
    tag = element.partition(" ")[0]
    markup = page(f"<header><{element}>{SUMMARY}</{tag}></header><section>{STORY}</section>", head=DESCRIBED)
    assert answering(markup) == [SUMMARY, *PROSE]


def test_a_standfirst_outside_of_the_story_answers() -> None:
    hero = f'<div class="hero"><h1>Slipway approved</h1><p class="hero__summary">{SUMMARY}</p></div><article>'
    assert answering(page().replace("<article><h1>Slipway approved</h1>", hero)) == [SUMMARY, *PROSE]


@pytest.mark.parametrize("heading", ["What it means for the town", "Will the slipway be ready in the coming August?"])
def test_a_second_headline_stays_one(heading: str) -> None:
    assert kind_of(heading, page(f"<h2>{heading}</h2>{STORY}")) is PassageKind.HEADLINE


def test_a_heading_further_down_stays_one() -> None:
    heading = "The board of the harbour wants to be asked before the next ramp is planned."
    markup = page(f"{STORY}<h2 class='subhead'>{heading}</h2><p>{SUMMARY}</p>")
    assert kind_of(heading, markup) is PassageKind.HEADLINE


@pytest.mark.parametrize(
    "before",
    [
        '<div class="photo" style="float:left"><img src="a.jpg"></div>',
        '<p><div class="col"><div class="related"><ul><li><a href="/g"><img src="/p.jpg"></a></li></ul></div></div>',
        "<h2>Lund</h2>",
    ],
)
def test_a_first_paragraph_without_an_element_of_its_own_is_kept(before: str) -> None:
    first = f"LUND (CP) — {PROSE[0]} It was <b>the sixth</b> of this year."
    markup = page(f'<div class="body">{before}{first}<p>{PROSE[1]}</p><p>{PROSE[2]}</p></div>')
    assert answering(markup) == [f"LUND (CP) — {PROSE[0]} It was the sixth of this year.", PROSE[1], PROSE[2]]
