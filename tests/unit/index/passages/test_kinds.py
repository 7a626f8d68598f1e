from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onrecord.index.passages.kinds import classify, date_line
from onrecord.index.passages.paragraphs import paragraphs
from onrecord.index.sources.readers.text import article_from_text
from tests.unit.index.pages import PAGES

if TYPE_CHECKING:
    from tests.unit.index.pages import Page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_paragraph_of_a_page_gets_its_kind(page: Page) -> None:
    article = article_from_text(page.text, source="text:page", name="page")
    found = paragraphs(page.text)
    texts = [page.text[each.start : each.end] for each in found]
    assert texts == [text.strip().replace("\n", page.line_end) for _, text in page.paragraphs]
    kinds = classify(page.text, found, title=article.title)
    got = [f"{kind}: {text}" for kind, text in zip(kinds, texts, strict=True)]
    assert got == [f"{kind}: {text}" for (kind, _), text in zip(page.paragraphs, texts, strict=True)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_byline_and_date_line_fill_in_author_and_date(page: Page) -> None:
    article = article_from_text(page.text, source="text:page", name="page")
    assert article.author == page.author
    assert (article.published.isoformat() if article.published else None) == page.published


LONG = (
    "The committee met on Tuesday and heard from eleven residents, most of whom asked for the bridge to be kept open."
)


def kinds_of(*page: str) -> list[str]:
    text = "\n\n".join(page)
    return [kind.value for kind in classify(text, paragraphs(text), title="A title that stands elsewhere")]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Copyright law protects a work for seventy years after the death of its author.",
        "Writing by hand improves memory, a study found.",
        "Reporting by The Ledger showed that the mayor had known since May.",
        "Nov 4, 2024 was the hottest November day on record.",
        "4 November 2024 - Fixed a crash on start-up",
        "Sign up at the town hall before 3 June if you want a stall at the market.",
        "Subscribe to the plan that includes roaming before you travel.",
        "Get the daily train at nine from platform two, and change at Larnholm for a ferry to the islands there.",
        "More on this than on anything else was said by the mayor.",
        "Posted in 2014, the notice was still on the door.",
        "By car",
        "By Bus – take line 12 from the central station",
        "By Monday the water had gone.",
        "Heated swimming pool, open all year",
        "Input/output ports",
        "TCP/IP",
        "Video from the scene showed smoke over the harbour.",
        "Photo of the week",
        "Credit: 30 days from the invoice",
        "Image size: 20 megapixels",
        "Source: the harbour master's log",
        "Karen Holt is the reporter for the Ledger whom the court sent to prison.",
        "Router, power adapter, Ethernet cable, and manual",
        "No",
        "Press",
        "# 5",
        "#harbour",
        "Сегодня в порту было тихо",
        "今日は港が静かだった",
    ],
)
def test_in_doubt_a_paragraph_is_body(paragraph: str) -> None:
    closing = "“I was there, and Holt saw it all too,” the harbour master said."
    expected = "headline" if paragraph == "# 5" else "body"
    assert kinds_of(LONG, paragraph, closing) == ["body", expected, "body"]


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Who built the satellite?", "European Space Agency"),
        ("Who took the pictures?", "Middle East Images"),
        ("When did the bridge open?", "12 May 2014"),
        ("Which colours are there?", "Red, green, blue, black"),
        ("Where do I write to?", "help@brightwell.example"),
        ("Contents of the box:", "Router, adapter, cable, manual"),
        ("What is in the box", "Router, adapter, cable, manual"),
        ("Who wrote the report?", "By Jane Roe"),
        ("Manual:", "https://brightwell.example/manual"),
    ],
)
def test_a_short_line_after_a_question_or_a_label_is_its_answer(label: str, value: str) -> None:
    assert kinds_of(LONG, label, value, LONG.replace("Tuesday", "Friday"))[2] == "body"


@pytest.mark.parametrize(
    ("credit", "below_caption"),
    [
        ("Getty Images", False),
        ("AP Photo/Marta Lind", False),
        ("Photo by Otto Brandt", False),
        ("(Photo: Otto Brandt)", False),
        ("Photo courtesy of the artist", False),
        ("© Otto Brandt", False),
        ("Ida Holm/The Valley Herald", True),
        ("Harbour Authority Media", True),
        ("Handout via REUTERS", False),
        ("(Reporting by Jane Roe in Kyiv; additional reporting by John Doe; editing by Ann Ode)", False),
        ("Ann Ode contributed to this report.", False),
    ],
)
def test_who_made_a_picture_or_a_report_is_a_credit(credit: str, *, below_caption: bool) -> None:
    before = "A file photo shows the harbour." if below_caption else LONG
    assert kinds_of(before, credit, LONG.replace("Tuesday", "Friday"))[1] == "credit"


def test_a_caption_may_end_in_its_own_credit() -> None:
    assert (
        kinds_of(LONG, "Boats lie in the harbour on Sunday. Ida Holm/AFP via Getty Images", "It rained.")[1]
        == "caption"
    )


def test_a_pull_quote_is_dropped_and_the_paragraph_it_is_taken_from_is_kept() -> None:
    whole = "The dam held. “The river gave us four hours and not a minute more.” Nobody was hurt."
    assert kinds_of("“The river gave us four hours and not a minute more.”", whole) == ["boilerplate", "body"]


def test_short_answers_may_repeat() -> None:
    assert kinds_of("Is there a lift?", "Yes", "Is there a ramp?", "Yes") == ["body"] * 4


def test_reader_comments_are_cut_off_however_long_they_are() -> None:
    page = (LONG, LONG.replace("Tuesday", "Friday"), "2 Comments", *(f"{LONG} {number}" for number in range(5)))
    assert kinds_of(*page) == ["body", "body", *["boilerplate"] * 6]


def test_an_end_marker_early_on_the_page_ends_nothing() -> None:
    later = [LONG.replace("Tuesday", day) for day in ("Monday", "Friday", "Sunday")]
    assert kinds_of(LONG, "Related articles", *later) == ["body", "boilerplate", "body", "body", "body"]


@pytest.mark.parametrize("name", ["Comments", "Comment:", "Related", "Author"])
def test_a_section_that_is_called_like_end_matter_is_none(name: str) -> None:
    page = [LONG.replace("Tuesday", day) for day in ("Monday", "Tuesday", "Thursday", "Friday", "Sunday")]
    assert kinds_of(*page[:4], name, page[4])[:4] == ["body"] * 4
    assert kinds_of(*page[:4], name, page[4])[5] == "body"
    assert kinds_of(*page[:2], name, *page[2:])[3:] == ["body"] * 3


@pytest.mark.parametrize("sign", ["Pekka says:", "3 hours ago", "Reply", "Log in to comment", "Pekka wrote on Monday:"])
def test_comments_are_told_by_what_follows_their_heading(sign: str) -> None:
    assert kinds_of(LONG, "Comments", sign, LONG.replace("Tuesday", "Friday")) == ["body", *["boilerplate"] * 3]


def test_related_titles_without_prose_end_a_page() -> None:
    page = [LONG.replace("Tuesday", day) for day in ("Monday", "Tuesday", "Friday")]
    assert kinds_of(*page, "Related", "Ten books to read", "Why the bridge is green")[3:] == ["boilerplate"] * 3


def test_a_first_person_text_is_no_biography() -> None:
    assert kinds_of("I wrote this for you.", "I am a writer based in Porto.") == ["body", "body"]


@pytest.mark.parametrize("line", ["Updated 7 January 2025", "Last updated: January 7, 2025", "Modified on 2025-01-07"])
def test_the_day_of_a_change_is_not_that_of_publication(line: str) -> None:
    assert date_line(line) is None
    assert date_line(
        line.replace("Last updated", "Published").replace("Updated", "Posted").replace("Modified", "First published")
    )
