"""One chat completion, whole or in the chunks of a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onrecord.api.http.openai.schemas import (
    MODEL,
    Annotation,
    AssistantMessage,
    ChatCompletion,
    Choice,
    SourceOut,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.api.http.messages.answers import AskResponse
    from onrecord.api.http.openai.text import Message
    from onrecord.rag.answer import Question


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer about to be told, `with_sources` also as Open WebUI's sources."""

    id: str
    created: int
    question: Question
    answered: AskResponse
    message: Message
    with_sources: bool

    def whole(self) -> ChatCompletion:
        """Tell it at once."""
        content = self.message.content
        told = AssistantMessage(content=content, annotations=Annotation.all_of(self.message))
        return ChatCompletion(
            id=self.id,
            created=self.created,
            choices=[Choice(message=told)],
            usage=Usage.of(self.question, content),
            sources=self._sources(),
            onrecord=self.answered,
        )

    def chunks(self, *, usage: bool) -> Iterator[dict[str, Any]]:
        """Tell it piece by piece: `chat.completion.chunk` objects, the last of them the usage if that is asked for."""
        head = {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": MODEL}
        empty = {"usage": None} if usage else {}
        for chunk in self._choices():
            yield head | chunk | empty
        if usage:
            used = Usage.of(self.question, self.message.content)
            yield head | {"choices": [], "usage": used.model_dump()}

    def _sources(self) -> list[SourceOut] | None:
        return (SourceOut.all_of(self.message) or None) if self.with_sources else None

    def _choices(self) -> Iterator[dict[str, Any]]:
        yield _delta({"role": "assistant", "content": ""})
        if sources := self._sources():
            # Open WebUI takes sources from a chunk whose delta is empty, and only as long as no annotation has come.
            yield _delta({}) | {"sources": [one.model_dump() for one in sources]}
        for piece in self.message.pieces:
            yield _delta({"content": piece})
        annotations = [one.model_dump() for one in Annotation.all_of(self.message)]
        ending = _delta({"annotations": annotations} if annotations else {}, finish_reason="stop")
        yield ending | {"onrecord": self.answered.model_dump(mode="json")}


def _delta(delta: dict[str, Any], *, finish_reason: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}]}
