from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app
from onrecord.api.http.messages.answers import Problem
from onrecord.api.http.shared import examples
from onrecord.api.http.shared.middleware import MAX_BODY_BYTES
from onrecord.api.http.shared.problems import ProblemKind, problem_of
from onrecord.api.wiring import Services
from onrecord.index import errors
from onrecord.rag.answer import InvalidQuestion
from onrecord.rag.cases.case import CaseFileError
from tests.unit.api.conftest import wait_until_loaded

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

    from onrecord.rag.pipeline import Pipeline

JSON = {"Content-Type": "application/json"}


def told(response: httpx2.Response, kind: ProblemKind) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert list(problem)[:5] == ["type", "title", "status", "detail", "instance"]
    assert problem["type"] == kind.type
    assert problem["status"] == response.status_code == kind.status
    assert problem["detail"]
    Problem.model_validate(problem)
    return problem


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "question", "this field is needed"),
        ({"question": ""}, "question", "1 to 1000 characters"),
        ({"question": " \t\n\u00a0 "}, "question", "this one has 0"),
        ({"question": "x" * 1001}, "question", "this one has 1001"),
        ({"question": "a\x00b"}, "question", "NUL"),
        ({"question": None}, "question", "valid string"),
        ({"question": ["x"]}, "question", "valid string"),
        ({"question": "x", "top_k": 0}, "top_k", "greater than or equal to 1"),
        ({"question": "x", "top_k": 51}, "top_k", "less than or equal to 50"),
        ({"question": "x", "top_k": "5"}, "top_k", "valid integer"),
        ({"question": "x", "top_k": True}, "top_k", "valid integer"),
        ({"question": "x", "top_k": 2.5}, "top_k", "valid integer"),
        ({"question": "x", "topk": 5}, "topk", "not known"),
        ({"question": "x", "article_ids": []}, "article_ids", "at least 1"),
        ({"question": "x", "article_ids": ["a"] * 1001}, "article_ids", "at most 1000"),
        ({"question": "x", "article_ids": [1]}, "article_ids.0", "valid string"),
        ({"question": "x", "published_after": "yesterday"}, "published_after", "YYYY-MM-DD"),
        ({"question": "x", "published_after": 1700000000}, "published_after", "YYYY-MM-DD"),
        ({"question": "x", "published_before": "2024-02-30"}, "published_before", "valid date"),
        ({"question": "x", "published_after": "2024-02-02", "published_before": "2024-02-01"}, "", "later than"),
        ({"question": "x", "min_confidence": 1.5}, "min_confidence", "less than or equal to 1"),
        ({"question": "x", "history": ["x"] * 101}, "history", "at most 100"),
        ({"question": "x", "history": [""]}, "history.0", "1 to 1000"),
        ([], "", "valid dictionary"),
        ("what?", "", "valid dictionary"),
    ],
)
def test_an_invalid_body_is_refused_by_field(client: TestClient, body: Any, field: str, message: str) -> None:
    problem = told(client.post("/v1/ask", json=body), ProblemKind.INVALID_REQUEST)
    assert problem["instance"] == "/v1/ask"
    assert problem["errors"][0]["in"] == "body"
    assert problem["errors"][0]["field"] == field
    assert message in problem["errors"][0]["message"]
    assert message in problem["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("?q=", "q"),
        ("?q=%20", "q"),
        ("?q=a%00b", "q"),
        ("?q=x&top_k=many", "top_k"),
        ("?q=x&top_k=0", "top_k"),
        ("?q=x&question=y", "question"),
        ("?q=x&published_after=1", "published_after"),
        ("?q=x&min_confidence=nan", "min_confidence"),
    ],
)
def test_an_invalid_query_is_refused_by_parameter(client: TestClient, query: str, field: str) -> None:
    problem = told(client.get(f"/v1/ask{query}"), ProblemKind.INVALID_REQUEST)
    assert problem["errors"][0]["in"] == "query"
    assert problem["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "body",
    [
        b'{"question": "\\ud800"}',
        b'{"question": "x", "article_ids": ["\\udfff"]}',
        b'{"question": "x", "article_ids": ["a\\u0000"]}',
        b'{"question": "x", "history": ["\\ud800"]}',
        b'{"question": "x", "\\ud800": 1}',
        b'{"question": "x", "min_confidence": NaN}',
        b'{"question": "x", "min_confidence": Infinity}',
        b'{"question": "x", "top_k": 1e400}',
    ],
)
def test_what_is_no_text_or_number_is_refused_as_invalid(client: TestClient, body: bytes) -> None:
    told(client.post("/v1/ask", content=body, headers=JSON), ProblemKind.INVALID_REQUEST)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"{'question': 'x'}", b'{"question": "\xff"}', b"[" * 100_000, b'{"top_k": ' + b"9" * 5000 + b"}"],
)
def test_what_is_no_json_is_refused_as_malformed(client: TestClient, body: bytes) -> None:
    kind = ProblemKind.MALFORMED_REQUEST if body else ProblemKind.INVALID_REQUEST
    told(client.post("/v1/ask", content=body, headers=JSON), kind)


def test_where_json_breaks_off_is_told(client: TestClient) -> None:
    problem = told(client.post("/v1/ask", content=b'{"question": }', headers=JSON), ProblemKind.MALFORMED_REQUEST)
    assert "at character 13" in problem["detail"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", None])
def test_another_content_type_is_refused_with_what_to_send(client: TestClient, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.post("/v1/ask", content=b'{"question": "x"}', headers=headers)
    assert "application/json" in told(response, ProblemKind.UNSUPPORTED_MEDIA_TYPE)["detail"]


def test_a_body_that_declares_too_much_is_refused_before_it_is_read(client: TestClient) -> None:
    response = client.post("/v1/ask", content=b"x" * (MAX_BODY_BYTES + 1), headers=JSON)
    assert "1,000,000 bytes" in told(response, ProblemKind.BODY_TOO_LARGE)["detail"]


def test_a_body_that_turns_out_too_large_is_refused(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(11):
            yield b"x" * (MAX_BODY_BYTES // 10)

    told(client.post("/v1/ask", content=chunks(), headers=JSON), ProblemKind.BODY_TOO_LARGE)


def test_a_body_of_just_the_limit_is_read(client: TestClient) -> None:
    body = b'{"question": "x"}'.ljust(MAX_BODY_BYTES)
    assert client.post("/v1/ask", content=body, headers=JSON).status_code == 200


def test_an_unknown_article_is_told_with_where_to_look(client: TestClient) -> None:
    problem = told(client.get("/v1/articles/none"), ProblemKind.UNKNOWN_ARTICLE)
    assert problem["instance"] == "/v1/articles/none"
    assert "'none'" in problem["detail"]


@pytest.mark.parametrize("path", ["/v1/articles/a%00b", "/v1/articles/%ED%A0%80", "/v1/articles/%E2%80%AE"])
def test_an_id_that_no_article_can_have_is_an_unknown_article(client: TestClient, path: str) -> None:
    assert told(client.get(path), ProblemKind.UNKNOWN_ARTICLE)["instance"].isascii()


@pytest.mark.parametrize("path", ["/nowhere", "/v1", "/v1/ask/", "/static/none.css", "/static/../app.py", "/widget"])
def test_an_unknown_path_is_told_where_the_routes_are(client: TestClient, path: str) -> None:
    assert "/docs" in told(client.get(path), ProblemKind.NOT_FOUND)["detail"]


def test_another_method_is_told_which_are_possible(client: TestClient) -> None:
    response = client.delete("/v1/ask")
    assert "use GET or POST" in told(response, ProblemKind.METHOD_NOT_ALLOWED)["detail"]
    assert response.headers["allow"] == "GET, POST"


@dataclass
class _Failing:
    error: Exception

    def ask(self, _question: object) -> None:
        raise self.error


def failing_client(services: Services, error: Exception) -> TestClient:
    failing: Pipeline = _Failing(error)  # type: ignore[assignment]
    app = create_app(lambda: Services(services.corpus, failing), max_concurrent=1, max_waiting=1)
    return TestClient(app)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.StoreBusy("Busy.", hint="Wait."), ProblemKind.STORE_BUSY),
        (errors.CorruptStore("Damaged.", hint="Restore it."), ProblemKind.CORRUPT_STORE),
        (errors.UnsupportedStore("Other.", hint="Update."), ProblemKind.UNSUPPORTED_STORE),
        (errors.StoreError("Full.", hint="Make room."), ProblemKind.STORE_UNUSABLE),
        (errors.ModelUnavailable("Missing.", hint="Install it."), ProblemKind.MODEL_UNAVAILABLE),
        (InvalidQuestion("Empty.", hint="Ask."), ProblemKind.INVALID_QUESTION),
    ],
)
def test_errors_of_the_other_rooms_are_told_with_what_to_do(
    services: Services, error: errors.OnRecordError, kind: ProblemKind
) -> None:
    with failing_client(services, error) as client:
        wait_until_loaded(client)
        response = client.get("/v1/ask?q=x")
    assert told(response, kind)["detail"] == f"{error.message} {error.hint}"
    assert ("retry-after" in response.headers) == (kind is ProblemKind.STORE_BUSY)


@pytest.mark.parametrize("error", [ZeroDivisionError("secret"), CaseFileError("secret")])
def test_what_nobody_foresaw_is_told_without_its_insides(
    services: Services, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with failing_client(services, error) as client:
        wait_until_loaded(client)
        response = client.get("/v1/ask?q=x")
    told(response, ProblemKind.INTERNAL_ERROR)
    assert "secret" not in response.text
    assert "secret" in caplog.text
    assert response.headers["x-request-id"]
    assert "content-security-policy" in response.headers


def test_every_kind_has_an_example_that_is_a_problem() -> None:
    for kind in ProblemKind:
        problem = examples.problem(kind)
        Problem.model_validate(json.loads(json.dumps(problem)))
        assert problem["type"] == f"urn:onrecord:problem:{kind.slug}"


def test_every_error_that_asking_can_raise_has_its_own_kind() -> None:
    elsewhere = {"OnRecordError", "SourceError", "UnreadableSource", "FetchError", "FetchRefused", "CaseFileError"}
    for name, error in vars(errors).items():
        if isinstance(error, type) and issubclass(error, errors.OnRecordError) and name not in elsewhere:
            assert problem_of(error("x")).kind is not ProblemKind.INTERNAL_ERROR, error
