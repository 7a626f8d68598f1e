"""What the OpenAI-shaped routes take and return. Fields that mean nothing here are accepted and passed over."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.http.messages.questions import QuestionText
from onrecord.api.http.openai.text import Message
from onrecord.rag.answer import MAX_HISTORY, Question

MODEL: Literal["onrecord"] = "onrecord"
"""The one model there is."""

TEXT_PARTS = ("text", "input_text")
"""The parts of a message that are text: as chat completions have them, and as OpenAI's newer Responses do."""

_QUESTION = TypeAdapter[str](QuestionText)


class _Taken(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ContentPart(_Taken):
    """A part of a message. Only text is read."""

    type: str
    text: str | None = None


def _text(content: Any) -> str:
    """What a message says in words, its parts on lines of their own."""
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, list) or not all(isinstance(part, dict) for part in content):
        raise ValueError('send text, or a list of parts such as {"type": "text", "text": "…"}')
    texts = (part.get("text") for part in content if part.get("type") in TEXT_PARTS)
    return "\n".join(text for text in texts if isinstance(text, str))


class ChatMessage(_Taken):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, BeforeValidator(_text, json_schema_input_type=str | list[ContentPart] | None)] = ""


class StreamOptions(_Taken):
    """How to stream."""

    include_usage: bool | None = Field(None, strict=True)


class ChatBody(_Taken):
    """The body of `POST /v1/chat/completions`."""

    model: str = Field(description=f"`{MODEL}`.")
    messages: list[ChatMessage] = Field(
        description="The last one of role `user` is the question; those of that role before it were asked earlier. "
        "The others are not read."
    )
    stream: bool | None = Field(None, strict=True, description="Answer in server-sent events.")
    stream_options: StreamOptions | None = Field(
        None, description="With `include_usage`, an event with the usage comes before the end."
    )
    n: Any = Field(None, description="How many answers: there is only one.")

    @field_validator("messages")
    @classmethod
    def _end_in_a_question(cls, messages: list[ChatMessage]) -> list[ChatMessage]:
        asked = [message.content for message in messages if message.role == "user"]
        if not asked:
            raise ValueError("send at least one message of role user: the last one is the question")
        try:
            _QUESTION.validate_python(asked[-1])
        except ValidationError as error:
            raise ValueError(str(error.errors(include_url=False)[0]["ctx"]["error"])) from None
        return messages

    def to_question(self) -> Question:
        """The question as the pipeline takes it, without what was asked earlier and could not be asked here."""
        *earlier, asked = [message.content for message in self.messages if message.role == "user"]
        turns = [text.strip() for text in earlier if _can_be_asked(text)]
        return Question(text=_QUESTION.validate_python(asked), history=tuple(turns[-MAX_HISTORY:]))


def _can_be_asked(text: str) -> bool:
    try:
        _QUESTION.validate_python(text)
    except ValidationError:
        return False
    return True


class UrlCitation(BaseModel):
    """Where a citation mark stands in the content, and what it cites."""

    start_index: int = Field(description="Where the mark begins, in code points of the content.")
    end_index: int = Field(description="Where it has ended: `content[start_index:end_index]` is the mark.")
    url: str
    title: str


class Annotation(BaseModel):
    """A citation."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation

    @classmethod
    def all_of(cls, message: Message) -> list[Self]:
        """The citations of a message, in its order."""
        return [
            cls(url_citation=UrlCitation(start_index=one.start, end_index=one.end, url=one.url, title=one.title))
            for one in message.citations
        ]


class AssistantMessage(BaseModel):
    """The answer in words."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(description="Verbatim quotes, citation marks and fixed words, as Markdown.")
    refusal: None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one answer."""

    index: Literal[0] = 0
    message: AssistantMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(BaseModel):
    """Words, since nothing here is counted in tokens: those of the questions, and those of the content."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @classmethod
    def of(cls, question: Question, content: str) -> Self:
        """Count what was asked, with what was asked before it, and what came of it."""
        asked = sum(len(text.split()) for text in (*question.history, question.text))
        answered = len(content.split())
        return cls(prompt_tokens=asked, completion_tokens=answered, total_tokens=asked + answered)


class SourceName(BaseModel):
    """What is cited, as Open WebUI names it and leads to it."""

    id: str
    name: str
    url: str


class SourceMetadata(BaseModel):
    """The same for one passage. `source` is what Open WebUI counts by, so it is the address of the annotation."""

    source: str
    url: str
    name: str
    external: Literal[True] = Field(default=True, description="Open WebUI then shows the name and not the address.")


class SourceOut(BaseModel):
    """A source as Open WebUI takes it."""

    source: SourceName
    document: list[str] = Field(description="The cited passage, as Markdown.")
    metadata: list[SourceMetadata]

    @classmethod
    def all_of(cls, message: Message) -> list[Self]:
        """The sources of a message: the first is that of `[1]`, and so on."""
        return [
            cls(
                source=SourceName(id=one.id, name=one.name, url=one.url),
                document=[one.passage],
                metadata=[SourceMetadata(source=one.url, url=one.url, name=one.name)],
            )
            for one in message.sources
        ]


class ChatCompletion(BaseModel):
    """An answer in OpenAI's shape."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: Literal["onrecord"] = MODEL
    choices: list[Choice]
    usage: Usage
    sources: list[SourceOut] | None = Field(
        None, exclude_if=lambda sources: sources is None, description="Only with `ONRECORD_OPEN_WEBUI`."
    )
    onrecord: AskResponse = Field(description="The answer as `POST /v1/ask` gives it.")


class ModelOut(BaseModel):
    """A model in OpenAI's shape."""

    id: Literal["onrecord"] = MODEL
    object: Literal["model"] = "model"
    created: int = Field(description="When this server came up.")
    owned_by: Literal["onrecord"] = "onrecord"


class ModelsResponse(BaseModel):
    """The models there are: one."""

    object: Literal["list"] = "list"
    data: list[ModelOut]


class ErrorBody(BaseModel):
    """What went wrong."""

    message: str = Field(description="What happened, and what to do.")
    type: Literal["invalid_request_error", "server_error"]
    param: str | None = Field(description="The field at fault.")
    code: str


class ErrorResponse(BaseModel):
    """An error in OpenAI's shape."""

    error: ErrorBody
