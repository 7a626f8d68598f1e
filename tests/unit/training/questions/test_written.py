from pathlib import Path

import pytest

from training.data.repair import repair
from training.data.splits import WRITTEN, Row, Span
from training.questions.written import DEVELOPMENT_QUESTIONS, LEAST_QUESTIONS, Pair, attach, read_pairs, read_questions

ABBEY = "The abbey became the coronation site of Norman kings. Henry Yevele finished it in the reign of Richard II."
LIGHTS = (
    "Incandescent bulbs have been replaced by fluorescent lamps, which give the same light for a fifth of the power."
)
FIRST, SECOND, THIRD = "5ad29f8fd7d075001a", "5ad2a0b5d7d075001a", "5ad2c906d7d075001a"


def row(context: str, question: str, answer: str) -> Row:
    start = context.index(answer)
    return Row("squad", "Title", context, question, (Span(start, start + len(answer)),))


ROWS = [
    row(ABBEY, "Who finished the abbey?", "Henry Yevele"),
    row(ABBEY, "Whose coronation site was it?", "Norman kings"),
    row(LIGHTS, "What replaced incandescent bulbs?", "fluorescent lamps"),
]


def attached(questions: dict[str, str], pairs: list[Pair]) -> dict[str, str]:
    return {made.question: made.context for made in attach(questions, pairs, ROWS) if not made.answers}


def test_a_question_belongs_to_the_passage_of_the_one_it_was_made_from_and_takes_its_sitting_along() -> None:
    questions = {FIRST + "42a001": "Who started the abbey?", FIRST + "42a002": "What was it to queens?"}
    pairs = [Pair(FIRST + "42a001", "who finished the abbey ?", None)]
    assert attached(questions, pairs) == {"Who started the abbey?": ABBEY, "What was it to queens?": ABBEY}


def test_a_sitting_whose_pairs_name_two_passages_is_left_out() -> None:
    questions = {FIRST + "42a001": "Who started the abbey?", FIRST + "42a002": "What replaced lamps?"}
    pairs = [
        Pair(FIRST + "42a001", "who finished the abbey ?", None),
        Pair(FIRST + "42a002", "what replaced incandescent bulbs ?", None),
    ]
    assert attached(questions, pairs) == {}


def test_an_unknown_sitting_belongs_to_the_passage_that_has_its_words() -> None:
    asked = ["Have fluorescent lamps been replaced by bulbs?", "Which bulbs give a fifth of the light?"]
    assert len(asked) == LEAST_QUESTIONS
    questions = {f"{SECOND}42b00{place}": question for place, question in enumerate(asked)}
    assert attached(questions, []) == dict.fromkeys(asked, LIGHTS)
    elsewhere = {f"{THIRD}42c00{place}": question for place, question in enumerate(("Who won Wimbledon?", "When?"))}
    assert attached(elsewhere, []) == {}


def test_a_question_that_its_passage_answers_is_left_out() -> None:
    questions = {FIRST + "42a001": "Who started the abbey?", FIRST + "42a002": "Who finished the abbey?"}
    pairs = [Pair(FIRST + "42a001", "who finished the abbey ?", None)]
    assert attached(questions, pairs) == {"Who started the abbey?": ABBEY}


def test_development_questions_are_never_read(tmp_path: Path) -> None:
    folder = tmp_path / "rationales"
    folder.mkdir()
    development = [f"{FIRST}{place:06d}\tDoes it matter ?\t0.1" for place in range(DEVELOPMENT_QUESTIONS)]
    lines = ["qid\tquestion\tword_att", *development, f'{SECOND}42b001\t"What is the "" abbey "" \'s name ?"\t0.1']
    (folder / "word_att_extended.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read_questions(tmp_path) == {SECOND + "42b001": "What is the “abbey”'s name?"}


def test_passages_of_pairs_are_put_back_together_with_their_answers(tmp_path: Path) -> None:
    passage = "it sold 12 , 000 of 1 . 5 million . in 1990 , the firm 's head said so ."
    tables = {
        "dev-context.txt": f"{passage}\t0\t8\n",
        "dev-answerable-questions.txt": f"a1\thow many did it sell ?\t{2}\t{4}\n",
        "dev-unanswerable-questions.txt": f"{THIRD}42c001\thow many did it buy ?\t2\t4\n",
    }
    for name, text in tables.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (pair,) = read_pairs(tmp_path, "dev")
    assert pair.row is not None
    assert pair.row.context == "It sold 12,000 of 1.5 million. In 1990, the firm's head said so."
    assert pair.row.texts() == ("12,000",)
    made = attach({THIRD + "42c001": "How many did it buy?", THIRD + "42c002": "Who denied it?"}, [pair], ROWS)
    assert [(each.source, each.question, bool(each.answers)) for each in made] == [
        (WRITTEN, "How many did it buy?", False),
        (WRITTEN, "Who denied it?", False),
        (WRITTEN, "how many did it sell?", True),
    ]


@pytest.mark.parametrize("context", [ABBEY, LIGHTS])
def test_untokenized_rows_are_left_as_they_are(context: str) -> None:
    made = row(context, "Who?", context[:5])
    assert repair(made) == made
