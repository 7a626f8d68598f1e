from __future__ import annotations

import pytest

from onrecord.rag.conversation.mentions import Kind, kind, mentions

SEEN = (
    "The comments by Sheikh Ali al-Asadi, head of the Political Council of the Nujaba Movement, came late. "
    "“The strike was weak,” Asadi told Newsweek. In Baghdad, the Kataib Hezbollah militia was silent. "
    "Mayor Ingrid Dahl met Karsten Moe, who said nothing, in Larnholm. The Havfruen sails into southern Lebanon. "
    "“It was late,” Ferrante admitted."
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Asadi threaten?", ["Asadi"]),
        ("what did asadi threaten?", ["asadi"]),  # in capitals in what was found
        ("Does Asadi trust American promises?", ["Asadi", "American promises"]),
        ("When was the Nujaba Movement established?", ["the Nujaba Movement"]),
        ("What is the Islamic Resistance in Iraq?", ["the Islamic Resistance in Iraq"]),
        ("Who is Sheikh Ali al-Asadi?", ["Sheikh Ali al-Asadi"]),
        ("Who leads the Dockers' Union?", ["the Dockers' Union"]),
        ("Where were two Israeli soldiers killed?", ["Israeli soldiers"]),
        ("Did the strike hit Iran on November 4?", ["the strike", "Iran"]),
        ("In which month did Israeli ground troops go into Lebanon?", ["Israeli ground troops", "Lebanon"]),
        ("Who ordered the strikes on militia positions?", ["the strikes", "militia positions"]),
        ("How far away is Tavira b?", ["Tavira b"]),
        ("Under the banner of the 12th Brigade", ["the banner", "the 12th Brigade"]),
        ("Karsten Moe", ["Karsten Moe"]),
        ("Assistant coach Karsten Moe", ["Karsten Moe"]),
        ("How do I reset my password?", []),
    ],
)
def test_names_and_noun_phrases_are_found_where_they_stand(question: str, expected: list[str]) -> None:
    found = mentions(question, SEEN)
    assert [each.text for each in found] == expected
    assert all(question[each.start : each.end] == each.text for each in found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Asadi", Kind.PERSON),
        ("Ingrid Dahl", Kind.PERSON),
        ("Moe", Kind.PERSON),
        ("Ferrante", Kind.PERSON),
        ("President Joe Biden", Kind.PERSON),
        ("the Nujaba Movement", Kind.THING),
        ("the Havfruen", Kind.THING),
        ("Baghdad", Kind.PLACE),
        ("Lebanon", Kind.PLACE),
        ("Newsweek", Kind.UNKNOWN),
        ("Nobody Known", Kind.UNKNOWN),
    ],
)
def test_what_a_name_is_is_told_from_how_the_passages_write_of_it(name: str, expected: Kind) -> None:
    (mention,) = mentions(f"about {name}", SEEN)
    assert kind(mention, SEEN) is expected
