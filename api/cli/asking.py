"""The work of `onrecord ask`: one question, checked and answered as POST /v1/ask does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from pydantic import ValidationError

from onrecord.api import wiring
from onrecord.api.cli import output
from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.http.messages.questions import AskBody

if TYPE_CHECKING:
    from onrecord.api.settings import Settings


def answer(settings: Settings, question: str, *, top_k: int) -> AskResponse:
    """Ask the corpus that the settings name.

    Raises:
        typer.BadParameter: nobody can ask this: it is empty, too long, or no text.
        OnRecordError: the corpus or a model cannot be used.
    """
    try:
        asked = AskBody(question=question, top_k=top_k).to_question()
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(str(first.get("ctx", {}).get("error", first["msg"]))) from error
    with output.progress_bars() as report:
        report("asking", 0, 1)
        services = wiring.load(settings, progress=report, warm=True)
        with services.corpus:
            return AskResponse.of(services.pipeline.ask(asked))
