"""Questions of a text that repeat the one asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onrecord.rag.reading.likeliest import read_likeliest
from onrecord.rag.reading.repeats import answers_behind_questions, repeats
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
        ("May dogs come? Yes, on a lead.", "dogs", "Yes, on a lead."),
        ("Can I bring dogs? Yes, on a lead.", "Can I bring dogs", "Yes, on a lead."),
        ("A. Children under six may.", "A. Children under six", "Children under six"),
        ("Is it true that Ada Moss was the first? Yes.", "that Ada Moss", "that Ada Moss"),
        ("“May dogs come?” Nobody answered Moss.", "May dogs come", "May dogs come"),
        ("Everybody may travel free on Sundays.", "Everybody", "Everybody"),
        ("Did you know that 90 pilots travel free?", "90 pilots", "90 pilots"),
        ("“Who may travel free?” asked Ada Moss.", "Ada Moss", "Ada Moss"),
    ],
)
def test_what_follows_a_question_that_repeats_the_one_asked_is_the_answer(
    text: str, pointed_at: str, expected: str
) -> None:
    (hit,) = hits(article(text))
    (told,) = answers_behind_questions(ASKED, [hit], [reading(hit, pointed_at, score=3.0)])
    span = told.span
    assert span is not None
    assert hit.article.text[span.start : span.end] == expected
    assert span.score == 3.0


def test_a_passage_that_only_repeats_the_question_does_not_answer_it() -> None:
    (hit,) = hits(article("Who may travel free? Who pays?"))
    (told,) = answers_behind_questions(ASKED, [hit], [reading(hit, "Who", relevance=2.0)])
    assert told.span is None


def test_the_passage_behind_a_question_is_as_likely_as_the_question_looked() -> None:
    question, answer, other = hits(article("May dogs come?", "Yes, on a lead.", "Cats as well."))
    read = [
        reading(question, "dogs", relevance=3.0, score=4.0),
        reading(answer, "on a lead", score=-2.0),
        reading(other, "Cats", score=-3.0),
    ]
    found = [question, replace(answer, lead=question.passage.text), replace(other, lead=answer.passage.text)]
    asked, told, untouched = answers_behind_questions("Can I bring a dog?", found, read)
    assert asked.span is None
    assert told.span is not None
    assert (told.relevance, told.span.score) == (3.0, 4.0)
    assert untouched == read[2]


def test_no_question_of_the_text_is_read_as_the_answer() -> None:
    question, answer = hits(article("Who may travel free?", "Children under six may travel free."))
    (best, *_) = read_likeliest(OverlapReader(), ASKED, [question, answer])
    assert best.place == 1
    assert best.answers


def test_a_statement_repeats_no_question() -> None:
    assert repeats("Can I bring my dog on board?", "can i bring a dog")
    assert not repeats("You can bring a dog.", "Can I bring a dog?")
    assert not repeats("Can I bring my bicycle on board?", "Can I bring a dog?")
