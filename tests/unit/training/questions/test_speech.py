import random

from training.data.splits import Span
from training.questions.speech import condition, reported

SENTENCES = ["The bridge was built in 1907 by the town council.", "Many ships pass under it every day."]


def test_what_was_said_is_the_answer_and_stands_in_the_passage() -> None:
    rng = random.Random(1)
    made = [each for _ in range(200) for each in reported(list(SENTENCES), rng)]
    answered = [each for each in made if each.answer]
    assert len(answered) > 150
    for each in answered:
        assert each.answer is not None
        answer = each.passage[each.answer.start : each.answer.end]
        assert len(answer.split()) >= 3
        assert answer.strip("“”. ") == answer
    assert any(each.answer is None for each in made)


def test_a_question_about_somebody_else_has_no_answer() -> None:
    rng = random.Random(2)
    for _ in range(200):
        for each in reported(list(SENTENCES), rng):
            if each.answer is None and "threaten" not in each.question and "warn" not in each.question:
                verb_at = max(each.question.find(" say"), each.question.find(" state"), each.question.find(" claim"))
                if verb_at > 0:
                    assert each.question[9:verb_at] not in each.passage


def test_a_condition_is_asked_about_where_it_stands() -> None:
    text = "If the water rises above the mark, the gates are closed at once."
    made = condition(text, Span(0, len(text)), random.Random(0))
    assert made is not None
    question, span = made
    assert question.endswith("if the water rises above the mark?")
    assert text[span.start : span.end] == "the gates are closed at once"


def test_a_sentence_without_a_condition_is_not_asked_about() -> None:
    text = "The gates are closed at once."
    assert condition(text, Span(0, len(text)), random.Random(0)) is None
