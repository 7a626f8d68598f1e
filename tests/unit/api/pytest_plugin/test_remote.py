from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import httpx
import pytest

from onrecord.api.http.messages.questions import AskBody
from onrecord.api.pytest_plugin.remote import RemotePipeline, ServerUnusable
from onrecord.index.records import Article
from onrecord.rag.answer import MAX_HISTORY, Answer, NotFound, Question
from onrecord.rag.cases.case import Case
from tests.unit.api.samples import SCHOOL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi.testclient import TestClient

    from onrecord.api.wiring import Services

URL = "http://onrecord.example/ask"


@pytest.fixture
def seen() -> list[tuple[str, str, bytes]]:
    """What the server was asked."""
    return []


@pytest.fixture
def remote(client: TestClient, seen: list[tuple[str, str, bytes]]) -> Iterator[RemotePipeline]:
    """The real application behind the client, under a path of its host."""

    def serve(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/ask")
        seen.append((request.method, path, request.content))
        answered = client.request(request.method, path, content=request.content, headers=dict(request.headers))
        return httpx.Response(answered.status_code, content=answered.content)

    pipeline = RemotePipeline(URL, transport=httpx.MockTransport(serve))
    yield pipeline
    pipeline.close()


def answering(respond: Callable[[httpx.Request], httpx.Response]) -> RemotePipeline:
    return RemotePipeline(URL, transport=httpx.MockTransport(respond))


QUESTION = Question("When will the harbour bridge close?", top_k=2)


def test_a_server_answers_as_its_pipeline_does(remote: RemotePipeline, services: Services) -> None:
    there, here = remote.ask(QUESTION), services.pipeline.ask(QUESTION)
    assert isinstance(there, Answer)
    assert isinstance(here, Answer)
    assert [(each.span, each.highlight, each.passage) for each in there.quotes] == [
        (each.span, each.highlight, each.passage) for each in here.quotes
    ]
    assert [(each.rank, each.hit.passage, each.highlights) for each in there.passages] == [
        (each.rank, each.hit.passage, each.highlights) for each in here.passages
    ]
    article, held = there.quotes[0].article, here.quotes[0].article
    assert (article.id, article.text, article.title, article.url) == (held.id, held.text, held.title, held.url)
    assert there.confidence == pytest.approx(here.confidence, abs=1e-4)
    assert (there.question, there.generation) == (here.question, here.generation)


def test_a_refusal_comes_with_its_reason_and_passages(remote: RemotePipeline, services: Services) -> None:
    question = dataclasses.replace(QUESTION, min_confidence=1.0)
    there, here = remote.ask(question), services.pipeline.ask(question)
    assert isinstance(there, NotFound)
    assert isinstance(here, NotFound)
    assert there.reason is here.reason
    assert [each.hit.passage for each in there.passages] == [each.hit.passage for each in here.passages]


def test_all_that_a_question_says_reaches_the_server(
    remote: RemotePipeline, seen: list[tuple[str, str, bytes]]
) -> None:
    remote.ask(Question("And when?", top_k=7, history=("Which bridge?",), min_confidence=0.25))
    assert json.loads(seen[0][2]) == {
        "question": "And when?",
        "top_k": 7,
        "history": ["Which bridge?"],
        "min_confidence": 0.25,
    }


def test_whatever_history_a_case_may_have_a_server_takes() -> None:
    case = Case(line=1, question="And when?", history=("Which bridge?",) * MAX_HISTORY)
    asked = AskBody(question=case.question, history=list(case.history))
    assert asked.to_question().history == case.as_question().history


def test_an_article_is_fetched_once_as_long_as_nothing_changes(
    remote: RemotePipeline, services: Services, seen: list[tuple[str, str, bytes]]
) -> None:
    def fetched() -> int:
        return sum(path.startswith("/v1/articles/") for _, path, _ in seen)

    remote.ask(QUESTION)
    remote.ask(QUESTION)
    assert fetched() == len({path for _, path, _ in seen if path.startswith("/v1/articles/")})
    before = fetched()
    services.corpus.add([Article.create(source=SCHOOL.source, text=SCHOOL.text, title="Another title")])
    remote.ask(QUESTION)
    assert fetched() > before


def test_readiness_is_asked_for(remote: RemotePipeline, seen: list[tuple[str, str, bytes]]) -> None:
    remote.require_ready()
    assert [(method, path) for method, path, _ in seen] == [("GET", "/readyz")]


def test_a_server_that_is_not_ready_says_why() -> None:
    loading = httpx.Response(503, json={"title": "Not ready", "detail": "Models are being loaded. Try again soon."})
    with pytest.raises(
        ServerUnusable, match=r"^http://onrecord.example/ask gives 503 for GET /readyz: Models are being loaded. Try"
    ):
        answering(lambda _: loading).require_ready()


def test_a_server_that_is_down_is_to_be_started() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused", request=request)

    with pytest.raises(
        ServerUnusable, match=r"ask does not answer: Connection refused. Start it with `onrecord serve`"
    ):
        answering(refuse).require_ready()


@pytest.mark.parametrize("content", [b"<html>", b"{}", b'{"question": 3}', b"[]"])
def test_another_kind_of_server_is_told_apart(content: bytes) -> None:
    with pytest.raises(ServerUnusable, match=r"does not speak as On Record does: .* Check the address"):
        answering(lambda _: httpx.Response(200, content=content)).ask(QUESTION)


@pytest.mark.parametrize("content", ["Bad gateway", "[]"])
def test_an_error_that_is_no_problem_document_is_shown_as_it_is(content: str) -> None:
    with pytest.raises(ServerUnusable, match="gives 502 for POST /v1/ask: ") as caught:
        answering(lambda _: httpx.Response(502, text=content)).ask(QUESTION)
    assert str(caught.value).endswith(content)


@pytest.mark.parametrize("field", ["text", "start"])
@pytest.mark.parametrize("part", ["quotes", "passages"])
def test_what_is_no_slice_of_the_article_is_refused(client: TestClient, part: str, field: str) -> None:
    def lie(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/ask")
        answered = client.request(request.method, path, content=request.content, headers=dict(request.headers)).json()
        if path == "/v1/ask":
            told = answered[part][0]
            told["text"], told["start"] = ("made up", told["start"]) if field == "text" else (told["text"], 10**6)
        return httpx.Response(200, json=answered)

    with pytest.raises(ServerUnusable, match="quotes what is not in its articles: "):
        answering(lie).ask(QUESTION)
