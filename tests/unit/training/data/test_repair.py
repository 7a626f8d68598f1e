import pytest

from training.data.repair import clean_title, repair, typographic
from training.data.splits import Row, Span


def row(context: str, answer: str, question: str = "what 's that ?") -> Row:
    start = context.index(answer)
    return Row("qamr_wikinews", "", context, question, (Span(start, start + len(answer)),), tokenized=True)


@pytest.mark.parametrize(
    ("tokenized", "answer", "repaired", "repaired_answer"),
    [
        ("He said : `` Go home , '' and left .", "Go home", "He said: “Go home,” and left.", "Go home"),
        ("Brown -LRB- D -RRB- did n't go .", "did n't go", "Brown (D) didn't go.", "didn't go"),
        ("a record - high 5 %", "record - high", "a record-high 5%", "record-high"),
        ("the 1981 -- 1985 seasons", "1981 -- 1985", "the 1981–1985 seasons", "1981–1985"),
        ("Plimsoll , a Member , left .", ", a Member ,", "Plimsoll, a Member, left.", ", a Member,"),
        ("the state 's budget", "'s budget", "the state's budget", "'s budget"),
        ("it cost $ 5 million", "$ 5 million", "it cost $5 million", "$5 million"),
        ('say " yes " now', "yes", "say “yes” now", "yes"),
    ],
)
def test_tokenized_text_is_put_back_together_and_answers_follow(
    tokenized: str, answer: str, repaired: str, repaired_answer: str
) -> None:
    made = repair(row(tokenized, answer))
    assert made.context == repaired
    assert made.texts()[0].strip() == repaired_answer


def test_questions_are_repaired_too() -> None:
    assert repair(row("a b", "b")).question == "what's that?"


def test_real_text_is_left_alone() -> None:
    plain = Row("squad2", "", "a , b", "who ?", (Span(0, 1),))
    assert repair(plain) is plain


@pytest.mark.parametrize(
    ("title", "source", "clean"),
    [
        ("University_of_Notre_Dame", "squad2", "University of Notre Dame"),
        ("Amazon_Reviews_1520", "squadshifts_amazon_reviews", ""),
        ("Filtered_Reddit_Comments", "squadshifts_reddit", ""),
        ("my-lord-bag-of-rice", "fairytaleqa", "my lord bag of rice"),
        ("(CNN) -- What could be more powerful than the tear", "newsqa_cnn", ""),
        ("", "squad", ""),
    ],
)
def test_titles_are_cleaned_and_meaningless_ones_dropped(title: str, source: str, clean: str) -> None:
    assert clean_title(title, source) == clean


def test_typographic_quotes_keep_every_character_in_place() -> None:
    text = '"It\'s \'fine\'," he said ("so")'
    assert typographic(text) == "“It’s ‘fine’,” he said (“so”)"
    assert len(typographic(text)) == len(text)
