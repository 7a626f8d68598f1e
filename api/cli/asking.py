"""The work of `onrecord ask`: one question, checked and answered as POST /v1/ask does it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer
from pydantic import ValidationError

from onrecord.api import local_socket, wiring
from onrecord.api.cli import output
from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.http.messages.questions import AskBody

if TYPE_CHECKING:
    from onrecord.api.settings import Settings

OPTIONS = {
    "history": "--history",
    "article_ids": "--article",
    "published_after": "--published-after",
    "published_before": "--published-before",
    "source": "--source",
    "min_confidence": "--min-confidence",
}
"""How fields of a request are called on the command line."""


def question(text: str, **asked: Any) -> AskBody:
    """What POST /v1/ask would be sent; what was not given is left to its default.

    Raises:
        typer.BadParameter: nobody can ask this: the question is empty, too long or no text, or an option is wrong.
    """
    try:
        return AskBody(question=text, **{name: value for name, value in asked.items() if value not in (None, [])})
    except ValidationError as error:
        first = error.errors()[0]
        name = next((str(part) for part in first["loc"] if part != "question"), None)
        option = None if name is None else OPTIONS.get(name)
        raise typer.BadParameter(str(first.get("ctx", {}).get("error", first["msg"])), param_hint=option) from error


def answer(settings: Settings, asked: AskBody) -> AskResponse:
    """Ask the server that runs on the data directory with these settings; where there is none, the corpus itself.

    Raises:
        OnRecordError: the corpus or a model cannot be used.
    """
    with output.progress_bars() as report:
        report("asking", 0, 1)
        told = local_socket.post(settings, "/v1/ask", asked.model_dump_json().encode())
        if told is not None:
            with suppress(ValidationError):
                return AskResponse.model_validate_json(told)
        services = wiring.load(settings, progress=report, warm=True)
        with services.corpus:
            return AskResponse.of(services.pipeline.ask(asked.to_question()))
