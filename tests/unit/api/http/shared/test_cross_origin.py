from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app
from onrecord.api.http.shared.exposure import Exposure
from onrecord.api.wiring import Services
from tests.unit.api.conftest import wait_until_loaded

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

    from onrecord.rag.pipeline import Pipeline

NEWS, INTRANET, STRANGER = "https://news.example", "http://intranet.example:8080", "https://stranger.example"
ASKED = {"question": "When will the harbour bridge close?"}
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@pytest.fixture
def shared(services: Services) -> Iterator[TestClient]:
    """An application that pages of two other origins may ask."""
    exposure = Exposure(allowed_origins=(NEWS, INTRANET))
    with TestClient(create_app(lambda: services, max_concurrent=2, max_waiting=4, exposure=exposure)) as client:
        wait_until_loaded(client)
        yield client


def frame_ancestors(response: httpx2.Response) -> str:
    policy = response.headers["content-security-policy"]
    (directive,) = [one.strip() for one in policy.split(";") if one.strip().startswith("frame-ancestors")]
    return str(directive)


@pytest.mark.parametrize("origin", [NEWS, INTRANET])
def test_a_page_of_an_allowed_origin_may_ask(shared: TestClient, origin: str) -> None:
    preflight = shared.options("/v1/ask", headers=PREFLIGHT | {"Origin": origin})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == origin
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "content-type" in preflight.headers["access-control-allow-headers"].lower()
    response = shared.post("/v1/ask", json=ASKED, headers={"Origin": origin})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == origin
    assert "Origin" in response.headers["vary"]
    assert {"Retry-After", "X-Request-ID"} <= set(response.headers["access-control-expose-headers"].split(", "))


@pytest.mark.parametrize("origin", [STRANGER, "https://news.example.stranger.example", "http://news.example", "null"])
def test_a_page_of_another_origin_may_not(shared: TestClient, origin: str) -> None:
    preflight = shared.options("/v1/ask", headers=PREFLIGHT | {"Origin": origin})
    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in preflight.headers
    response = shared.get("/v1/ask", params={"q": "x"}, headers={"Origin": origin})
    assert "access-control-allow-origin" not in response.headers


def test_by_default_no_other_origin_may_ask(client: TestClient) -> None:
    preflight = client.options("/v1/ask", headers=PREFLIGHT | {"Origin": NEWS})
    assert preflight.status_code == 405
    assert "access-control-allow-origin" not in preflight.headers
    response = client.post("/v1/ask", json=ASKED, headers={"Origin": NEWS})
    assert "access-control-allow-origin" not in response.headers


def test_cookies_are_never_asked_for(shared: TestClient) -> None:
    response = shared.post("/v1/ask", json=ASKED, headers={"Origin": NEWS})
    assert "access-control-allow-credentials" not in response.headers


def test_the_headers_that_openais_client_sends_from_a_browser_are_allowed(shared: TestClient) -> None:
    asked_for = "authorization,content-type,x-stainless-arch,x-stainless-lang"
    headers = {"Origin": NEWS, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked_for}
    preflight = shared.options("/v1/chat/completions", headers=headers)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-headers"] == asked_for


def test_a_public_page_may_ask_a_server_of_its_own_house(shared: TestClient) -> None:
    preflight = shared.options(
        "/v1/ask", headers=PREFLIGHT | {"Origin": NEWS, "Access-Control-Request-Private-Network": "true"}
    )
    assert preflight.headers["access-control-allow-private-network"] == "true"


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/articles/none", 404), ("/v1/ask", 422), ("/v1/models/none", 404), ("/nowhere", 404)]
)
def test_an_allowed_page_may_read_errors_too(shared: TestClient, path: str, status: int) -> None:
    response = shared.get(path, headers={"Origin": NEWS})
    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == NEWS


class _Failing:
    def ask(self, _question: object) -> None:
        raise ZeroDivisionError


def test_an_allowed_page_may_read_that_something_failed(services: Services) -> None:
    failing: Pipeline = _Failing()  # type: ignore[assignment]
    loaded, exposure = Services(services.corpus, failing), Exposure(allowed_origins=(NEWS,))
    with TestClient(create_app(lambda: loaded, max_concurrent=1, max_waiting=1, exposure=exposure)) as client:
        wait_until_loaded(client)
        response = client.post("/v1/ask", json=ASKED, headers={"Origin": NEWS})
    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == NEWS


@pytest.mark.parametrize("path", ["/", "/articles/abc", "/docs", "/v1/articles", "/nowhere"])
def test_only_allowed_origins_may_frame_a_page(client: TestClient, shared: TestClient, path: str) -> None:
    assert frame_ancestors(client.get(path)) == "frame-ancestors 'self'"
    assert frame_ancestors(shared.get(path)) == f"frame-ancestors 'self' {NEWS} {INTRANET}"


@pytest.mark.parametrize("path", ["/widget.js", "/static/favicon.svg", "/healthz"])
def test_any_page_may_load_what_the_widget_is_made_of(client: TestClient, shared: TestClient, path: str) -> None:
    for response in (client.get(path), client.get(path, headers={"Origin": STRANGER})):
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
        assert response.headers["access-control-allow-origin"] == "*"
    for origin, allowed in ((NEWS, NEWS), (STRANGER, "*")):
        response = shared.get(path, headers={"Origin": origin})
        assert response.headers["access-control-allow-origin"] == allowed


@pytest.mark.parametrize("path", ["/", "/v1/articles", "/v1/ask?q=x", "/articles/abc", "/openapi.json", "/metrics"])
def test_no_other_page_may_load_anything_else_unasked(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cross-origin-resource-policy"] == "same-origin"
