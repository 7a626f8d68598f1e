"""`onrecord ask`: its options are the fields of POST /v1/ask, and a running server is asked before the corpus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from onrecord.api import local_socket, wiring
from onrecord.api.cli.main import app
from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.settings import Settings, variable
from onrecord.rag.answer import Question

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from onrecord.api.wiring import Services

QUESTION = "When will the bridge close?"
EVERYTHING = {
    "question": QUESTION,
    "top_k": 2,
    "article_ids": ["a", "b"],
    "published_after": "2025-01-01",
    "published_before": "2025-02-01",
    "source": "news.example",
    "min_confidence": 0.25,
    "history": ["What is the bridge?", "Who built it?"],
}
AS_OPTIONS = (
    *("--top-k", "2", "--article", "a", "--article", "b"),
    *("--published-after", "2025-01-01", "--published-before", "2025-02-01", "--source", "news.example"),
    *("--min-confidence", "0.25", "--history", "What is the bridge?", "--history", "Who built it?"),
)


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)


def ask(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ("ask", *arguments))
    assert result.exit_code == code, result.output
    return result


def let_answer(monkeypatch: pytest.MonkeyPatch, told: bytes | None) -> list[dict[str, Any]]:
    """Let a server answer so; what it is asked comes into the list."""
    asked: list[dict[str, Any]] = []

    def post(_settings: Settings, route: str, body: bytes) -> bytes | None:
        assert route == "/v1/ask"
        asked.append(json.loads(body))
        return told

    monkeypatch.setattr(local_socket, "post", post)
    return asked


def test_a_server_is_sent_every_option_and_its_answer_is_printed(
    monkeypatch: pytest.MonkeyPatch, services: Services
) -> None:
    told = AskResponse.of(services.pipeline.ask(Question("Who asked?"))).model_dump_json().encode()
    asked = let_answer(monkeypatch, told)
    assert ask(QUESTION, *AS_OPTIONS, "--json").stdout_bytes == told + b"\n"
    assert asked == [EVERYTHING]


@pytest.mark.parametrize("told", [None, b"", b"{}", b'{"status": "answered"}', b"\xff"])
def test_where_no_server_answers_the_corpus_is_asked_the_same_and_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, services: Services, told: bytes | None
) -> None:
    let_answer(monkeypatch, told)
    monkeypatch.setattr(wiring, "load", lambda _settings, **_: services)
    result = ask(QUESTION, "--json")
    assert json.loads(result.stdout)["question"] == QUESTION
    assert result.stderr == ""


def test_options_narrow_the_corpus_as_the_fields_of_a_request_do(
    monkeypatch: pytest.MonkeyPatch, services: Services
) -> None:
    monkeypatch.setattr(wiring, "load", lambda _settings, **_: services)
    first = services.corpus.articles()[0].id
    told = json.loads(ask("What is said?", "--article", first, "--min-confidence", "0", "--json").stdout)
    assert {each["article_id"] for each in told["passages"]} == {first}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--published-after", "yesterday"),
        ("--published-before", "2025-13-01"),
        ("--min-confidence", "1.5"),
        ("--history", ""),
        ("--article", "a\0b"),
        ("--source", ""),
    ],
)
def test_a_value_that_cannot_be_is_wrong_usage_told_by_its_option(option: str, value: str) -> None:
    assert option in ask(QUESTION, option, value, code=2).stderr


def test_days_in_the_wrong_order_are_wrong_usage() -> None:
    after, before = ("--published-after", "2025-02-01"), ("--published-before", "2025-01-01")
    assert "must not be later" in ask(QUESTION, *after, *before, code=2).stderr
