"""What an application keeps for its routes, and how a route asks for it."""

from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.http.shared.exposure import Exposure
from onrecord.api.http.shared.gate import Gate
from onrecord.api.http.shared.loading import Loading
from onrecord.api.http.shared.metrics import Metrics
from onrecord.api.http.shared.write_guard import Writing, may_write
from onrecord.api.question_log import QuestionLog
from onrecord.api.wiring import Services
from onrecord.rag.answer import Answer, NotFound, Question

Room = TypeVar("Room")


@dataclass(frozen=True, slots=True)
class Parts:
    """What an app keeps for its routes, as `app.state.parts`, and all that it keeps there.

    `created` is when the app was made, in seconds since 1970; `rooms` are what single routes bring along and others
    know nothing of, asked for by their class.
    """

    loading: Loading
    gate: Gate
    metrics: Metrics
    exposure: Exposure
    created: int
    writing: Writing | None = None
    question_log: QuestionLog | None = None
    rooms: tuple[object, ...] = ()

    def room(self, kind: type[Room]) -> Room | None:
        """What one of the app's routes brought along; None where the app has none."""
        return next((each for each in self.rooms if isinstance(each, kind)), None)

    def response(self, question: Question, result: Answer | NotFound) -> AskResponse:
        """What a result is told as; it is counted, and logged where somebody wants that."""
        response = AskResponse.of(result)
        self.metrics.answer(response)
        if self.question_log is not None:
            self.question_log.note(question, result)
        return response


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


def _services(parts: Annotated[Parts, Depends(_parts)]) -> Services:
    return parts.loading.services()


CurrentParts = Annotated[Parts, Depends(_parts)]

CurrentServices = Annotated[Services, Depends(_services)]


def guarded(request: Request, parts: CurrentParts) -> None:
    """Let a request pass that may change articles; see `may_write`."""
    may_write(request, parts.writing, parts.exposure)
