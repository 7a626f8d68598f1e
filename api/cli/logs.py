"""Log lines on standard error: JSON for a server whose log a machine reads, text for a person at a terminal."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onrecord.api.words import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_OURS = ("onrecord",)
_PLAIN = re.compile(r"[^\s\"=\x00-\x20\x7f-\x9f]+")


class JsonFormatter(logging.Formatter):
    """One JSON object a line; what a call gives as `extra={"fields": {…}}` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Render one record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(_fields(record))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


class TextFormatter(logging.Formatter):
    """One short line, of a server with the time of day and the level; only a traceback takes more."""

    def __init__(self, *, serving: bool) -> None:
        super().__init__()
        self._serving = serving

    def format(self, record: logging.LogRecord) -> str:
        """Render one record."""
        moment = datetime.fromtimestamp(record.created, UTC).astimezone()
        head = f"{moment:%H:%M:%S} {record.levelname.lower():<7} " if self._serving else ""
        fields = "".join(f" {name}={_value(value)}" for name, value in _fields(record).items())
        line = head + " ".join(record.getMessage().split()) + fields
        traceback = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return printable(line + traceback)


def configure(level: str | None, log_format: str | None, *, serving: bool) -> None:
    """Send log lines to standard error: our own from `level` up, those of libraries from warning up.

    What is None is chosen: a server writes JSON where standard error is no terminal, and then each request has its
    line. At a terminal only what is wrong is told, so that the page's address stays in sight.
    """
    as_json = log_format == "json" if log_format else serving and not sys.stderr.isatty()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter(serving=serving))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel((level or ("info" if serving and as_json else "warning")).upper())


def _fields(record: logging.LogRecord) -> Mapping[str, object]:
    fields: Mapping[str, object] = getattr(record, "fields", {})
    return fields


def _value(value: object) -> str:
    """A field as it stands in a line, in quotation marks where it could be taken for another one."""
    told = str(value)
    return told if _PLAIN.fullmatch(told) else json.dumps(told)
