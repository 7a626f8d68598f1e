from __future__ import annotations

import json
import logging
import stat
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app
from onrecord.api.question_log import MOST_WAITING, LoggedQuestion, QuestionLog, QuestionLogUnusable
from onrecord.index.records import Filter
from onrecord.rag.answer import NotFound, Question, Reason, Timings
from tests.unit.api.conftest import wait_until_loaded

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.api.wiring import Services

REFUSED = NotFound("Who asks?", Reason.NO_RELEVANT_PASSAGE, (), 0.1234567, 1, Timings(0, 0, 0))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log" / "questions.jsonl"


@pytest.fixture
def log(path: Path) -> QuestionLog:
    return QuestionLog(path, max_bytes=1_000_000, backups=2)


def lines(path: Path) -> list[LoggedQuestion]:
    return [LoggedQuestion.model_validate_json(line) for line in path.read_bytes().splitlines()]


def test_what_is_asked_over_http_is_logged_with_what_was_answered(
    services: Services, log: QuestionLog, path: Path
) -> None:
    app = create_app(lambda: services, max_concurrent=2, max_waiting=4, question_log=log)
    with TestClient(app) as client:
        wait_until_loaded(client)
        client.post("/v1/ask", json={"question": " When will the harbour bridge close? ", "history": ["What closes?"]})
        client.get("/v1/ask", params={"q": "Which colour do elephants dream of?"})
        client.get("/v1/ask", params={"q": "When will it close?", "min_confidence": "0.9"})
        chat = {"model": "onrecord", "messages": [{"role": "user", "content": "When will the harbour bridge close?"}]}
        assert client.post("/v1/chat/completions", json=chat).is_success
    log.close()
    answered, refused, restricted, chatted = lines(path)
    assert answered.question == "When will the harbour bridge close?"
    assert answered.history == ("What closes?",)
    assert answered.reason is None
    assert not answered.restricted
    quote = answered.quotes[0]
    assert quote.text == "The harbour bridge will close on 3 March, the port authority said on Monday."
    assert quote.passage == quote.text
    assert quote.source == "https://news.example/harbour"
    assert (quote.title, quote.paragraph) == ("Harbour bridge to close for repairs", 2)
    assert refused.reason == "no_relevant_passage"
    assert refused.quotes == ()
    assert restricted.restricted
    assert chatted.question == answered.question


def test_a_question_of_some_articles_only_is_marked(log: QuestionLog, path: Path) -> None:
    log.note(Question("Who?", filter=Filter(article_ids=("a",))), REFUSED)
    log.close()
    assert lines(path)[0].restricted


def test_a_line_holds_nothing_about_who_asked(log: QuestionLog, path: Path) -> None:
    log.note(Question("Who?", history=("What?",)), REFUSED)
    log.close()
    assert set(json.loads(path.read_text())) == {"time", "question", "history", "reason", "confidence"}
    assert abs((lines(path)[0].time - datetime.now(UTC)).total_seconds()) < 60


def test_only_its_owner_may_read_the_log(log: QuestionLog, path: Path) -> None:
    log.note(Question("Who?"), REFUSED)
    log.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_log_rotates_by_size_and_keeps_so_many_backups(path: Path) -> None:
    log = QuestionLog(path, max_bytes=1_000, backups=2)
    for _ in range(60):
        log.note(Question("Who?"), REFUSED)
    log.close()
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["questions.jsonl", "questions.jsonl.1", "questions.jsonl.2"]
    for file in files:
        assert 0 < file.stat().st_size <= 1_000
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert lines(file)


def test_a_log_goes_on_where_it_ended(path: Path) -> None:
    for _ in range(2):
        log = QuestionLog(path, max_bytes=100_000, backups=1)
        log.note(Question("Who?"), REFUSED)
        log.close()
    assert len(lines(path)) == 2


def test_a_question_does_not_wait_for_a_slow_disk(
    log: QuestionLog, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    free = threading.Event()
    monkeypatch.setattr(log._file, "emit", lambda _record: free.wait(60))
    with caplog.at_level(logging.WARNING):
        for _ in range(MOST_WAITING + 50):
            log.note(Question("Who?"), REFUSED)  # would never return if it waited
    assert [record.message for record in caplog.records] == [
        "questions are asked faster than they can be logged; some are left out of the log"
    ]
    monkeypatch.setattr(log._file, "emit", lambda _record: None)
    free.set()
    log.close()
    assert path.read_text() == ""


def test_a_full_disk_fails_no_question_and_is_told_once(
    log: QuestionLog,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [caplog.handler])

    def full(_text: str) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log._file.stream, "write", full, raising=False)
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            log.note(Question("Who?"), REFUSED)
        log.close()
    assert [record.message for record in caplog.records] == [
        "questions cannot be logged: [Errno 28] No space left on device"
    ]
    assert "Traceback" not in capfd.readouterr().err


def test_a_log_that_cannot_be_written_is_told_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(QuestionLogUnusable, match="ONRECORD_QUESTION_LOG"):
        QuestionLog(tmp_path / "file" / "questions.jsonl", max_bytes=1_000, backups=1)
