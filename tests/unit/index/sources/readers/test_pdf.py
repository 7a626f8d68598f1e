# ruff: noqa: E501 - documents stand as they come
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.passages.split import split
from tests.unit.index.sources.documents import Put, article, column, contents, passages, pdf

LOCK = "a word"
FIRST = """The harbour of Larnholm was dredged in spring, and the work
cost four million crowns in all, said the office of water-
ways, which published its report on Tuesday.

Divers found eleven anchors, a piano and the wreck of a
nineteenth-century schooner."""
SECOND = """The next dredging is planned for 2031, when the contract
with the present contractor runs out."""


def test_lines_become_paragraphs_and_cut_words_are_joined() -> None:
    found = article(pdf(column(FIRST)), "report.pdf")
    assert passages(found) == [
        (
            "body",
            "The harbour of Larnholm was dredged in spring, and the work cost four million crowns in all, said the office of waterways, which published its report on Tuesday.",
        ),
        ("body", "Divers found eleven anchors, a piano and the wreck of a nineteenth-century schooner."),
    ]


def test_on_a_page_of_three_lines_a_wider_gap_parts_paragraphs_too() -> None:
    lines = "The ferry between Larnholm and the islands returned on Monday\nwith 212 passengers on board, nine years after the last crossing.\n\nTickets cost twelve crowns, and children under six travel free."
    assert [text.split()[0] for _, text in passages(article(pdf(column(lines))))] == ["The", "Tickets"]


def test_a_hyphen_stays_where_the_word_has_it_elsewhere() -> None:
    lines = "The well-known harbour, as it is called, is a well-\nknown harbour, and so the name is right. It is nineteenth-\nCentury."
    assert article(pdf(column(lines))).text == (
        "The well-known harbour, as it is called, is a well-known harbour, and so the name is right. It is "
        "nineteenth-Century."
    )


def test_the_page_of_each_passage_is_known_also_across_empty_pages() -> None:
    found = article(pdf(column(FIRST), [], column(SECOND)))
    pages = [found.page_at(passage.start) for passage in split(found)]
    assert pages == [1, 1, 3]
    assert len(found.pages) == 3
    assert found.page_at(len(found.text) - 1) == 3


def test_a_paragraph_goes_on_on_the_next_page() -> None:
    begun = column("The ferry returned in November after nine years of interruption and of")
    found = article(pdf(begun, column("renegotiation, which had to do with money.")))
    assert found.text == (
        "The ferry returned in November after nine years of interruption and of renegotiation, which had to do with money."
    )
    assert found.page_at(found.text.index("renegotiation")) == 2
    assert found.page_at(found.text.index("and of")) == 1


def test_running_headers_footers_and_page_numbers_are_left_out() -> None:
    pages = []
    for number, text in enumerate((FIRST, SECOND, FIRST.replace("Divers", "Fishermen")), start=1):
        header = Put("Annual report of the harbour office", top=30, size=8)
        footer = Put(f"Larnholm 2024 – page {number} of 3", top=815, size=8)
        pages.append([header, *column(text), footer, Put(str(number), x=300, top=830, size=8)])
    found = article(pdf(*pages))
    assert "Annual report" not in found.text
    assert "page" not in found.text
    assert found.text.endswith("schooner.")
    assert found.text.startswith("The harbour")


def test_what_stands_at_the_edge_of_one_page_only_is_kept() -> None:
    found = article(pdf([Put("Corrected on 4 May by the office", top=30), *column(FIRST)], column(SECOND)))
    assert found.text.startswith("Corrected on 4 May by the office")


def test_columns_are_read_one_after_the_other() -> None:
    left = column("The crane lifts forty tonnes,\nand its operator has not\nmissed a day since the", x=60)
    right = column("installation in 1998.\n\nA ferry calls twice a day,\nexcept in winter.", x=320)
    assert [text for _, text in passages(article(pdf([*left, *right])))] == [
        "The crane lifts forty tonnes, and its operator has not missed a day since the installation in 1998.",
        "A ferry calls twice a day, except in winter.",
    ]


def test_indents_and_list_items_begin_paragraphs() -> None:
    lines = [
        Put("The first paragraph has a line that ends at the margin.", top=100),
        Put("The second one begins with an indent and also goes", x=90, top=114),
        Put("on for a second line at the margin of the column, here.", top=128),
        Put("• the first of two points in a list that is short", top=142),
        Put("• the second of the two points in the short list", top=156),
    ]
    assert [text for _, text in passages(article(pdf(lines)))] == [
        "The first paragraph has a line that ends at the margin.",
        "The second one begins with an indent and also goes on for a second line at the margin of the column, here.",
        "• the first of two points in a list that is short",
        "• the second of the two points in the short list",
    ]


def test_larger_lines_are_headings_and_the_largest_is_the_title() -> None:
    page = [Put("Harbour report", size=22, top=80), Put("What was found", size=15, top=110), *column(FIRST, top=140)]
    for junk in (None, "", "Microsoft Word - final_v3.docx", "untitled", "report.indd"):
        found = article(pdf(page, title=junk))
        assert found.title == "Harbour report"
        assert passages(found)[:2] == [("headline", "Harbour report"), ("headline", "What was found")]
    assert article(pdf(page, title="The Harbour Report 2024")).title == "The Harbour Report 2024"


def test_a_pdf_that_is_locked_is_refused_and_one_that_only_may_not_be_printed_is_read() -> None:
    with pytest.raises(UnreadableSource, match=r"locked\.pdf is locked by a password") as refused:
        contents(pdf(column(FIRST), password=LOCK), "locked.pdf")
    assert "Save a copy without one" in refused.value.hint
    assert article(pdf(column(FIRST), password="")).text.startswith("The harbour")


def test_a_scanned_pdf_is_refused() -> None:
    with pytest.raises(SourceError, match=r"scan\.pdf holds pictures of pages and no text") as refused:
        contents(pdf([], [Put("2")], picture=True), "scan.pdf")
    assert "text recognition" in refused.value.hint


def test_a_pdf_without_anything_is_refused() -> None:
    with pytest.raises(SourceError, match="holds no text"):
        contents(pdf([]), "empty.pdf")


@pytest.mark.parametrize("keep", [9, 200, 600, -30])
def test_a_damaged_pdf_is_refused_or_read_and_never_fails_otherwise(keep: int) -> None:
    whole = pdf(column(FIRST))
    try:
        told = article(whole[:keep], "cut.pdf").text
    except SourceError as error:
        told = str(error)
    assert told.startswith(("The harbour", "cut.pdf is a damaged PDF", "'cut' holds no text"))


def test_bytes_that_only_begin_like_a_pdf_are_refused() -> None:
    with pytest.raises(UnreadableSource, match="damaged PDF"):
        contents(b"%PDF-1.7\nand then nothing of the kind", "no.pdf")


def test_pdfs_are_read_in_many_threads_at_once() -> None:
    made = [pdf(column(FIRST), column(SECOND), title=f"Report {n}") for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(article, made))
    assert [each.title for each in found] == [f"Report {n}" for n in range(12)]
    assert len({each.text for each in found}) == 1


def test_a_pdf_that_a_browser_printed_is_read_as_it_looks() -> None:
    printed = Path(__file__).parents[4] / "pages" / "printed.pdf"
    assert "\n".join(f"{kind:<11} {text}" for kind, text in passages(article(printed.read_bytes(), "printed.pdf"))) == (
        printed.with_suffix(".expected.txt").read_text("utf-8").rstrip("\n")
    )
