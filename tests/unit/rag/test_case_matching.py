from __future__ import annotations

import pytest

from rag.case_matching import NearMiss, fold, nearest, place_of

TEXTS = ["The mayor’s office closed.", "It will reopen “in May” at noon.", "Nobody was hurt in the fire."]


def test_texts_match_across_quotation_marks_white_space_and_composition() -> None:
    assert place_of("mayor's  office", TEXTS) == 1
    assert place_of('reopen\n"in May"', TEXTS) == 2
    assert fold("Cafe\u0301\u00a0 ‘x’\n„y“") == "Café 'x' \"y\""


def test_texts_match_in_their_own_case_only() -> None:
    assert place_of("nobody was hurt", TEXTS) is None


def test_the_first_place_counts() -> None:
    assert place_of("e", TEXTS) == 1


@pytest.mark.parametrize(
    ("expected", "near"),
    [
        ("was hurt in the flood", NearMiss(3, "was hurt in the [-flood-] {+fire+}")),
        ("was badly hurt in the fire.", NearMiss(3, "was [-badly-] hurt in the fire.")),
        ("will reopen at noon.", NearMiss(2, 'will reopen {+"in May"+} at noon.')),
        ("She said: the mayor's office closed.", NearMiss(1, "[-She said: the-] {+The+} mayor's office closed.")),
        ("Nobody was hurt or died", NearMiss(3, "Nobody was hurt [-or died-] {+in the+}")),
    ],
)
def test_the_nearest_text_is_compared_word_by_word_where_it_stands(expected: str, near: NearMiss) -> None:
    assert nearest(expected, TEXTS) == near


def test_the_comparison_shows_the_place_and_not_the_whole_text() -> None:
    text = f"{'before ' * 100}the council closed the harbour {'after ' * 100}"
    assert nearest("the council opened the harbour", [text]) == NearMiss(
        1, "the council [-opened-] {+closed+} the harbour"
    )


def test_of_two_that_are_equally_near_the_first_is_shown() -> None:
    assert nearest("one two three", ["one two four", "one two five"]) == NearMiss(1, "one two [-three-] {+four+}")


@pytest.mark.parametrize("expected", ["aliens landed here", "in nineteen places of the town", "Aliens"])
def test_what_shares_few_words_is_not_near(expected: str) -> None:
    assert nearest(expected, TEXTS) is None


def test_nothing_is_near_where_nothing_came_back() -> None:
    assert nearest("aliens", []) is None
