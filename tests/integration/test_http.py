from __future__ import annotations

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.integration.processes import SEEDS, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.processes import Server

pytestmark = pytest.mark.integration

QUESTION = "what did Asadi threaten?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("http") / "data"
    run("index", str(SEEDS), "--data", str(data))
    with serving(data) as server:
        server.wait_until_ready()
        yield server


def answer_bytes(content: bytes) -> bytes:
    return content.partition(b'"timings_ms"')[0]


def test_the_seed_article_is_asked_and_quoted_verbatim(server: Server) -> None:
    answer = httpx.post(f"{server.url}/v1/ask", json={"question": QUESTION, "top_k": 10}).json()
    article = httpx.get(f"{server.url}/v1/articles/{answer['passages'][0]['article_id']}").json()
    text = next(SEEDS.glob("*.txt")).read_bytes().decode()
    assert article["text"] == text
    assert any("we will respond to the American bases" in passage["text"] for passage in answer["passages"])
    for span in [*answer["passages"], *answer["quotes"]]:
        assert span["text"] == text[span["start"] : span["end"]]
    assert {passage["kind"] for passage in answer["passages"]} <= {"body", "caption"}


def test_asking_by_url_and_in_the_shell_gives_the_same_bytes(server: Server) -> None:
    by_body = httpx.post(f"{server.url}/v1/ask", json={"question": QUESTION}).content
    by_url = httpx.get(f"{server.url}/v1/ask", params={"q": QUESTION}).content
    shell = run("ask", QUESTION, "--json", "--data", str(server.data)).stdout.encode()
    assert answer_bytes(by_body) == answer_bytes(by_url) == answer_bytes(shell)


def test_many_who_ask_at_once_get_the_same_answer(server: Server) -> None:
    def ask(_: int) -> httpx.Response:
        return httpx.post(f"{server.url}/v1/ask", json={"question": QUESTION}, timeout=120)

    with ThreadPoolExecutor(8) as clients:
        responses = list(clients.map(ask, range(16)))
    assert {response.status_code for response in responses} == {200}
    assert len({answer_bytes(response.content) for response in responses}) == 1


def test_the_log_is_json_lines_without_questions(server: Server) -> None:
    httpx.get(f"{server.url}/v1/ask", params={"q": "unmistakable words"})
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert any(line["message"] == "request" and line["path"] == "/v1/ask" for line in lines)
    assert "unmistakable" not in server.log.read_text()


def test_pages_and_reference_are_served(server: Server) -> None:
    for path in ("/", "/docs", "/openapi.json", "/static/docs.css"):
        assert httpx.get(server.url + path).status_code == 200


def test_a_port_in_use_is_told_before_anything_is_loaded(server: Server, tmp_path: Path) -> None:
    port = server.url.rpartition(":")[2]
    began = time.monotonic()
    done = run("serve", "--port", port, "--data", str(tmp_path / "data"), code=1)
    assert f"port {port}: Address already in use" in done.stderr
    assert "--port" in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "data").exists()
    assert time.monotonic() - began < 30


def test_the_process_is_up_while_it_loads_and_ends_well_on_sigterm(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        assert httpx.get(f"{server.url}/healthz", timeout=60).status_code == 200
        server.wait_until_ready()
        answer = httpx.get(f"{server.url}/v1/ask", params={"q": QUESTION}).json()
        assert (answer["status"], answer["reason"]) == ("not_found", "empty_corpus")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0
        assert "Traceback" not in server.log.read_text()


def test_a_server_whose_corpus_is_damaged_ends_with_what_to_do(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "corpus.db").write_bytes(b"this is no database" * 1000)
    done = run("serve", "--port", "0", "--data", str(data), code=1)
    assert "error: " in done.stderr
    assert "is damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_whose_model_is_missing_ends_with_what_to_do(tmp_path: Path) -> None:
    done = run(
        "serve", "--port", "0", "--data", str(tmp_path / "data"), code=1, ONRECORD_EMBEDDER=str(tmp_path / "none")
    )
    assert "error: " in done.stderr
    assert "ONRECORD_EMBEDDER" in done.stderr
    assert "Traceback" not in done.stderr
