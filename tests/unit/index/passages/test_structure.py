"""What a passage is read with, by what it stands under; the quoted text itself never changes."""

from __future__ import annotations

import pytest

from onrecord.index.passages.context import embedding_text, leads
from onrecord.index.passages.split import split
from onrecord.index.records import Article, Mark, PassageKind

PROSE = "The harbour board met on Tuesday and spoke for six hours about the ferries and their fares."


def read_with(*blocks: str) -> dict[str, str]:
    """For each passage that may answer the words it is read with; blocks that begin with “#” are headings."""
    text, marks = "", []
    for block in blocks:
        start = len(text) + 2 if text else 0
        said = block.removeprefix("# ")
        text += f"\n\n{said}" if text else said
        if said != block:
            marks.append(Mark(start, len(text), PassageKind.HEADLINE))
    article = Article.create(source="file:a", text=text, title="Ferries", marks=tuple(marks))
    passages = split(article)
    found = zip(passages, leads(article, passages), strict=True)
    return {passage.text: lead.of(text) for passage, lead in found if passage.kind.answers}


def test_a_row_has_the_headings_of_its_columns_and_what_heads_the_table() -> None:
    found = read_with("# Ferries", PROSE, "# Fares", "# Ticket | Adult | Child", "Day | 60 | 30", "Week | 300 | 90")
    assert found["Day | 60 | 30"] == found["Week | 300 | 90"] == "Fares\n\nTicket | Adult | Child"


def test_prose_before_a_table_does_not_stand_between_a_row_and_its_headings() -> None:
    found = read_with(PROSE, "# Ferry | Built | Cars", "Rose | 1962 | 90")
    assert found["Rose | 1962 | 90"] == "Ferry | Built | Cars"


def test_a_first_row_of_words_above_columns_of_figures_heads_them() -> None:
    found = read_with(PROSE, "Ferry | Built | Cars", "Rose | 1962 | 90", "Star | 1988 | 140")
    assert found["Star | 1988 | 140"].endswith("Ferry | Built | Cars")
    terms = read_with("# Facts", "Captain | Erik Lund", "Built | 1962", "Cars | 90")
    assert terms["Cars | 90"] == "Facts"


def test_an_item_has_its_heading_and_what_introduces_its_list() -> None:
    found = read_with(PROSE, "# Opening hours", "The office is open:", "- Monday: 8 to 5", "- Saturday: 9 to noon")
    assert found["- Saturday: 9 to noon"] == "Opening hours\n\nThe office is open:"
    bare = read_with(PROSE, "# Opening hours", "- Monday: 8 to 5", "1. Saturday: 9 to noon")
    assert set(bare.values()) == {"", "Opening hours"}


def test_an_answer_has_its_question_and_a_paragraph_the_heading_above_it() -> None:
    found = read_with(PROSE, "# Who may travel free?", "Children under six.", "Pilots pay half of the fare.")
    assert found["Children under six."] == "Who may travel free?"
    assert found["Pilots pay half of the fare."] == "Children under six."


def test_a_paragraph_that_leans_has_what_it_leans_on_besides_its_heading() -> None:
    assert (
        read_with(PROSE, "# What it costs", "It pays nine crowns.")["It pays nine crowns."]
        == f"{PROSE}\n\nWhat it costs"
    )


def test_the_articles_title_is_read_with_every_passage_and_is_no_lead() -> None:
    assert read_with("# Ferries", PROSE)[PROSE] == ""


@pytest.mark.parametrize(
    ("lead", "passage", "expected"),
    [
        ("Ferry | Built | Cars", "Rose | 1962 | 90", "Ferries\nFerry: Rose. Built: 1962. Cars: 90."),
        ("Opening hours", "- Sunday: closed", "Ferries\nOpening hours\n- Sunday: closed"),
        ("The office is open.", "- Sunday: closed", "Ferries\nThe office is open.\n- Sunday: closed"),
        ("Who may travel free?", "Children under six.", "Ferries\nWho may travel free?\nChildren under six."),
        ("The dam held.", "Rain is forecast.", "Ferries\nRain is forecast."),
        ("- Sunday: closed", "Rain is forecast.", "Ferries\nRain is forecast."),
    ],
)
def test_what_says_what_a_passage_is_about_is_embedded_with_it(lead: str, passage: str, expected: str) -> None:
    assert embedding_text("Ferries", lead, passage) == expected


def test_an_item_that_stands_in_two_lists_answers_in_both() -> None:
    hours = "- Monday to Friday: 8 a.m. to 5 p.m."
    text = f"{PROSE}\n\nThe office is open:\n\n{hours}\n\nThe museum is open:\n\n{hours}"
    article = Article.create(source="file:a", text=text, title="Ferries")
    passages = split(article)
    found = [
        lead.of(text) for passage, lead in zip(passages, leads(article, passages), strict=True) if passage.text == hours
    ]
    assert found == ["The office is open:", "The museum is open:"]
    assert all(passage.kind is PassageKind.BODY for passage in passages)


def test_a_row_above_a_long_paragraph_is_no_headline() -> None:
    article = Article.create(
        source="file:a", text=f"{PROSE}\n\nCaptain | Erik Lund\n\n{PROSE[:-1]} again.", title="Ferries"
    )
    assert [passage.kind for passage in split(article)] == [PassageKind.BODY] * 3
