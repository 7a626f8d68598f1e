from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from onrecord.api.http.routes.articles import MAX_UPLOAD_BYTES
from onrecord.api.http.shared.exposure import Exposure
from onrecord.api.http.shared.problems import ProblemKind
from onrecord.api.http.shared.write_guard import Writing
from tests.unit.api.http.articles.server import FEED, TEXT, kind, started
from tests.unit.api.samples import HARBOUR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient

    from onrecord.api.wiring import Services


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "x"},
        {"text": ""},
        {"text": "a", "html": "<p>a</p>"},
        {"url": FEED, "title": "x"},
        {"text": "a\x00b"},
        {"text": "x", "colour": 1},
        {"text": "x", "published": "soon"},
        {"text": 5},
        [],
        "text",
    ],
)
def test_a_body_that_is_no_article_is_refused_by_its_schema(client: TestClient, body: Any) -> None:
    assert kind(client.post("/v1/articles", json=body)) == ProblemKind.INVALID_REQUEST.type


@pytest.mark.parametrize("content", [b"", b"{", b'{"text": "\xff"}', b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused(client: TestClient, content: bytes) -> None:
    response = client.post("/v1/articles", content=content, headers={"Content-Type": "application/json"})
    assert kind(response) == ProblemKind.MALFORMED_REQUEST.type


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_another_kind_of_body_is_refused_with_what_to_send(client: TestClient, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.post("/v1/articles", content=TEXT.encode(), headers=headers)
    assert kind(response) == ProblemKind.UNSUPPORTED_MEDIA_TYPE.type


def test_a_form_without_a_file_is_refused(client: TestClient) -> None:
    for files in ({"picture": ("x.txt", b"x")}, {"file": (None, "text")}):
        response = client.post("/v1/articles", files=files)
        assert kind(response) == ProblemKind.INVALID_REQUEST.type


def test_what_holds_no_text_is_refused_with_the_reason(client: TestClient) -> None:
    for response in (
        client.post("/v1/articles", json={"text": "…"}),
        client.post("/v1/articles", files={"file": ("empty.txt", b"")}),
    ):
        assert kind(response) == ProblemKind.UNUSABLE_ARTICLE.type
        assert "holds no text" in response.json()["detail"] or "empty" in response.json()["detail"]


def test_an_upload_that_is_too_large_is_refused_as_it_arrives(client: TestClient) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        while sent < 2 * MAX_UPLOAD_BYTES:
            sent += 1_000_000
            yield b"x" * 1_000_000

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    response = client.post("/v1/articles", content=chunks(), headers=headers)
    assert kind(response) in (ProblemKind.BODY_TOO_LARGE.type, ProblemKind.MALFORMED_REQUEST.type)
    declared = client.post("/v1/articles", content=b"x" * (MAX_UPLOAD_BYTES + 1), headers=headers)
    assert kind(declared) == ProblemKind.BODY_TOO_LARGE.type
    assert f"{MAX_UPLOAD_BYTES:,}" in declared.json()["detail"]


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9000"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example:8000", "Host": "evil.example:8000"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_page_of_another_site_cannot_write(client: TestClient, headers: dict[str, str]) -> None:
    for response in (
        client.post("/v1/articles", json={"text": TEXT}, headers=headers),
        client.post("/v1/articles", files={"file": ("x.txt", TEXT.encode())}, headers=headers),
        client.delete(f"/v1/articles/{HARBOUR.id}", headers=headers),
    ):
        assert kind(response) == ProblemKind.CROSS_ORIGIN.type
    assert len(client.get("/v1/articles").json()["articles"]) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost:8000", "Host": "localhost:8000"},
        {"Origin": "http://[::1]:8000", "Host": "[::1]:8000"},
    ],
)
def test_programs_and_its_own_page_can_write(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/v1/articles", json={"text": TEXT}, headers=headers).status_code == 201


def test_sites_that_may_ask_may_not_write(services: Services, writing: Writing) -> None:
    exposure = Exposure(allowed_origins=("https://news.example",))
    with started(services, writing, exposure) as client:
        response = client.post("/v1/articles", json={"text": TEXT}, headers={"Origin": "https://news.example"})
        assert kind(response) == ProblemKind.CROSS_ORIGIN.type


def test_with_a_key_only_who_sends_it_can_write(services: Services, writing: Writing) -> None:
    with started(services, writing, Exposure(api_key="secret")) as client:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic secret"}):
            response = client.post("/v1/articles", json={"text": TEXT}, headers=headers)
            assert kind(response) == ProblemKind.INVALID_API_KEY.type
            assert response.headers["www-authenticate"] == "Bearer"
            assert client.delete(f"/v1/articles/{HARBOUR.id}", headers=headers).status_code == 401
        response = client.post("/v1/articles", json={"text": TEXT}, headers={"Authorization": "Bearer secret"})
        assert response.status_code == 201


@pytest.mark.parametrize("read_only", [True, None])
def test_a_server_that_only_answers_says_how_to_let_it_write(
    services: Services, writing: Writing, *, read_only: bool | None
) -> None:
    only = Writing(writing.jobs, writing.fetcher, read_only=True) if read_only else None
    with started(services, only) as client:
        for response in (
            client.post("/v1/articles", json={"text": TEXT}),
            client.delete(f"/v1/articles/{HARBOUR.id}"),
        ):
            assert kind(response) == ProblemKind.READ_ONLY.type
            assert "ONRECORD_READ_ONLY" in response.json()["detail"]
        assert kind(client.get("/v1/jobs/x")) == ProblemKind.UNKNOWN_JOB.type
        assert client.get("/v1/ask", params={"q": "bridge"}).status_code == 200
