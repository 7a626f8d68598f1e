from __future__ import annotations

import pytest

from onrecord.rag.conversation.grammar import Frame, names_something, tokens, words


@pytest.mark.parametrize(
    ("question", "asked", "noun", "rest", "inverted"),
    [
        ("How many planes did Asadi see?", "How many", "planes", "did Asadi see", True),
        ("And in which month did it close?", "in which", "month", "did it close", True),
        ("Under which brigade does it operate?", "Under which", "brigade", "does it operate", True),
        ("When was the bridge built?", "When", "", "was the bridge built", True),
        ("How old is Asadi?", "How old", "", "is Asadi", True),
        ("Who ordered the strikes?", "Who", "", "ordered the strikes", False),
        ("Does Asadi trust them?", "", "", "Does Asadi trust them", True),
        ("why?", "why", "", "", False),
    ],
)
def test_a_question_is_cut_in_what_asks_and_what_is_known(
    question: str, asked: str, noun: str, rest: str, *, inverted: bool
) -> None:
    assert Frame.of(question) == Frame(asked, noun, rest, inverted=inverted)


@pytest.mark.parametrize("text", ["oil price", "The mayor resigned.", "", "?!"])
def test_what_is_no_question_has_no_frame(text: str) -> None:
    assert Frame.of(text) is None


def test_the_word_that_asks_is_told_from_the_preposition_before_it() -> None:
    frame = Frame.of("Since when has it been slow?")
    assert frame is not None
    assert frame.wh_word == "when"


def test_a_possessive_and_an_abbreviation_are_one_word_each() -> None:
    found = tokens("Did the U.S. like Asadi's and the dockers' plan?")
    assert [token.text for token in found] == [
        "Did",
        "the",
        "U.S.",
        "like",
        "Asadi's",
        "and",
        "the",
        "dockers'",
        "plan",
        "?",
    ]
    assert [found[4].low, found[7].low] == ["asadi", "dockers"]


def test_words_leave_out_what_only_opens_a_question() -> None:
    assert [token.text for token in words("OK, and then why?")] == ["why"]


@pytest.mark.parametrize("text", ["What of the US?", "who won", "dockers", "What is 5G?", "谁领导工会", "Who said no?"])
def test_a_noun_a_verb_a_name_or_a_number_tells_what_a_question_is_about(text: str) -> None:
    assert names_something(text)


@pytest.mark.parametrize("text", ["Who is it?", "what is the of and to it?", "?", "🙂"])
def test_function_words_alone_tell_nothing(text: str) -> None:
    assert not names_something(text)
