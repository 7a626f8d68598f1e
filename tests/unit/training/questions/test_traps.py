import random

import pytest

from training.data.sentences import sentence_spans
from training.data.splits import Row, Span
from training.questions import polar
from training.questions.traps import EntityPool, Trap, question_entities, trap

CONTEXT = "In 1912 the largest ship, Titanic, left Southampton. Jack Dawson won his ticket. The band played on."


def row(question: str, answer: str, context: str = CONTEXT) -> Row:
    start = context.index(answer)
    return Row("squad2", "Titanic", context, question, (Span(start, start + len(answer)),))


POOL = EntityPool.of([row("What did Rose Bukater win?", "Titanic"), row("What did Jack Dawson win?", "Titanic")])


def make(question: str, answer: str, kind: Trap, context: str = CONTEXT) -> str | None:
    return trap(row(question, answer, context), kind, POOL, random.Random(1))


def test_entities_are_names_that_do_not_open_the_question() -> None:
    assert [name for _, _, name in question_entities("Where did Jack Dawson and the Bank of England meet?")] == [
        "Jack Dawson",
        "Bank of England",
    ]


def test_an_entity_is_replaced_by_another_that_stood_after_the_same_word() -> None:
    assert make("What did Jack Dawson win?", "his ticket", Trap.ENTITY) == "What did Rose Bukater win?"


def test_an_entity_that_the_passage_tells_about_is_no_trap() -> None:
    context = "Jack Dawson won a ticket. Rose Bukater won a diamond."
    assert make("What did Jack Dawson win?", "a ticket", Trap.ENTITY, context) is None


def test_when_becomes_why_where_no_reason_is_given() -> None:
    context = "Titanic left in 1912."
    assert make("When did Titanic leave?", "1912", Trap.WH_WORD, context) == "Why did Titanic leave?"
    assert make("When did it leave?", "1912", Trap.WH_WORD, "It left in 1912 because it was ready.") is None


def test_unanswerable_questions_make_no_traps() -> None:
    nothing = Row("squad2", "", CONTEXT, "What did Jack Dawson win?", ())
    assert all(trap(nothing, kind, POOL, random.Random(0)) is None for kind in Trap)


@pytest.mark.parametrize(
    ("sentence", "question", "span"),
    [
        (
            "The river was dammed near the old town.",
            "Was the river dammed near the old town?",
            "was dammed near the old town",
        ),
        (
            "Spectre received mixed reviews upon release, but won.",
            "Did Spectre receive mixed reviews upon release?",
            "received mixed reviews upon release",
        ),
    ],
)
def test_plain_statements_become_yes_no_questions(sentence: str, question: str, span: str) -> None:
    made = polar.ask(sentence, sentence_spans(sentence)[0], random.Random(0))
    assert made is not None
    assert made.question == question
    assert sentence[made.span.start : made.span.end] == span


@pytest.mark.parametrize("sentence", ["He was born near the old town.", "“We will go home,” he said to them all."])
def test_other_sentences_make_no_yes_no_question(sentence: str) -> None:
    assert polar.ask(sentence, sentence_spans(sentence)[0], random.Random(0)) is None
