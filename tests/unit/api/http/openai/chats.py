"""Asking in OpenAI's shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app

if TYPE_CHECKING:
    from onrecord.api.http.shared.exposure import Exposure
    from onrecord.api.wiring import Services

PATH = "/v1/chat/completions"
QUESTION = "When will the harbour bridge close?"
UNANSWERED = "Who paints zebras?"


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def complete(client: TestClient, *messages: dict[str, Any], **fields: Any) -> dict[str, Any]:
    response = client.post(PATH, json={"model": "onrecord", "messages": messages or (user(QUESTION),)} | fields)
    assert response.status_code == 200, response.text
    completion: dict[str, Any] = response.json()
    return completion


def streamed(client: TestClient, *messages: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    body = {"model": "onrecord", "messages": messages or (user(QUESTION),), "stream": True} | fields
    response = client.post(PATH, json=body)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    *events, done, rest = response.text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    return [json.loads(event.removeprefix("data: ")) for event in events]


def exposed(services: Services, exposure: Exposure) -> TestClient:
    return TestClient(create_app(lambda: services, max_concurrent=2, max_waiting=4, exposure=exposure))
