from __future__ import annotations

from dataclasses import replace

import pytest

from onrecord.rag.answer import MAX_QUESTION_LENGTH
from onrecord.rag.conversation.follow_up import MOST_FORMULATIONS, formulations
from onrecord.rag.conversation.referents import Understood

SEEN = (
    "Sheikh Ali al-Asadi spoke on Monday. “They used the airspace of Jordan,” Asadi said. The Nujaba Movement was "
    "established in 2013. The strikes were ordered by President Joe Biden. A drone hit Iraq’s Al Asad Airbase."
)
ASADI = Understood("What did Asadi threaten?", "we will respond", seen=SEEN)
MOVEMENT = Understood("When was the Nujaba Movement established?", "2013", seen=SEEN)
STRIKES = Understood("Who ordered the strikes?", "President Joe Biden", seen=SEEN)
SOLDIERS = Understood("Where were two Israeli soldiers killed?", "Golan Heights")
AIRBASE = Understood("Which airbase did a drone hit in July?", "Al Asad Airbase", seen=SEEN)


@pytest.mark.parametrize(
    ("question", "before", "first"),
    [
        ("What did he say about Jordan?", ASADI, "What did Asadi say about Jordan?"),
        ("And what did he say?", ASADI, "what did Asadi say?"),
        ("What are his plans", ASADI, "What are Asadi's plans?"),
        ("And when was it established?", MOVEMENT, "when was the Nujaba Movement established?"),
        ("Who are its leaders?", MOVEMENT, "Who are the Nujaba Movement's leaders?"),
        ("What's its other name?", MOVEMENT, "What's the Nujaba Movement's other name?"),
        ("Why did he order them?", STRIKES, "Why did President Joe Biden order the strikes?"),
        ("Since when has he been there?", STRIKES, "Since when has President Joe Biden been there?"),
        ("why?", ASADI, "why did Asadi threaten?"),
        ("And why?", STRIKES, "why President Joe Biden ordered the strikes?"),
        ("How come?", MOVEMENT, "why was the Nujaba Movement established?"),
        ("When was that?", SOLDIERS, "When were two Israeli soldiers killed?"),
        ("By whom?", SOLDIERS, "By whom were two Israeli soldiers killed?"),
        ("why?", Understood("Which hospital was closed?", "the last one"), "why was hospital closed?"),
        ("In which month?", AIRBASE, "In which month airbase did a drone hit in July?"),
        ("And Kataib Hezbollah?", MOVEMENT, "When was Kataib Hezbollah established?"),
        ("What about the drones?", STRIKES, "Who ordered the drones?"),
        ("And about Syria?", Understood("What did Asadi say about Jordan?"), "What did Asadi say about Syria?"),
        ("And in June?", AIRBASE, "Which airbase did a drone hit in June?"),
        ("And missiles?", Understood("How many planes did Asadi see?"), "How many missiles did Asadi see?"),
        ("How many were injured there?", AIRBASE, "How many were injured in Al Asad Airbase?"),
        ("How many were injured?", AIRBASE, "How many were injured Al Asad Airbase airbase a drone hit in July?"),
        ("Who said that?", replace(STRIKES, text="Was the strike weak?"), "Who said the strike weak?"),
        ("Who ordered that strike?", Understood("Whom did the drone strike kill?"), "Who ordered the drone strike?"),
    ],
)
def test_a_follow_up_is_read_in_words_that_stand_on_their_own(question: str, before: Understood, first: str) -> None:
    assert formulations(question, [before])[0] == first


@pytest.mark.parametrize(
    "question",
    [
        "How old is Joe Biden?",
        "What is the price of a barrel of oil?",
        "And what did Kataib Hezbollah warn?",
        "oil price",
    ],
)
def test_a_question_that_stands_on_its_own_is_left_alone(question: str) -> None:
    assert formulations(question, [ASADI, MOVEMENT]) == (question,)


@pytest.mark.parametrize("question", ["why?", "What did he say?", "And Jordan?", "How many were killed?"])
def test_without_history_every_question_is_left_alone(question: str) -> None:
    assert formulations(question, []) == (question,)


def test_a_pronoun_that_nothing_fits_is_left_as_it_is() -> None:
    assert formulations("What did she say?", [Understood("What is the weather?")]) == ("What did she say?",)


def test_a_sentence_that_could_stand_on_its_own_is_tried_alone_first() -> None:
    wordings = formulations("And how many planes were used?", [ASADI])
    assert wordings == ("And how many planes were used?", "And how many planes were used Asadi threaten?")


def test_the_last_question_never_stands_whole_beside_the_new_one() -> None:
    for question in ("why?", "How many were killed?", "Who said that?", "And Jordan?", "And how many planes flew?"):
        for before in (ASADI, MOVEMENT, STRIKES, SOLDIERS, AIRBASE):
            assert not any(before.text.rstrip("?") in wording for wording in formulations(question, [before]))


def test_why_asked_twice_asks_about_the_answer() -> None:
    before = Understood("Why did Biden order the strikes?", "in retaliation for a drone strike")
    assert formulations("Why?", [before]) == ("Why in retaliation for a drone strike?",)


def test_a_chain_leads_back_to_the_first_turn() -> None:
    first = formulations("When was it established?", [MOVEMENT])[0]
    second = Understood(first, "2013", seen=SEEN)
    assert formulations("Who leads it?", [MOVEMENT, second])[0] == "Who leads the Nujaba Movement?"


def test_there_are_few_formulations_and_none_is_longer_than_a_question_may_be() -> None:
    long = Understood("Who met " + "Ada Moss and the Union and Bo Lind " * 25 + "?")
    for question in ("What did they say?", "Why?", "How many were killed?", "And Jordan?", "Who said that?"):
        found = formulations(question, [long, long])
        assert 1 <= len(found) <= MOST_FORMULATIONS
        assert all(len(wording) <= MAX_QUESTION_LENGTH for wording in found)
