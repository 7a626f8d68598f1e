from __future__ import annotations

import pytest

from onrecord.index.sources.readers.markup.raised import apart, lowered, raised


@pytest.mark.parametrize(
    ("before", "mark"),
    [
        ("14 million", "2"),
        ("14 million ", "2"),
        ("the end.", "3"),
        ("the end.”", "12"),
        ("said", "1, 2"),
        ("said", "[4]"),
        ("said", "[citation needed]"),
        ("14", "[4]"),
        ("said", "*"),
        ("14", "†"),
        ("sits in Ada Moss", "7"),
    ],
)
def test_what_is_a_notes_mark_for_certain_is_left_away(before: str, mark: str) -> None:
    assert raised(mark, before) == ""


@pytest.mark.parametrize("mark", ["2", "12", "a"])
def test_a_link_to_a_note_is_left_away_even_behind_a_figure(mark: str) -> None:
    assert raised(mark, "14", linked=True) == ""


@pytest.mark.parametrize(
    ("before", "mark", "expected"),
    [
        ("10", "6", "⁶"),
        ("10", "-3", "⁻³"),
        ("14", "2", "²"),
        ("20 m", "2", "²"),
        ("5 km", "2", "²"),
        ("x", "n+1", "ⁿ⁺¹"),
        ("(a + b)", "2", "²"),
        ("", "2", "²"),
        ("Table 3", "a", "ᵃ"),
        ("10", "6.5", "^6.5"),
    ],
)
def test_a_figure_that_is_raised_stays_raised(before: str, mark: str, expected: str) -> None:
    assert raised(mark, before) == expected


@pytest.mark.parametrize(("before", "mark"), [("1", "st"), ("22", "nd"), ("M", "me"), ("Delta", "™")])
def test_words_that_are_raised_read_on(before: str, mark: str) -> None:
    assert raised(mark, before) == mark
    assert raised(mark, before, linked=True) == mark


def test_lowered_figures_stay_lowered_and_words_read_on() -> None:
    assert (lowered("2", "H"), lowered("max", "v"), lowered("1.5", "PM")) == ("₂", "max", "_1.5")


def test_words_that_a_mark_parted_are_apart() -> None:
    assert (apart("million", "crowns"), apart("million", " crowns"), apart("million", ".")) == (
        " crowns",
        " crowns",
        ".",
    )
