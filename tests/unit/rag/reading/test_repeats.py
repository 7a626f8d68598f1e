"""Questions of a text that repeat the one asked."""

from __future__ import annotations

import pytest

from onrecord.rag.reading.likeliest import read_likeliest
from onrecord.rag.reading.repeats import answering, repeats
from tests.fakes import OverlapReader
from tests.unit.rag.articles import article, hits, reading

ASKED = "Who may travel free?"


@pytest.mark.parametrize(
    ("text", "pointed_at", "expected"),
    [
        ("Who may travel free? Children under six may.", "Who may travel free", "Children under six may."),
        ("Q. Who travels free? A. Children under six do.", "Q.", "Children under six do."),
        ("Who may travel free? And who may not? Children may.", "travel free", "Children may."),
        ("Who may travel free? Children under six may.", "free? Children under six", "Children under six"),
        ("Everybody may travel free on Sundays.", "Everybody", "Everybody"),
        ("Did you know that 90 pilots travel free?", "90 pilots", "90 pilots"),
        ("“Who may travel free?” asked Ada Moss.", "Ada Moss", "Ada Moss"),
    ],
)
def test_what_follows_a_question_that_repeats_the_one_asked_is_the_answer(
    text: str, pointed_at: str, expected: str
) -> None:
    (hit,) = hits(article(text))
    span = answering(ASKED, hit, reading(hit, pointed_at, score=3.0)).span
    assert span is not None
    assert hit.article.text[span.start : span.end] == expected
    assert span.score == 3.0


def test_a_passage_that_only_repeats_the_question_does_not_answer_it() -> None:
    (hit,) = hits(article("Who may travel free? Who pays?"))
    assert answering(ASKED, hit, reading(hit, "Who", relevance=2.0)).span is None


def test_no_question_of_the_text_is_read_as_the_answer() -> None:
    question, answer = hits(article("Who may travel free?", "Children under six may travel free."))
    (best, *_) = read_likeliest(OverlapReader(), ASKED, [question, answer])
    assert best.place == 1
    assert best.answers


def test_a_statement_repeats_no_question() -> None:
    assert repeats("Can I bring my dog on board?", "can i bring a dog")
    assert not repeats("You can bring a dog.", "Can I bring a dog?")
    assert not repeats("Can I bring my bicycle on board?", "Can I bring a dog?")
