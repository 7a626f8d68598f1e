"""Confidence is absolute: what else is indexed, and how a question is typed, does not turn an answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onrecord.api.evaluation.runs import open_articles
from onrecord.api.settings import load_settings
from onrecord.rag.answer import Answer, Question
from onrecord.rag.cases.files import load
from tests.integration.unrelated import unrelated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.api.wiring import Services
    from onrecord.index.corpus import Corpus
    from onrecord.rag.pipeline import Pipeline

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300), pytest.mark.xdist_group("absolute")]

SEEDS = Path(__file__).parents[2] / "seeds"
EVERY = 3
"""One question in so many is asked again; all of them took three times as long and told the same."""

MOVED, TYPED = 0.02, 0.05
FURTHER_THREAT = "we will respond to the American bases"

WORDINGS = {
    "what did Asadi threaten?": None,
    "What did Asadi threaten?": None,
    "what did asadi threaten": None,
    "what did Asadi threaten to do?": None,
    "Asadi's threats": "quoted third",
    "asadi threats": "quoted third",
    "What did Sheikh Ali al-Asadi threaten?": None,
    "What does Asadi threaten to do to the Americans?": None,
    "What did Asadi warn of?": None,
    "What did Asadi vow to do?": None,
    "What has Asadi threatened?": "quoted third",
    "What is Asadi threatening?": "quoted third",
    "which threats did Asadi make": "not quoted",
    "tell me what Asadi threatened": "not quoted",
    "What threats has al-Asadi made?": "refused at .40",
    "What was Asadi's threat?": "quoted fourth",
    "what is Asadi threatening to attack": None,
    "Whom did Asadi threaten?": "not quoted",
    "What consequences did Asadi threaten?": "quoted third",
    "How did Asadi threaten the United States?": "not quoted",
}
"""Chosen before any was asked; with what the accurate reader makes of it where it is not quoted first or second."""


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    settings = load_settings(data_dir=tmp_path_factory.mktemp("absolute"))
    opened = open_articles(load(SEEDS / "asadi.qa.yaml"), settings)
    with opened.corpus:
        yield opened


@pytest.fixture(scope="module")
def pipeline(services: Services) -> Pipeline:
    return services.pipeline


@pytest.fixture(scope="module")
def asked() -> list[str]:
    return [case.question for case in load(SEEDS / "asadi.qa.yaml").cases][::EVERY]


@pytest.fixture(scope="module")
def before(pipeline: Pipeline, asked: list[str]) -> dict[str, tuple[bool, float]]:
    return {question: told(pipeline, question) for question in asked}


def told(pipeline: Pipeline, question: str) -> tuple[bool, float]:
    """Whether a question is answered, and how sure that is."""
    result = pipeline.ask(Question(question))
    return isinstance(result, Answer), result.confidence


@pytest.mark.parametrize("wording", WORDINGS)
def test_the_response_to_the_american_bases_is_quoted_first_or_second(
    pipeline: Pipeline, wording: str, request: pytest.FixtureRequest
) -> None:
    measured = WORDINGS[wording]
    if measured is not None:
        request.applymarker(pytest.mark.xfail(strict=True, reason=measured))
    result = pipeline.ask(Question(wording))
    assert isinstance(result, Answer)
    assert any(FURTHER_THREAT in quote.span.exact for quote in result.quotes[:2])


def test_a_question_in_lower_case_without_a_question_mark_is_the_same_question(
    pipeline: Pipeline, before: dict[str, tuple[bool, float]]
) -> None:
    for question, (answered, confidence) in before.items():
        again, typed = told(pipeline, question.rstrip("?").lower())
        assert again is answered, question
        assert abs(typed - confidence) <= TYPED or not answered, question


def test_a_thousand_unrelated_articles_move_no_answer(
    services: Services, asked: list[str], before: dict[str, tuple[bool, float]]
) -> None:
    corpus: Corpus = services.corpus
    corpus.add(unrelated(1_000))
    for question in asked:
        answered, confidence = before[question]
        again, among_others = told(services.pipeline, question)
        assert again is answered, question
        assert abs(among_others - confidence) <= MOVED or not answered, question
