from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.rag.cases.files import load
from onrecord.rag.conversation.leaning import Lean, leaning

SEED_CASES = Path(__file__).parents[4] / "seeds" / "asadi.qa.yaml"


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("What did he say about Jordan?", "he"),
        ("how old is she", "she"),
        ("And when was it established?", "it"),
        ("Where is it?", "it"),
        ("Who are its members?", "its"),
        ("what's its other name?", "its"),
        ("But did they respond?", "they"),
        ("Who was killed there?", "there"),
        ("Who ordered that?", "that"),
        ("Who ordered that strike?", "that"),
        ("Who said so?", "so"),
        ("What is the reason for this?", "this"),
        ("What did Israel say about it?", "it"),
    ],
)
def test_a_pronoun_that_the_question_does_not_explain_leans(question: str, word: str) -> None:
    found = leaning(question)
    assert found is not None
    assert (found.lean, found.at.low) == (Lean.PRONOUN, word)


@pytest.mark.parametrize(
    "question",
    [
        "why?",
        "Why not?",
        "and why?",
        "How come?",
        "Since when?",
        "By whom?",
        "In which country?",
        "what year?",
        "When was that?",
        "when was it?",
        "How did that happen?",
        "Where exactly?",
    ],
)
def test_a_question_that_only_asks_leans(question: str) -> None:
    found = leaning(question)
    assert found is not None
    assert found.lean is Lean.BARE


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("And Jordan?", "jordan"),
        ("What about the drones?", "the"),
        ("how about Kataib Hezbollah", "kataib"),
        ("and in Syria?", "in"),
        ("Kataib Hezbollah?", "kataib"),
    ],
)
def test_a_fragment_leans_from_its_first_word_on(question: str, first: str) -> None:
    found = leaning(question)
    assert found is not None
    assert (found.lean, found.at.low) == (Lean.FRAGMENT, first)


@pytest.mark.parametrize(
    ("question", "lean"),
    [
        ("How many were killed?", Lean.SPARSE),
        ("Who died?", Lean.SPARSE),
        ("Who resigned?", Lean.SPARSE),
        ("Where was the attack?", Lean.JOINED),
        ("And how many planes were used?", Lean.JOINED),
    ],
)
def test_a_sentence_that_leaves_much_out_or_begins_with_and_leans(question: str, lean: Lean) -> None:
    found = leaning(question)
    assert found is not None
    assert found.lean is lean


@pytest.mark.parametrize(
    "question",
    [
        "Did Iran say it would respond?",
        "What did Asadi say he would do?",
        "How did the IDF justify its campaign?",
        "What did Asadi say about their plans?",  # his and his men's: a name before it is enough
        "Did the militia say it would attack?",
        "Which group changed its name?",
        "Who announced that she would go?",
        "Who said she was proud of her players?",
        "Is it true that Iraqi airspace was used?",
        "How long does it take to cross the Sund?",
        "Who ordered the strike that killed three soldiers?",
        "Did Asadi say that Jordan was used?",
        "What did Asadi say this week?",
        "Are there any casualties?",
        "And what did Kataib Hezbollah warn?",
        "What is the price of a barrel of oil?",
        "oil price",
        "",
        "?!",
    ],
)
def test_a_question_that_stands_on_its_own_does_not_lean(question: str) -> None:
    assert leaning(question) is None


def test_hardly_a_first_question_of_the_seed_cases_leans() -> None:
    first = [case.question for case in load(SEED_CASES).cases if not case.history]
    assert sum(leaning(question) is not None for question in first) <= len(first) / 50
