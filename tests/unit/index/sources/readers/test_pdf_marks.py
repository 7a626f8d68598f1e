"""What is raised and lowered in a PDF is no digit of the number before it."""

from __future__ import annotations

import pytest

from tests.unit.index.sources.documents import Put, article, column, pdf


def read(*lines: str) -> str:
    return article(pdf(column("\n".join(lines))), "report.pdf").text


@pytest.mark.parametrize(
    ("drawn", "read_as"),
    [
        ("The quay cost 18 million^{3} crowns in all.", "The quay cost 18 million crowns in all."),
        ("The quay was costly.^{12} Nobody objected.", "The quay was costly. Nobody objected."),
        ("The mayor^{a} and the clerk^{b} objected.", "The mayor and the clerk objected."),
        ("Two wardens^{1,2} and a pilot^{[3]} were there.", "Two wardens and a pilot were there."),
        ("Dues were paid in 1998^{2} and cost $14^{3}, or 5%^{4}.", "Dues were paid in 1998 and cost $14, or 5%."),
        ("There were 36 of 117^{35} boats, and 42^{16} nets.", "There were 36 of 117 boats, and 42 nets."),
        ("The wardens² and the pilots^{(1) (2)} were there.", "The wardens and the pilots were there."),
        ("The wardens^{*} and the pilots^{§} were there.", "The wardens and the pilots were there."),
    ],
)
def test_a_raised_number_or_sign_behind_a_word_is_a_notes_mark_and_is_left_out(drawn: str, read_as: str) -> None:
    assert read(drawn) == read_as


@pytest.mark.parametrize(
    ("drawn", "read_as"),
    [
        ("About 10^{6} herrings and 3 × 10^{-4} seals a day.", "About 10⁶ herrings and 3 × 10⁻⁴ seals a day."),
        ("The shed has 250 m^{2} and 900 m^{3} of room.", "The shed has 250 m² and 900 m³ of room."),
        ("It lets out CO_{2} and H_{2}O by the ton.", "It lets out CO₂ and H₂O by the ton."),
        (
            "Two is 2^{16} times in it, and 10^{12} is more than 9².",
            "Two is 2¹⁶ times in it, and 10¹² is more than 9².",
        ),
        ("The sum is 14^{2} for a wall.", "The sum is 14² for a wall."),
    ],
)
def test_powers_and_indices_are_written_as_such(drawn: str, read_as: str) -> None:
    assert read(drawn) == read_as


def test_ordinals_keep_their_letters() -> None:
    assert read("The 1^{st} and the 22^{nd} of May are free.") == "The 1st and the 22nd of May are free."


def test_a_fraction_is_no_digit_of_the_number_before_it() -> None:
    assert read("A plank of 3^{1}/_{2} feet and one of ^{3}/_{4} foot.") == (
        "A plank of 3 1/2 feet and one of 3/4 foot."
    )


def test_a_number_followed_by_the_mark_of_a_note_on_the_page_is_that_number() -> None:
    page = [*column("The crossing cost 14^{2} crowns."), Put("2 In the prices of 1998.", top=780, size=8)]
    assert article(pdf(page)).text == "The crossing cost 14 crowns.\n\n2 In the prices of 1998."


def test_a_power_stays_one_where_the_page_has_a_note_of_that_number() -> None:
    page = [*column("The shed has 40 m^{2} and the yard more.^{2}"), Put("2 As measured in May.", top=780, size=8)]
    assert article(pdf(page)).text.startswith("The shed has 40 m² and the yard more.\n")


def test_a_note_at_the_foot_of_a_page_parts_no_sentence() -> None:
    first = column("The crossing cost 14 crowns^{1} in the year in which the")
    found = article(pdf([*first, Put("1 Without the tax.", top=780, size=8)], column("ferry came back to the island.")))
    assert "The crossing cost 14 crowns in the year in which the ferry came back to the island." in found.text
    assert "1 Without the tax." in found.text
    assert found.page_at(found.text.index("Without")) == 1
    assert found.page_at(found.text.index("ferry came")) == 2


def test_a_mark_that_is_drawn_after_its_line_is_put_where_it_stands() -> None:
    line = Put("The crossing cost 14 million           crowns in all.", top=100)
    assert article(pdf([line, Put("3", x=200, top=96, size=7)])).text == ("The crossing cost 14 million crowns in all.")
