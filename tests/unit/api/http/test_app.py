from __future__ import annotations

import logging
from html.parser import HTMLParser
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app
from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.http.page.suggestions import Suggestions
from onrecord.api.http.routes.jobs import Jobs
from onrecord.api.http.shared.parts import Parts
from onrecord.api.http.shared.problems import OPENAI_PATHS, ProblemKind
from onrecord.api.http.shared.write_guard import Writing
from onrecord.index.errors import CorruptStore
from tests.unit.api.conftest import wait_until_loaded

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.api.wiring import Services


def test_the_process_is_up_before_questions_can_be_asked(services: Services) -> None:
    go_on = Event()

    def load() -> Services:
        go_on.wait(10)
        return services

    with TestClient(create_app(load, max_concurrent=1, max_waiting=1)) as client:
        assert client.get("/healthz").status_code == 200
        assert "onrecord_ready 0.0" in client.get("/metrics").text
        for path in ("/readyz", "/v1/ask?q=x", "/v1/articles", "/v1/articles/none"):
            response = client.get(path)
            assert response.status_code == 503
            assert response.json()["type"] == ProblemKind.LOADING.type
            assert response.headers["retry-after"]
        go_on.set()
        wait_until_loaded(client)
        assert client.get("/readyz").status_code == 200


def test_an_app_keeps_one_object_of_parts_and_nothing_beside_it(services: Services) -> None:
    app = create_app(lambda: services, max_concurrent=1, max_waiting=1)
    assert app.state._state.keys() == {"parts"}
    assert isinstance(app.state.parts, Parts)
    assert app.state.parts.room(Suggestions) is not None


def test_only_an_app_that_takes_articles_has_jobs(services: Services, tmp_path: Path) -> None:
    def jobs(*, read_only: bool) -> Jobs | None:
        writing = Writing(tmp_path, lambda: pytest.fail("nothing is fetched"), read_only=read_only)
        parts: Parts = create_app(lambda: services, max_concurrent=1, max_waiting=1, writing=writing).state.parts
        assert parts.writing is writing
        return parts.room(Jobs)

    assert jobs(read_only=False) is not None
    assert jobs(read_only=True) is None


def test_whoever_wants_to_know_is_told_once_when_questions_can_be_asked(services: Services) -> None:
    ready: list[int] = []
    app = create_app(lambda: services, max_concurrent=1, max_waiting=1, on_ready=lambda: ready.append(1))
    with TestClient(app) as client:
        wait_until_loaded(client)
        assert client.get("/readyz").status_code == 200
    assert ready == [1]


def test_nobody_is_told_that_questions_can_be_asked_when_loading_failed() -> None:
    def load() -> Services:
        raise CorruptStore("The database is damaged.", hint="Restore it.")

    ready: list[int] = []
    with TestClient(create_app(load, max_concurrent=1, max_waiting=1, on_ready=lambda: ready.append(1))) as client:
        wait_until_loaded(client)
    assert ready == []


def test_a_failure_to_load_is_told_by_every_route_that_needs_it(caplog: pytest.LogCaptureFixture) -> None:
    def load() -> Services:
        raise CorruptStore("The database is damaged.", hint="Restore it.")

    with TestClient(create_app(load, max_concurrent=1, max_waiting=1)) as client:
        wait_until_loaded(client)
        assert client.get("/healthz").status_code == 200
        for path in ("/readyz", "/v1/ask?q=x", "/v1/articles"):
            response = client.get(path)
            assert response.status_code == 503
            assert response.json()["type"] == ProblemKind.CORRUPT_STORE.type
            assert response.json()["detail"] == "The database is damaged. Restore it."
    assert "The database is damaged." in caplog.text


def test_an_unforeseen_failure_to_load_keeps_its_insides(caplog: pytest.LogCaptureFixture) -> None:
    def load() -> Services:
        raise ZeroDivisionError("secret")

    with TestClient(create_app(load, max_concurrent=1, max_waiting=1)) as client:
        wait_until_loaded(client)
        response = client.get("/readyz")
        assert response.json()["type"] == ProblemKind.INTERNAL_ERROR.type
        assert "secret" not in response.text
    assert "secret" in caplog.text


def test_the_access_log_has_the_path_but_not_the_question(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "onrecord"):
        response = client.get("/v1/ask?q=private+matter")
    fields = next(record.__dict__["fields"] for record in caplog.records if record.message == "request")
    assert fields["path"] == "/v1/ask"
    assert fields["status"] == 200
    assert fields["method"] == "GET"
    assert fields["request_id"] == response.headers["x-request-id"]
    assert fields["ms"] > 0
    assert "private" not in repr(
        [record.__dict__ for record in caplog.records if record.name.startswith("onrecord.api")]
    )


def test_every_route_is_described_with_examples(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert set(document["paths"]) == {
        "/v1/ask", "/v1/articles", "/v1/articles/{article_id}", "/v1/jobs/{job_id}", "/v1/jobs/{job_id}/events",
        "/v1/chat/completions", "/v1/models", "/v1/models/{model}", "/v1/examples", "/healthz", "/readyz", "/metrics",
    }  # fmt: skip
    for path, item in document["paths"].items():
        for method, operation in item.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert operation["description"], where
            for status, response in operation["responses"].items():
                for content in response["content"].values():
                    assert content.get("examples") or content.get("example"), f"{where} {status}"


def test_every_problem_a_route_describes_is_of_its_status(client: TestClient) -> None:
    for path, item in client.get("/openapi.json").json()["paths"].items():
        for operation in item.values() if not path.startswith(OPENAI_PATHS) else ():
            for status, response in operation["responses"].items():
                problem = response["content"].get("application/problem+json")
                assert (problem is not None) == (not status.startswith("2"))
                if problem:
                    assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}
                    assert {example["value"]["status"] for example in problem["examples"].values()} == {int(status)}


def test_every_reference_in_the_description_leads_somewhere(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*(references(value) for value in node.values()))
        return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()

    assert references(document) <= {f"#/components/schemas/{name}" for name in schemas}
    assert not {"HTTPValidationError", "ValidationError"} & set(schemas)


def test_the_example_answers_are_answers(client: TestClient) -> None:
    responses = client.get("/openapi.json").json()["paths"]["/v1/ask"]["post"]["responses"]
    for example in responses["200"]["content"]["application/json"]["examples"].values():
        assert AskResponse.model_validate(example["value"]).model_dump(mode="json") == example["value"]


def test_the_example_questions_can_be_asked(client: TestClient) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/v1/ask"]["post"]
    for example in operation["requestBody"]["content"]["application/json"]["examples"].values():
        assert client.post("/v1/ask", json=example["value"]).status_code == 200


class _Loaded(HTMLParser):
    """What a page makes a browser load, and whether it holds scripts or styles of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        self.inline |= tag == "style" or "style" in known or any(name.startswith("on") for name in known)
        self.inline |= tag == "script" and "src" not in known
        self.addresses += [value for name in ("src", "href") if tag != "a" and (value := known.get(name))]


@pytest.mark.parametrize("path", ["/", "/articles/abc", "/docs"])
def test_a_page_loads_only_what_this_server_has(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = _Loaded()
    page.feed(response.text)
    assert not page.inline
    assert page.addresses
    for address in page.addresses:
        assert "//" not in address
        assert client.get(str(response.url.join(address))).status_code == 200, address


def test_the_reference_shows_every_route(client: TestClient) -> None:
    page = client.get("/docs").text
    for path, item in client.get("/openapi.json").json()["paths"].items():
        for method in item:
            assert f"<h2><code>{method.upper()} {path}</code></h2>" in page
