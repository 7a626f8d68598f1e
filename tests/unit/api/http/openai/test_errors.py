from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app
from onrecord.api.http.openai.schemas import ErrorResponse
from onrecord.api.http.shared.exposure import Exposure
from onrecord.api.http.shared.problems import ProblemKind
from onrecord.api.wiring import Services
from onrecord.index.errors import StoreBusy
from tests.unit.api.conftest import wait_until_loaded
from tests.unit.api.http.openai.chats import PATH, QUESTION, exposed, user

if TYPE_CHECKING:
    import httpx2

    from onrecord.rag.answer import Question
    from onrecord.rag.pipeline import Pipeline


def told(response: httpx2.Response, kind: ProblemKind, param: str | None = None) -> str:
    assert response.headers["content-type"] == "application/json"
    assert response.status_code == kind.status
    error = ErrorResponse.model_validate(response.json()).error
    assert list(response.json()["error"]) == ["message", "type", "param", "code"]
    assert error.type == ("server_error" if kind.status >= 500 else "invalid_request_error")
    assert (error.code, error.param) == (kind.name.lower(), param)
    return error.message


@pytest.mark.parametrize("n", [2, 128, 0, -1, "2", [1], 1.5])
def test_more_than_one_answer_cannot_be_had(client: TestClient, n: Any) -> None:
    response = client.post(PATH, json={"model": "onrecord", "messages": [user(QUESTION)], "n": n})
    assert "one answer" in told(response, ProblemKind.UNSUPPORTED_VALUE, "n")


@pytest.mark.parametrize(
    ("fields", "param", "message"),
    [
        ({"messages": []}, "messages", "at least one message of role user"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages", "at least one message of role user"),
        ({"messages": [user("")]}, "messages", "this one has 0"),
        ({"messages": [user("x"), user(" \n")]}, "messages", "this one has 0"),
        ({"messages": [user(None)]}, "messages", "this one has 0"),
        ({"messages": [user([{"type": "image_url"}])]}, "messages", "this one has 0"),
        ({"messages": [user("x" * 1001)]}, "messages", "ask a question of 1 to 1000 characters; this one has 1001"),
        ({"messages": [user("a\0b")]}, "messages", "NUL"),
        ({"messages": [user(7)]}, "messages[0].content", "a list of parts"),
        ({"messages": [user(["x"])]}, "messages[0].content", "a list of parts"),
        ({"messages": [{"role": "pirate", "content": "x"}]}, "messages[0].role", "'user'"),
        ({"messages": [{"content": "x"}]}, "messages[0].role", "needed"),
        ({"messages": "x"}, "messages", "valid list"),
        ({"messages": None}, "messages", "valid list"),
        ({"model": None}, "model", "valid string"),
        ({"stream": "yes"}, "stream", "valid boolean"),
        ({"stream_options": "usage"}, "stream_options", "valid dictionary"),
    ],
)
def test_an_invalid_body_is_told_by_the_field_at_fault(
    client: TestClient, fields: dict[str, Any], param: str, message: str
) -> None:
    response = client.post(PATH, json={"model": "onrecord", "messages": [user(QUESTION)]} | fields)
    assert message in told(response, ProblemKind.INVALID_REQUEST, param)


def test_every_other_error_of_these_routes_has_openais_shape_too(client: TestClient) -> None:
    json_header = {"Content-Type": "application/json"}
    body = {"model": "onrecord", "messages": [user(QUESTION)]}
    assert "gpt-5" in told(client.post(PATH, json=body | {"model": "gpt-5"}), ProblemKind.MODEL_NOT_FOUND, "model")
    told(client.get("/v1/models/gpt-5"), ProblemKind.MODEL_NOT_FOUND, "model")
    told(client.post(PATH, content=b"{", headers=json_header), ProblemKind.MALFORMED_REQUEST)
    told(client.post(PATH, content=b"{}"), ProblemKind.UNSUPPORTED_MEDIA_TYPE)
    told(client.post(PATH, content=b" " * 1_000_001, headers=json_header), ProblemKind.BODY_TOO_LARGE)
    told(client.get(PATH), ProblemKind.METHOD_NOT_ALLOWED)
    told(client.get("/v1/chat/nothing"), ProblemKind.NOT_FOUND)


class _Failing:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def ask(self, _question: Question) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (StoreBusy("Busy.", hint="Wait."), ProblemKind.STORE_BUSY),
        (ZeroDivisionError("secret"), ProblemKind.INTERNAL_ERROR),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_failure_is_told_before_a_stream_begins(
    services: Services, error: Exception, kind: ProblemKind, *, stream: bool
) -> None:
    failing: Pipeline = _Failing(error)  # type: ignore[assignment]
    app = create_app(lambda: Services(services.corpus, failing), max_concurrent=1, max_waiting=1)
    with TestClient(app) as client:
        wait_until_loaded(client)
        body = {"model": "onrecord", "messages": [user(QUESTION)], "stream": stream}
        responses = [client.post(PATH, json=body) for _ in range(3)]
    for response in responses:
        assert "secret" not in told(response, kind)


def test_while_models_load_the_error_says_when_to_come_back(services: Services) -> None:
    go_on = Event()

    def load() -> Services:
        go_on.wait(10)
        return services

    with TestClient(create_app(load, max_concurrent=1, max_waiting=1)) as client:
        response = client.post(PATH, json={"model": "onrecord", "messages": [user(QUESTION)]})
        told(response, ProblemKind.LOADING)
        assert response.headers["retry-after"] == "2"
        assert client.get("/v1/models").status_code == 200
        go_on.set()


def test_with_a_key_these_routes_ask_for_it_and_the_others_stay_open(services: Services) -> None:
    with exposed(services, Exposure(api_key="s3cret")) as client:
        wait_until_loaded(client)
        body = {"model": "onrecord", "messages": [user(QUESTION)]}
        for given in (None, "Bearer wrong", "Bearer", "s3cret", "Basic s3cret", "Bearer s3cret2", "Bearer ß"):
            headers = [(b"Authorization", given.encode())] if given else []
            refused = [client.post(PATH, json=body, headers=headers), client.get("/v1/models", headers=headers)]
            refused.append(client.get("/v1/models/onrecord", headers=headers))
            for response in refused:
                assert "ONRECORD_API_KEY" in told(response, ProblemKind.INVALID_API_KEY)
                assert response.headers["www-authenticate"] == "Bearer"
                assert "s3cret" not in response.text
        for given in ("Bearer s3cret", "bearer  s3cret"):
            assert client.post(PATH, json=body, headers={"Authorization": given}).status_code == 200
            assert client.get("/v1/models", headers={"Authorization": given}).status_code == 200
        assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 200
        assert client.get("/").status_code == 200


def test_the_example_errors_are_errors_of_their_status(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for path in (PATH, "/v1/models", "/v1/models/{model}"):
        for operation in document["paths"][path].values():
            for status, response in operation["responses"].items():
                for content in response["content"].values():
                    for example in content.get("examples", {}).values() if status != "200" else ():
                        code = ErrorResponse.model_validate(example["value"]).error.code
                        assert ProblemKind[code.upper()].status == int(status)
