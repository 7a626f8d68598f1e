from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.api import words
from onrecord.api.words import LEVELS, MAY_ANSWER, REASONS, confidence_words, refusal
from onrecord.rag.answer import Reason

PAGE_WORDS = Path(words.__file__).parent / "http" / "page" / "static" / "words.js"


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(Reason)


@pytest.mark.parametrize("reason", [Reason.NO_ANSWER_IN_PASSAGES, Reason.NO_RELEVANT_PASSAGE])
def test_a_refusal_above_a_passage_that_may_answer_does_not_say_that_none_does(reason: Reason) -> None:
    assert refusal(reason, MAY_ANSWER - 0.01) == f"{words.NOT_FOUND} {REASONS[reason]}"
    told = refusal(reason, 0.24)
    assert (
        told == "The articles do not surely answer this. A passage may answer it, but not surely enough to be quoted."
    )
    assert refusal(reason, 0.59) == told  # of a reader that answers from .6 on


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (1.0, "Very likely the answer"),
        (0.8, "Very likely the answer"),
        (0.6, "Likely the answer"),
        (0.35, "Possibly the answer"),
        (0.1, "Unlikely to be the answer"),
        (0.0, "Unlikely to be the answer"),
    ],
)
def test_every_confidence_has_words_whatever_the_threshold(probability: float, said: str) -> None:
    assert confidence_words(probability) == said


def test_the_page_says_the_same_in_its_own_file() -> None:
    page = PAGE_WORDS.read_text("utf-8")
    for name in ("NOT_FOUND", "NOT_SURELY_FOUND", "MAYBE", "MAY_ANSWER"):
        (said,) = re.findall(rf"^const {name} = (.*);$", page, re.MULTILINE)
        assert json.loads(said) == getattr(words, name)
    for reason, said in REASONS.items():
        assert f'  {reason}: "{said}",\n' in page
    levels = re.findall(r"\{ lowest: (\w+|[\d.]+), level: \"\w+\", words: \"(.*)\" \}", page)
    assert tuple((MAY_ANSWER if at == "MAY_ANSWER" else float(at), said) for at, said in levels) == LEVELS


@pytest.mark.parametrize("module", ["onrecord.api.words", "onrecord.api.http.openai.text"])
def test_words_of_http_load_nothing_of_the_terminal(module: str) -> None:
    code = f"import sys, {module}; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
