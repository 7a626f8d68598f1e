import random

from training.data.splits import Row, Span
from training.questions.traps import EntityPool, names_elsewhere, question_entities, swapped_entity

CONTEXT = "In 1912 the largest ship, Titanic, left Southampton. Jack Dawson won his ticket. The band played on."


def row(question: str, answer: str, context: str = CONTEXT) -> Row:
    start = context.index(answer)
    return Row("squad2", "Titanic", context, question, (Span(start, start + len(answer)),))


POOL = EntityPool.of([row("What did Rose Bukater win?", "Titanic"), row("What did Jack Dawson win?", "Titanic")])


def make(question: str, answer: str, context: str = CONTEXT) -> str | None:
    return swapped_entity(row(question, answer, context), POOL, random.Random(1))


def test_entities_are_names_that_do_not_open_the_question() -> None:
    assert [name for _, _, name in question_entities("Where did Jack Dawson and the Bank of England meet?")] == [
        "Jack Dawson",
        "Bank of England",
    ]


def test_an_entity_is_replaced_by_another_that_stood_after_the_same_word() -> None:
    assert make("What did Jack Dawson win?", "his ticket") == "What did Rose Bukater win?"


def test_an_entity_that_the_passage_tells_about_is_no_trap() -> None:
    context = "Jack Dawson won a ticket. Rose Bukater won a diamond."
    assert make("What did Jack Dawson win?", "a ticket", context) is None


def test_unanswerable_questions_make_no_traps() -> None:
    nothing = Row("squad2", "", CONTEXT, "What did Jack Dawson win?", ())
    assert swapped_entity(nothing, POOL, random.Random(0)) is None


def test_a_name_that_only_title_or_lead_tell_is_told() -> None:
    asked = "When was the Sea Rose built?"
    assert names_elsewhere(asked, "Sea Rose", "She was built in 1912.")
    assert not names_elsewhere(asked, "Sea Rose", "The Sea Rose was built in 1912.")
    assert not names_elsewhere(asked, "Northern Star", "She was built in 1912.")
