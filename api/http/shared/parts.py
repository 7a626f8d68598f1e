"""What an application keeps for its routes, and how a route asks for it."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.http.shared.gate import Gate
from onrecord.api.http.shared.loading import Loading
from onrecord.api.http.shared.metrics import Metrics
from onrecord.api.question_log import QuestionLog
from onrecord.api.wiring import Services
from onrecord.rag.answer import Answer, NotFound, Question


@dataclass(frozen=True, slots=True)
class Parts:
    """What an app keeps for its routes, as `app.state.parts`."""

    loading: Loading
    gate: Gate
    metrics: Metrics
    question_log: QuestionLog | None = None

    def response(self, question: Question, result: Answer | NotFound) -> AskResponse:
        """What a result is told as; it is counted, and logged where somebody wants that."""
        response = AskResponse.of(result)
        self.metrics.answer(response)
        if self.question_log is not None:
            self.question_log.note(question, result)
        return response


def _parts(request: Request) -> Parts:
    return cast("Parts", request.app.state.parts)


def _services(parts: Annotated[Parts, Depends(_parts)]) -> Services:
    return parts.loading.services()


CurrentParts = Annotated[Parts, Depends(_parts)]

CurrentServices = Annotated[Services, Depends(_services)]
