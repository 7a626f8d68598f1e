from __future__ import annotations

import pytest

from onrecord.rag.conversation.referents import Understood, places, referents

SEEN = (
    "Mayor Ingrid Dahl said the line lost money. “We cannot keep it,” Dahl told the Post. The Havfruen was built in "
    "Gdansk. Karsten Moe, who leads the Dockers' Union, said his members would strike. “They promised us,” Moe said."
)


@pytest.mark.parametrize(
    ("pronoun", "turn", "expected"),
    [
        ("she", Understood("Who is Ingrid Dahl?", seen=SEEN), ["Dahl", "Ingrid Dahl"]),
        ("he", Understood("Who leads the Dockers' Union?", "Karsten Moe", seen=SEEN), ["Moe", "Karsten Moe"]),
        ("its", Understood("Who leads the Dockers' Union?", "Karsten Moe", seen=SEEN), ["the Dockers' Union"]),
        ("it", Understood("When was the Havfruen built?", "1987", seen=SEEN), ["the Havfruen"]),
        ("it", Understood("Which boat sails empty?", "the Havfruen", seen=SEEN), ["the Havfruen"]),
        (
            "they",
            Understood("How many dockers belong to the Dockers' Union?", "140", seen=SEEN),
            ["dockers"],
        ),
        ("them", Understood("Who ordered the strikes?", "Ingrid Dahl", seen=SEEN), ["the strikes", "Ingrid Dahl"]),
        ("she", Understood("What was lost?", "money", "Mayor Ingrid Dahl said the line lost money.", SEEN), ["Dahl"]),
        ("he", Understood("What is the weather?"), []),
        ("she", Understood("When was the Havfruen built?", seen=SEEN), []),
    ],
)
def test_a_pronoun_stands_for_what_is_of_its_kind(pronoun: str, turn: Understood, expected: list[str]) -> None:
    assert referents(pronoun, [turn])[: len(expected) or None] == expected


def test_what_both_of_the_last_turns_spoke_of_comes_first() -> None:
    turns = [
        Understood("Who designed the new bridge?", "Oeverhuis"),
        Understood("Who paid for the new bridge?", "the Ministry of Transport"),
    ]
    assert referents("it", turns)[0] == "the new bridge"


def test_a_turn_without_anything_fitting_is_passed_over() -> None:
    turns = [Understood("Who is Ingrid Dahl?", seen=SEEN), Understood("What is the weather?", seen=SEEN)]
    assert referents("she", turns)[0] == "Dahl"


def test_there_is_where_something_was_or_what_a_place_was_asked_for() -> None:
    assert next(places([Understood("Where was the Havfruen built?", "Gdansk", seen=SEEN)])) == "Gdansk"
    assert list(places([Understood("Who works in Larnholm?", "nobody")])) == ["Larnholm"]
    assert list(places([Understood("Which airbase was hit?", "Al Asad")])) == ["Al Asad"]
