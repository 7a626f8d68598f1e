from __future__ import annotations

import pytest

from onrecord.rag.reading.judge import judge
from onrecord.rag.reading.own_words import own_words_first
from onrecord.rag.reading.reader import Calibration
from tests.unit.rag.articles import article, hits, reading

CALIBRATION = Calibration(relevance=0.0, span=1.0, bias=0.0, threshold=0.5)
REPORTED = "Moss warned that the port would be closed if nothing changed."
SAID = "“If nothing changes,” Moss said, “we will strike at dawn.”"
ANOTHER = "“The port stays open,” said the harbour master."


def order(question: str, *, reported: float, said: float) -> list[str]:
    found = hits(article(REPORTED, SAID, ANOTHER, title="Port"))
    readings = [
        reading(found[0], "the port would be closed", score=reported),
        reading(found[1], "we will strike at dawn", score=said),
        reading(found[2], "The port stays open", score=said - 0.1),
    ]
    judged = judge(found, readings, CALIBRATION, threshold=0.5)
    return [found[each.place].passage.text for each in own_words_first(question, found, judged)]


@pytest.mark.parametrize("question", ["What did Moss threaten?", "what did moss threaten", "Moss's threats"])
def test_the_words_of_somebody_whom_the_question_names_come_before_what_is_told_of_them(question: str) -> None:
    assert order(question, reported=3.0, said=2.0) == [SAID, REPORTED, ANOTHER]


def test_not_where_they_are_much_less_likely_to_answer() -> None:
    assert order("What did Moss threaten?", reported=3.0, said=0.5)[0] == REPORTED


def test_not_where_the_question_names_nobody_who_spoke() -> None:
    assert order("What will be closed?", reported=3.0, said=2.0)[0] == REPORTED
    assert order("Did anybody warn of nothing?", reported=3.0, said=2.0)[0] == REPORTED


def test_nothing_read_is_nothing_ordered() -> None:
    assert own_words_first("What did Moss say?", [], []) == []
