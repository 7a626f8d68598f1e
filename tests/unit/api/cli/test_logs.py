from __future__ import annotations

import io
import json
import logging
import re
import sys
from typing import TYPE_CHECKING

import pytest

from onrecord.api.cli import logs

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUEST = {"method": "GET", "path": "/v1/ask", "status": 200, "ms": 12.3}
LOG = logging.getLogger("onrecord.api.http")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("onrecord")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def configured(
    monkeypatch: pytest.MonkeyPatch,
    stderr: io.StringIO,
    *,
    level: str | None = None,
    log_format: str | None = None,
    serving: bool = True,
) -> io.StringIO:
    monkeypatch.setattr(sys, "stderr", stderr)
    logs.configure(level, log_format, serving=serving)
    return stderr


def test_a_server_at_a_terminal_tells_only_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = configured(monkeypatch, Terminal())
    LOG.info("request", extra={"fields": REQUEST})
    assert stderr.getvalue() == ""
    LOG.warning("the disk is full")
    assert re.fullmatch(r"\d\d:\d\d:\d\d warning the disk is full\n", stderr.getvalue())


def test_a_server_without_a_terminal_writes_a_json_line_of_each_request(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = configured(monkeypatch, io.StringIO())
    LOG.info("request", extra={"fields": REQUEST})
    line = json.loads(stderr.getvalue())
    assert (line["level"], line["message"]) == ("info", "request")
    assert {name: line[name] for name in REQUEST} == REQUEST


def test_the_level_that_is_asked_for_shows_requests_at_a_terminal_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = configured(monkeypatch, Terminal(), level="info")
    LOG.info("request", extra={"fields": REQUEST})
    assert stderr.getvalue()[9:] == "info    request method=GET path=/v1/ask status=200 ms=12.3\n"


@pytest.mark.parametrize(("log_format", "is_json"), [("json", True), ("text", False)])
@pytest.mark.parametrize("stderr", [Terminal, io.StringIO])
def test_the_format_that_is_asked_for_is_written_everywhere(
    monkeypatch: pytest.MonkeyPatch, stderr: type[io.StringIO], log_format: str, *, is_json: bool
) -> None:
    written = configured(monkeypatch, stderr(), log_format=log_format)
    LOG.warning("the disk is full")
    assert written.getvalue().startswith("{") == is_json


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_nothing_below_the_level_is_written(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    stderr = configured(monkeypatch, io.StringIO(), level=level)
    levels = ["debug", "info", "warning", "error"]
    for each in levels:
        LOG.log(logging.getLevelName(each.upper()), each)
    assert [json.loads(line)["level"] for line in stderr.getvalue().splitlines()] == levels[levels.index(level) :]


def test_other_commands_write_the_words_alone_from_warning_up(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = configured(monkeypatch, io.StringIO(), serving=False)
    LOG.info("nothing to see")
    LOG.warning("the index is made again")
    assert stderr.getvalue() == "the index is made again\n"


def test_a_path_that_a_terminal_would_obey_or_that_looks_like_a_field_stays_within_quotation_marks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stderr = configured(monkeypatch, Terminal(), level="info")
    LOG.info("request", extra={"fields": {"path": "/\x1b[2J\r\nx status=200", "status": 404}})
    assert stderr.getvalue()[9:] == r'info    request path="/\u001b[2J\r\nx status=200" status=404' + "\n"


def test_what_failed_is_told_with_its_traceback_and_without_control_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = configured(monkeypatch, Terminal())
    try:
        int("\x1b[31mred")
    except ValueError:
        LOG.exception("a request failed", extra={"fields": {"request_id": "ab12"}})
    first, *rest = stderr.getvalue().splitlines()
    assert first.endswith("error   a request failed request_id=ab12")
    assert rest[0] == "Traceback (most recent call last):"
    assert "\x1b" not in stderr.getvalue()
