from __future__ import annotations

import pytest

from onrecord.rag.cases.matching import Piece, fold, nearest, place_of

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
    ("expected", "rank", "difference"),
    [
        ("was hurt in the flood", 3, "was hurt in the [-flood-] {+fire+}"),
        ("was badly hurt in the fire.", 3, "was [-badly-] hurt in the fire."),
        ("will reopen at noon.", 2, 'will reopen {+"in May"+} at noon.'),
        ("She said: the mayor's office closed.", 1, "[-She said: the-] {+The+} mayor's office closed."),
        ("Nobody was hurt or died", 3, "Nobody was hurt [-or died-] {+in the+}"),
    ],
)
def test_the_nearest_text_is_compared_word_by_word_where_it_stands(expected: str, rank: int, difference: str) -> None:
    near = nearest(expected, TEXTS)
    assert near is not None
    assert (near.rank, near.difference) == (rank, difference)
    assert place_of(near.text, TEXTS) == rank, "its own words are found where it stands"


def test_a_difference_is_told_piece_by_piece() -> None:
    near = nearest("Nobody was badly hurt in the flood", TEXTS)
    assert near is not None
    assert near.text == "Nobody was hurt in the fire"
    assert near.pieces == (
        Piece("Nobody was", "Nobody was"),
        Piece("badly", ""),
        Piece("hurt in the", "hurt in the"),
        Piece("flood", "fire"),
    )
    assert [piece.differs for piece in near.pieces] == [False, True, False, True]


def test_the_comparison_shows_the_place_and_not_the_whole_text() -> None:
    text = f"{'before ' * 100}the council closed the harbour {'after ' * 100}"
    near = nearest("the council opened the harbour", [text])
    assert near is not None
    assert near.difference == "the council [-opened-] {+closed+} the harbour"
    assert near.text == "the council closed the harbour"


def test_of_two_that_are_equally_near_the_first_is_shown() -> None:
    near = nearest("one two three", ["one two four", "one two five"])
    assert near is not None
    assert (near.rank, near.text) == (1, "one two four")


@pytest.mark.parametrize("expected", ["aliens landed here", "in nineteen places of the town", "Aliens"])
def test_what_shares_few_words_is_not_near(expected: str) -> None:
    assert nearest(expected, TEXTS) is None


def test_words_that_every_sentence_has_make_nothing_near() -> None:
    assert nearest("closed at the beginning of the week", ["A target in the north of the occupied town."]) is None


def test_nothing_is_near_where_nothing_came_back() -> None:
    assert nearest("aliens", []) is None
