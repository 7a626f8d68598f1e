"""OpenAI's own client asks a real server process with the real models."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import openai
import psutil  # type: ignore[import-untyped]
import pytest
from markdown_it import MarkdownIt
from openai import OpenAI

from tests.integration.browser_support import chromium, find_chromium
from tests.integration.processes import SEEDS, environment, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai.types.chat import ChatCompletion, ChatCompletionChunk

    from tests.integration.processes import Server

pytestmark = pytest.mark.integration

KEY = "s3cret-Key"
ANSWERED = "When was the Nujaba Movement established?"
UNANSWERED = "What is the boiling point of copper?"
NEWS, STRANGER = "https://news.example", "https://stranger.example"
DOCS = (Path(__file__).parents[2] / "docs" / "http.md").read_text("utf-8")
ARTICLE = next(SEEDS.glob("*.txt")).read_bytes().decode()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("openai") / "data"
    run("index", str(SEEDS), "--data", str(data))
    return data


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    """One question at a time, with a key, open to one other origin, told Open WebUI's way only elsewhere."""
    settings = {
        "ONRECORD_API_KEY": KEY,
        "ONRECORD_ALLOWED_ORIGINS": NEWS,
        "ONRECORD_MAX_CONCURRENT_QUESTIONS": "1",
        "ONRECORD_MAX_WAITING_QUESTIONS": "100",
    }
    with serving(data, **settings) as server:
        server.wait_until_ready()
        yield server


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{server.url}/v1", api_key=KEY, max_retries=0, timeout=60) as client:
        yield client


def complete(client: OpenAI, *messages: Any, **fields: Any) -> ChatCompletion:
    completion: ChatCompletion = client.chat.completions.create(
        model="onrecord", messages=messages or ({"role": "user", "content": ANSWERED},), **fields
    )
    return completion


def stream(client: OpenAI, question: str, **fields: Any) -> list[ChatCompletionChunk]:
    with client.chat.completions.create(
        model="onrecord", messages=[{"role": "user", "content": question}], stream=True, **fields
    ) as chunks:
        return list(chunks)


def body(question: str = ANSWERED, **fields: Any) -> dict[str, Any]:
    return {"model": "onrecord", "messages": [{"role": "user", "content": question}]} | fields


def figure(server: Server, name: str) -> float:
    """The sum of a figure over its labels."""
    text = httpx.get(f"{server.url}/metrics").text
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name))


def test_a_plain_call_is_answered_in_the_articles_words_with_links(client: OpenAI, server: Server) -> None:
    completion = complete(client)
    (choice,) = completion.choices
    assert (choice.finish_reason, choice.message.role) == ("stop", "assistant")
    content, annotations = choice.message.content, choice.message.annotations
    assert content
    assert annotations
    assert "2013" in content
    quotes = re.findall(r"“((?:.|\n)*?)” \[(\d+)\]\((\S+?)\)", content)
    assert [text for text, _, _ in quotes] == [quote["text"] for quote in native(completion)["quotes"]]
    for (text, number, url), annotation in zip(quotes, annotations, strict=True):
        assert text in ARTICLE
        cited = annotation.url_citation
        assert content[cited.start_index : cited.end_index] == f"[{number}]({url})"
        assert cited.url == url
        assert url.startswith(f"{server.url}/articles/")
    assert completion.usage
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens


def native(completion: ChatCompletion) -> dict[str, Any]:
    answer: dict[str, Any] = completion.model_extra["onrecord"]  # type: ignore[index]
    return answer


def test_the_whole_native_answer_comes_along(client: OpenAI, server: Server) -> None:
    asked = httpx.post(f"{server.url}/v1/ask", json={"question": ANSWERED}).json()
    assert native(complete(client)) | {"timings_ms": 0} == asked | {"timings_ms": 0}


def test_a_stream_adds_up_to_the_plain_answer(client: OpenAI) -> None:
    whole = complete(client).choices[0].message
    *chunks, usage = stream(client, ANSWERED, stream_options={"include_usage": True})
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.content
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert whole.annotations
    assert deltas[-1].model_extra == {"annotations": [one.model_dump() for one in whole.annotations]}
    assert usage.choices == []
    assert usage.usage
    assert usage.usage.completion_tokens == len((whole.content or "").split())


def test_an_abstention_is_a_normal_message(client: OpenAI) -> None:
    message = complete(client, {"role": "user", "content": UNANSWERED}).choices[0].message
    assert message.content
    assert message.content.startswith("The articles do not answer this.")
    assert message.annotations == []
    *_, last = stream(client, UNANSWERED)
    assert last.choices[0].finish_reason == "stop"


def test_text_parts_roles_and_a_long_history_are_understood(client: OpenAI) -> None:
    thread = [
        message
        for number in range(50)
        for message in (
            {"role": "user", "content": f"What happened in {1900 + number}?"},
            {"role": "assistant", "content": "The articles do not answer this."},
        )
    ]
    parts = [{"type": "text", "text": "When was the"}, {"type": "text", "text": "Nujaba Movement established?"}]
    system = {"role": "system", "content": "You are a helpful assistant."}
    message = complete(client, system, *thread, {"role": "user", "content": parts}).choices[0].message
    assert message.content
    assert "2013" in message.content


def test_the_one_model_is_listed_and_read(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["onrecord"]
    assert client.models.retrieve("onrecord").owned_by == "onrecord"


@pytest.mark.parametrize(
    ("fields", "error", "param", "code"),
    [
        ({"n": 2}, openai.BadRequestError, "n", "unsupported_value"),
        ({"model": "gpt-5"}, openai.NotFoundError, "model", "model_not_found"),
        ({"messages": []}, openai.UnprocessableEntityError, "messages", "invalid_request"),
        (
            {"messages": [{"role": "user", "content": "x" * 1001}]},
            openai.UnprocessableEntityError,
            "messages",
            "invalid_request",
        ),
    ],
)
def test_the_client_raises_its_own_errors_with_what_to_do(
    client: OpenAI, fields: dict[str, Any], error: type[openai.APIStatusError], param: str, code: str
) -> None:
    with pytest.raises(error) as raised:
        client.chat.completions.create(**(body() | fields))
    assert (raised.value.param, raised.value.code, raised.value.type) == (param, code, "invalid_request_error")
    assert isinstance(raised.value.body, dict)
    assert raised.value.body["message"]
    assert raised.value.request_id


def test_a_wrong_key_is_an_authentication_error(server: Server) -> None:
    with OpenAI(base_url=f"{server.url}/v1", api_key="wrong", max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError) as raised:
            complete(client)
        assert raised.value.code == "invalid_api_key"
        with pytest.raises(openai.AuthenticationError):
            client.models.list()


def test_the_page_and_the_native_routes_need_no_key(server: Server) -> None:
    assert httpx.get(f"{server.url}/").status_code == 200
    assert httpx.get(f"{server.url}/v1/ask", params={"q": ANSWERED}).status_code == 200


def leave(server: Server, *, after_first_bytes: bool) -> None:
    """Ask in a stream over a bare connection and close it: at once, or when the answer begins to arrive."""
    sent = json.dumps(body(stream=True)).encode()
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {KEY}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
        )
        connection.sendall(head.encode() + sent)
        if after_first_bytes:
            assert connection.recv(16).startswith(b"HTTP/1.1 200")


def test_questions_of_clients_that_left_are_not_read(client: OpenAI, server: Server) -> None:
    answers, left = figure(server, "onrecord_answers_total"), 40
    with ThreadPoolExecutor(left) as clients:
        list(clients.map(lambda _: leave(server, after_first_bytes=False), range(left)))
    assert complete(client).choices
    # One may have been in the reader's hands when its client left, and a few may have had their turn before they did.
    assert figure(server, "onrecord_answers_total") - answers < left / 2
    assert figure(server, 'onrecord_http_requests_total{method="POST",route="/v1/chat/completions",status="499"}') > 0


def test_clients_that_leave_in_the_middle_of_a_stream_leave_nothing_behind(client: OpenAI, server: Server) -> None:
    process = psutil.Process(server.process.pid)
    leave(server, after_first_bytes=True)
    complete(client)
    threads, files = process.num_threads(), process.num_fds()
    for _ in range(30):
        leave(server, after_first_bytes=True)
    assert complete(client).choices
    until = time.monotonic() + 10
    while process.num_fds() > files and time.monotonic() < until:
        time.sleep(0.1)
    assert process.num_fds() <= files
    assert process.num_threads() <= threads
    assert "Traceback" not in server.log.read_text()


def test_only_pages_of_the_allowed_origin_may_ask_or_frame(server: Server) -> None:
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    for origin, status in ((NEWS, 200), (STRANGER, 400)):
        response = httpx.options(f"{server.url}/v1/ask", headers=preflight | {"Origin": origin})
        assert response.status_code == status
        asked = httpx.get(f"{server.url}/v1/ask", params={"q": UNANSWERED}, headers={"Origin": origin})
        allowed = asked.headers.get("access-control-allow-origin")
        assert allowed == (origin if origin == NEWS else None)
    assert f"frame-ancestors 'self' {NEWS}" in httpx.get(f"{server.url}/").headers["content-security-policy"]


def test_settings_that_cannot_be_are_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    for name, value in (("ONRECORD_ALLOWED_ORIGINS", "*"), ("ONRECORD_PUBLIC_URL", "ask.example")):
        done = run("serve", "--port", "0", "--data", str(tmp_path / "data"), code=2, **{name: value})
        assert f"{name} cannot be '{value}'" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.fixture(scope="module")
def open_webui(data: Path) -> Iterator[Server]:
    """A server that answers Open WebUI's way, known to its users by another address."""
    with serving(data, ONRECORD_OPEN_WEBUI="true", ONRECORD_PUBLIC_URL="https://ask.example") as server:
        server.wait_until_ready()
        yield server


def test_open_webui_gets_sources_and_marks_it_knows(open_webui: Server) -> None:
    with OpenAI(base_url=f"{open_webui.url}/v1", api_key="any", max_retries=0) as client:
        chunks = stream(client, ANSWERED)
        whole = complete(client)
    (carrier,) = [chunk for chunk in chunks if chunk.model_extra and "sources" in chunk.model_extra]
    assert carrier.choices[0].delta.model_dump(exclude_none=True) == {}
    sources = carrier.model_extra["sources"]  # type: ignore[index]
    annotations = whole.choices[0].message.annotations
    assert annotations
    assert [one["metadata"][0]["source"] for one in sources] == list(
        dict.fromkeys(one.url_citation.url for one in annotations)
    )
    for source in sources:
        assert source["source"]["url"].startswith("https://ask.example/articles/")
        assert source["document"][0] in ARTICLE
    assert "” [1] [article](https://ask.example/articles/" in (whole.choices[0].message.content or "")


@pytest.mark.browser
def test_a_link_of_the_content_opens_the_article_at_the_quote(client: OpenAI) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only here is a browser needed

    executable = find_chromium()
    if executable is None:
        pytest.skip("no Chromium")
    completion = complete(client)
    tokens = MarkdownIt("commonmark").parse(completion.choices[0].message.content or "")
    links = [
        str(child.attrs["href"]) for token in tokens for child in token.children or () if child.type == "link_open"
    ]
    assert links
    with sync_playwright() as playwright, chromium(playwright, executable) as browser:
        page = browser.new_page()
        for link, quote in zip(links, native(completion)["quotes"], strict=True):
            page.goto(link)
            mark = page.locator("mark")
            mark.wait_for()
            assert mark.all_inner_texts() == [quote["text"]]


def test_the_python_snippet_of_the_documentation_runs(server: Server) -> None:
    (snippet,) = re.findall(r"^```python\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
    snippet = snippet.replace("http://127.0.0.1:8000", server.url).replace('api_key="none"', f'api_key="{KEY}"')
    done = subprocess.run(
        [sys.executable, "-c", snippet], env=environment(), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "2013" in done.stdout
    assert f"{server.url}/articles/" in done.stdout
