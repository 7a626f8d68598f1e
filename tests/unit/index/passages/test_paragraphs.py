from __future__ import annotations

import pytest

from onrecord.index.passages.paragraphs import paragraphs

WRAPPED = (
    "This line is wrapped by hand at about sixty-four columns, and\nso is this, as mail programs used to do it\nthen."
)


def texts(text: str) -> list[str]:
    return [text[each.start : each.end] for each in paragraphs(text)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_blank_lines_part_paragraphs_whatever_the_line_end(end: str) -> None:
    assert texts(f"One.{end}{end}Two.{end} \t{end}{end}Three.") == ["One.", "Two.", "Three."]


def test_lines_of_one_block_are_paragraphs_of_their_own() -> None:
    long = "A paragraph that a browser saved on a single line, which is far longer than a page was ever wide, " * 2
    assert texts(f"Caption\n{long.strip()}\nCredit") == ["Caption", long.strip(), "Credit"]


def test_lines_wrapped_by_hand_are_one_paragraph() -> None:
    assert texts(WRAPPED) == [WRAPPED]


def test_a_list_item_or_a_heading_begins_a_paragraph_even_among_wrapped_lines() -> None:
    heading = "## A heading that is nearly as long as the lines of the text"
    items = "- an item that is nearly as long as any other line of the text\n  and goes on in the next line"
    assert texts(f"{WRAPPED}\n{heading}\n{WRAPPED}") == [WRAPPED, heading, WRAPPED]
    assert texts(f"{items}\n{items}") == [items, items]


def test_paragraphs_of_one_block_say_so() -> None:
    blocks = [each.block for each in paragraphs("a\nb\n\nc")]
    assert blocks == [0, 0, 1]


def test_a_sentence_goes_on_in_small_letters_behind_a_line_end() -> None:
    assert texts("It is sailed by Ida Berg\nand by Ann Fell\nof Lund.") == [
        "It is sailed by Ida Berg\nand by Ann Fell\nof Lund."
    ]
    assert texts("It is sailed by Ida Berg.\nand by nobody") == ["It is sailed by Ida Berg.", "and by nobody"]
    assert texts("Ida Berg\nof Lund") == ["Ida Berg", "of Lund"]
    assert texts("- the pier is closed\n- the quay is open") == ["- the pier is closed", "- the quay is open"]
