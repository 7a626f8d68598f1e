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
    "what did Asadi threaten?": True,
    "What did Asadi threaten?": True,
    "what did asadi threaten": True,
    "what did Asadi threaten to do?": True,
    "Asadi's threats": False,
    "asadi threats": False,
    "What did Sheikh Ali al-Asadi threaten?": True,
    "What does Asadi threaten to do to the Americans?": True,
    "What did Asadi warn of?": True,
    "What did Asadi vow to do?": True,
    "What has Asadi threatened?": False,
    "What is Asadi threatening?": False,
    "which threats did Asadi make": False,
    "tell me what Asadi threatened": False,
    "What threats has al-Asadi made?": False,
    "What was Asadi's threat?": False,
    "what is Asadi threatening to attack": True,
    "Whom did Asadi threaten?": False,
    "What consequences did Asadi threaten?": False,
    "How did Asadi threaten the United States?": False,
}
"""Chosen before any was asked. Of the others the accurate reader quotes other threats before this one, or is less than
.45 sure of it; the first quote is a threat of Asadi's, or what he demands, in each."""


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
    if not WORDINGS[wording]:
        request.applymarker(pytest.mark.xfail(strict=False, reason="other threats are quoted first"))
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
