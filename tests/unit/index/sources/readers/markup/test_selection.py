from __future__ import annotations

import pytest
from lxml import html

from onrecord.index.sources.readers.composition import Block
from onrecord.index.sources.readers.markup.flow import flow
from onrecord.index.sources.readers.markup.selection import selected

LONG = "The harbour board of Arvik approved the new ferry pier on Tuesday after a debate of six hours."
OTHER = "Residents of the old quarter had asked for a smaller pier and found two votes among nine members."


def chosen(markup: str, *extracted: str) -> list[str]:
    page = flow(html.fromstring(f"<body>{markup}</body>"))
    return [block.text for block in selected(page, [Block(text) for text in extracted])]


def test_words_that_the_extraction_glued_stand_as_the_page_has_them() -> None:
    page = "<p><b>Photos</b> of it, built by <b>Ada Moss</b> in 1931, were found.</p>"
    assert chosen(page, "Photosof it, built by", "Ada Mossin 1931, were found.") == [
        "Photos of it, built by Ada Moss in 1931, were found."
    ]


def test_what_the_extraction_left_out_stays_out() -> None:
    page = f"<p>Menu</p><p>{LONG}</p><p>Share this</p><p>{OTHER}</p><p>Subscribe to our letter, it is free.</p>"
    assert chosen(page, LONG, OTHER) == [LONG, OTHER]


def test_one_block_of_the_extraction_may_be_several_of_the_page() -> None:
    assert chosen(f"<div>{LONG}<br><br>{OTHER}</div>", f"{LONG} {OTHER}") == [LONG, OTHER]


def test_a_short_text_that_stands_twice_is_taken_where_its_neighbours_are() -> None:
    page = f"<ul><li><a href='#1'>Ferries</a></li></ul><p>09:42</p><h2>Ferries</h2><p>{LONG}</p>"
    assert chosen(page, "09:42", "Ferries", LONG) == ["09:42", "Ferries", LONG]


def test_a_paragraph_of_which_a_part_was_lost_is_whole() -> None:
    assert chosen(f"<p>{LONG} {OTHER} It is late.</p>", f"{LONG}", "It is late.") == [f"{LONG} {OTHER} It is late."]


@pytest.mark.parametrize("extracted", [(LONG, "Adult", OTHER), (LONG, OTHER)])
def test_a_table_between_paragraphs_is_whole(extracted: tuple[str, ...]) -> None:
    table = "<table><tr><td>Adult</td><td><ul><li>60</li></ul></td></tr><tr><td>Child</td><td>30</td></tr></table>"
    assert chosen(f"<p>{LONG}</p>{table}<p>{OTHER}</p>", *extracted) == [LONG, "Adult | - 60", "Child | 30", OTHER]


def test_a_list_of_links_between_paragraphs_is_not_text() -> None:
    links = "<ul><li><a href='/1'>Another story</a></li><li><a href='/2'>One more story</a></li></ul>"
    assert chosen(f"<p>{LONG}</p>{links}<p>{OTHER}</p>", LONG, OTHER) == [LONG, OTHER]


def test_what_the_extraction_took_from_elsewhere_is_kept_in_its_place() -> None:
    assert chosen(f"<p>{OTHER}</p>", LONG, OTHER, "From a script.") == [LONG, OTHER, "From a script."]


def test_without_a_page_the_extraction_stands_as_it_is() -> None:
    assert chosen("", LONG, OTHER) == [LONG, OTHER]
