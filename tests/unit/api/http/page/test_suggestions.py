from __future__ import annotations

import time
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app
from onrecord.api.http.page.question_templates import LONGEST_QUESTION, candidates
from onrecord.api.http.page.suggestions import MOST_ASKED, MOST_KEPT
from onrecord.api.wiring import Services
from onrecord.index.corpus import Corpus
from onrecord.index.errors import StoreBusy
from onrecord.index.records import Article
from onrecord.rag.pipeline import Pipeline
from tests.fakes import HashingEmbedder, OverlapReader
from tests.unit.api.conftest import wait_until_loaded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onrecord.rag.answer import Answer, NotFound, Question

TOWN = (
    "The Larnholm Port Authority was established in 1911 as a board of nine.",
    "Ada Lind, its head, spoke to readers of the Harbour Museum's letters.",
    "The Larnholm council has repeatedly rejected a plan of Ada Lind.",
    "The Harbour Museum is a branch of the National Archive (NAT), near Larnholm.",
    "It announced a ferry. A board was established in 1912.",
)


def article(*paragraphs: str, name: str = "town") -> Article:
    return Article.create(source=f"test:{name}", text="\n\n".join(paragraphs), title=name)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open(tmp_path / "data", HashingEmbedder()) as opened:
        yield opened


def suggested(corpus: Corpus, *paragraphs: str) -> list[str]:
    added = article(*paragraphs)
    corpus.add([added])
    return [candidate.question for candidate in candidates(corpus.contents(added.id))]


def found(client: TestClient) -> dict[str, Any]:
    until = time.monotonic() + 10
    while not (response := client.get("/v1/examples").json())["complete"]:
        assert time.monotonic() < until
        time.sleep(0.01)
    return dict(response)


def app(services: Services) -> TestClient:
    return TestClient(create_app(lambda: services, max_concurrent=2, max_waiting=4))


def test_names_and_verbs_of_sentences_become_questions_one_of_each_kind_first(corpus: Corpus) -> None:
    assert suggested(corpus, *TOWN) == [
        "When was the Larnholm Port Authority established?",
        "Who is Ada Lind?",
        "What did the Larnholm council reject?",
        "What is the Harbour Museum?",
        "What does NAT stand for?",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "It was established in 1911, and Larnholm grew.",
        "Various groups threatened a strike.",
        "The militia ordered a retreat.",
        "“The Harbour Museum is closed,” said nobody.",
        "The Harbour Museum was established by a king.",
        f"The Harbour {'Museum ' * 20}was established in 1911, near the Harbour.",
    ],
)
def test_what_is_no_name_or_reads_badly_becomes_no_question(corpus: Corpus, sentence: str) -> None:
    assert suggested(corpus, sentence) == []


def test_a_candidate_stands_at_its_sentence_and_is_short(corpus: Corpus) -> None:
    town = article(*TOWN)
    corpus.add([town])
    for candidate in candidates(corpus.contents(town.id)):
        assert town.text[candidate.start : candidate.end] in "\n".join(TOWN)
        assert len(candidate.question) <= LONGEST_QUESTION


def test_examples_are_kept_where_asking_leads_back_to_their_sentence(corpus: Corpus) -> None:
    decoy = "“When was the Larnholm Port Authority established?” they ask."
    corpus.add([article(*TOWN), article(decoy, name="decoy")])
    with app(Services(corpus, Pipeline(corpus, OverlapReader()))) as client:
        wait_until_loaded(client)
        examples = found(client)
        assert examples["corpus_generation"] == corpus.generation
    questions = [example["question"] for example in examples["examples"]]
    assert "What is the Harbour Museum?" in questions
    assert "When was the Larnholm Port Authority established?" not in questions
    assert {example["article_id"] for example in examples["examples"]} == {article().id}


def test_they_are_found_anew_when_the_corpus_has_changed(corpus: Corpus) -> None:
    with app(Services(corpus, Pipeline(corpus, OverlapReader()))) as client:
        wait_until_loaded(client)
        assert found(client)["examples"] == []
        corpus.add([article(*TOWN)])
        assert len(found(client)["examples"]) > 0
        corpus.remove(article().id)
        assert found(client)["examples"] == []


class Asked(Pipeline):
    """Keeps what it was asked, and can be held."""

    def __init__(self, corpus: Corpus) -> None:
        super().__init__(corpus, OverlapReader())
        self.questions: list[str] = []
        self.go_on = Event()

    def ask(self, question: Question) -> Answer | NotFound:
        self.questions.append(question.text)
        assert self.go_on.wait(10)
        return super().ask(question)


def town(number: int) -> Article:
    lines = (f"The Harbour {name} of T{number} was established in 1911." for name in ("Museum", "School", "Market"))
    return article(*lines, f"All of the Harbour is in T{number}.", name=f"town {number}")


def test_no_more_is_asked_than_needed_and_nothing_before_somebody_wants_examples(corpus: Corpus) -> None:
    corpus.add([town(number) for number in range(40)])
    pipeline = Asked(corpus)
    pipeline.go_on.set()
    with app(Services(corpus, pipeline)) as client:
        wait_until_loaded(client)
        assert pipeline.questions == []
        assert len(found(client)["examples"]) <= MOST_KEPT
        asked = len(pipeline.questions)
        assert 0 < asked <= MOST_ASKED
        found(client)
        assert len(pipeline.questions) == asked


def test_looking_for_examples_holds_up_no_request_and_ends_with_the_server(corpus: Corpus) -> None:
    corpus.add([town(number) for number in range(9)])
    pipeline = Asked(corpus)
    with app(Services(corpus, pipeline)) as client:
        wait_until_loaded(client)
        assert client.get("/v1/examples").json() == {
            "examples": [],
            "complete": False,
            "corpus_generation": corpus.generation,
        }
        while not pipeline.questions:
            time.sleep(0.01)
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/examples").json()["complete"] is False
        pipeline.go_on.set()
    assert len(pipeline.questions) < MOST_ASKED


def test_a_store_that_fails_ends_the_search_with_what_was_found(
    corpus: Corpus, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(Pipeline):
        def ask(self, question: Question) -> Answer | NotFound:
            raise StoreBusy(f"Busy with {question.text}", hint="Wait.")

    corpus.add([article(*TOWN)])
    with app(Services(corpus, Failing(corpus, OverlapReader()))) as client:
        wait_until_loaded(client)
        assert found(client)["examples"] == []
    assert "no more example questions are looked for: Busy with When" in caplog.text


def test_until_the_corpus_is_open_that_is_said(corpus: Corpus) -> None:
    go_on = Event()

    def load() -> Services:
        go_on.wait(10)
        return Services(corpus, Pipeline(corpus, OverlapReader()))

    with TestClient(create_app(load, max_concurrent=1, max_waiting=1)) as client:
        response = client.get("/v1/examples")
        assert response.status_code == 503
        assert response.headers["retry-after"]
        go_on.set()
