import random

import pytest
import torch

from training.data.negatives import Piece, PieceIndex
from training.data.sentences import sentence_spans
from training.data.splits import Row, Span
from training.network.model import Scores
from training.questions.spans import SPAN_KINDS, SpanMaker, chosen_answer, whole, with_neighbours
from training.run.batches import Batch
from training.run.distil import softened, standardized
from training.run.train import loss_of

CONTEXT = (
    "Paris is the capital of France. The treaty was signed in Versailles in 1919. Versailles lies west of Paris. "
    "The river Seine crosses the city. Most visitors come in June."
)


def row(question: str, *answers: str, context: str = CONTEXT, source: str = "squad1.1") -> Row:
    spans = tuple(Span(context.index(text), context.index(text) + len(text)) for text in answers)
    return Row(source, "Paris", context, question, spans)


def chosen(made: Row) -> str | None:
    span = chosen_answer(made, sentence_spans(made.context))
    return None if span is None else made.context[span.start : span.end]


def test_of_several_answers_the_one_of_median_length_is_learnt() -> None:
    answers = ("Paris", "Paris is the capital", "Paris is the capital of France")
    assert chosen(row("What is the capital?", *answers)) == answers[1]


def test_the_occurrence_whose_sentence_is_like_the_question_is_learnt() -> None:
    made = row("What lies west of Paris?", "Versailles", source="squad")
    span = chosen_answer(made, sentence_spans(CONTEXT))
    assert span is not None
    assert span.start == CONTEXT.index("Versailles lies")


def test_occurrences_that_cannot_be_told_apart_are_dropped() -> None:
    assert chosen(row("Who?", "Bob", context="Bob left. Bob stayed.", source="squad")) is None


def test_single_sentences_get_neighbours_and_answers_stay_exact() -> None:
    rows = [row("Who?", name, context=f"{name} won the cup.", source="qamr_wikinews") for name in ("Ann", "Bob", "Cid")]
    for before, after in zip(rows, with_neighbours(rows, random.Random(1)), strict=True):
        assert after.texts() == before.texts()
        assert before.context in after.context


def test_whole_rows_are_taken_as_they_stand() -> None:
    made = list(whole([row("When was the treaty signed?", "1919"), row("Who signed it?")]))
    assert [example.kind for example in made] == ["answerable", "human"]
    assert all(example.passage == CONTEXT for example in made)


@pytest.mark.parametrize("seed", range(8))
def test_examples_hold_their_answer_where_they_say_and_nowhere_else(seed: int) -> None:
    rows = [row("When was the treaty signed in Versailles?", "1919"), row("Who left in 1919?", source="squad2")]
    made = list(SpanMaker(rows, seed).examples())
    assert {example.kind for example in made} <= set(SPAN_KINDS)
    for example in made:
        if example.answer is not None:
            assert example.passage[example.answer.start : example.answer.end] == "1919"
        elif example.kind == "sibling":
            assert "1919" not in example.passage


def test_under_another_title_a_passage_answers_nothing_where_only_the_title_names_what_is_asked_about() -> None:
    told = "She was launched in Hull in 1912."
    ship = Row("squad1.1", "Sea_Rose", told, "When was the Sea Rose launched?", (Span(28, 32),))
    other = Row("squad1.1", "Bread", "Bread is baked daily.", "How often is bread baked?", (Span(15, 20),))
    made = [example for seed in range(30) for example in SpanMaker([ship, other], seed).examples()]
    titles = {example.title for example in made if example.kind == "answerable" and example.passage == told}
    assert titles == {"Sea Rose"}
    assert {example.title for example in made if example.kind == "title"} <= {"Bread", ""}
    assert any(example.kind == "title" for example in made)


def test_negatives_are_like_the_question_and_do_not_hold_the_answer() -> None:
    texts = ["The treaty was signed in Versailles in 1919.", "A treaty was signed in Rome.", "Bread is baked daily."]
    index = PieceIndex([Piece("squad", "", number, "", text) for number, text in enumerate(texts)])
    found = index.negatives(row("When was the treaty signed?", "1919"), context=7, count=2)
    assert [piece.text for piece in found] == ["A treaty was signed in Rome."]


def test_the_loss_looks_at_allowed_tokens_only() -> None:
    allowed = torch.tensor([[True, False, True, True]])
    right = torch.tensor([[0.0, 99.0, 9.0, 0.0]])
    batch = Batch(torch.zeros(1, 4), torch.zeros(1, 4), torch.ones(1, 4), allowed, torch.tensor([2]), torch.tensor([2]))
    assert loss_of(Scores(right, right, torch.tensor([9.0])), batch) < 0.01
    none = batch._replace(begin=torch.tensor([0]), end=torch.tensor([0]))
    assert loss_of(Scores(right, right, torch.tensor([9.0])), none) > 9


def test_windows_without_labels_do_not_count_in_the_labels_loss() -> None:
    allowed = torch.ones(2, 3, dtype=torch.bool)
    right = torch.tensor([[0.0, 9.0, 0.0], [0.0, 0.0, 9.0]])
    begin = torch.tensor([1, -1])
    batch = Batch(torch.zeros(2, 3), torch.zeros(2, 3), torch.ones(2, 3), allowed, begin, begin)
    scores = Scores(right, right, torch.tensor([9.0, -9.0]))
    assert loss_of(scores, batch, batch.begin >= 0) < 0.01
    turned = Scores(right.flip(0), right.flip(0), torch.tensor([9.0, 9.0]))
    assert loss_of(turned, batch, batch.begin >= 0) > 5


def test_a_student_that_agrees_with_its_teacher_has_the_least_loss() -> None:
    true = torch.tensor([[1.0, 3.0, -2.0]])
    least = softened(true, true)
    assert softened(true + 5, true) == pytest.approx(float(least))
    assert softened(true.flip(1), true) > least


def test_standardized_vectors_have_the_same_weight_in_every_channel() -> None:
    vectors = torch.randn(500, 3) * torch.tensor([1.0, 100.0, 0.1]) + torch.tensor([0.0, 50.0, -3.0])
    made = standardized(vectors)
    torch.testing.assert_close(made.mean(0), torch.zeros(3), atol=1e-4, rtol=0)
    torch.testing.assert_close(made.std(0), torch.ones(3), atol=0.02, rtol=0)
