"""How a question comes in over HTTP, and what the pipeline is asked for it."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from onrecord.index.records import Filter
from onrecord.rag.answer import MAX_HISTORY, MAX_QUESTION_LENGTH, MAX_TOP_K, Question

MAX_ARTICLE_IDS = 1_000

_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _text(text: str) -> str:
    if _NO_TEXT.search(text):
        raise ValueError("take out what is no text: NUL characters and halves of surrogate pairs")
    return text


def _question(text: str) -> str:
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= MAX_QUESTION_LENGTH:
        raise ValueError(f"ask a question of 1 to {MAX_QUESTION_LENGTH} characters; this one has {len(trimmed)}")
    return trimmed


def _day(value: object) -> object:
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("give a date as YYYY-MM-DD")
    return value


Text = Annotated[str, AfterValidator(_text)]
QuestionText = Annotated[
    Text,
    AfterValidator(_question),
    Field(json_schema_extra={"minLength": 1, "maxLength": MAX_QUESTION_LENGTH}),
]
Day = Annotated[date, BeforeValidator(_day)]


class _AskFields(BaseModel):
    """What both ways of asking share, beside the question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    top_k: int = Field(5, ge=1, le=MAX_TOP_K, description="How many passages come back.")
    article_ids: list[Text] | None = Field(
        None,
        min_length=1,
        max_length=MAX_ARTICLE_IDS,
        description="Ask only these articles; ids that no article has are passed over.",
    )
    published_after: Day | None = Field(None, description="Ask only articles published on this day or later.")
    published_before: Day | None = Field(None, description="Ask only articles published on this day or earlier.")
    source: Text | None = Field(
        None,
        min_length=1,
        max_length=2_000,
        description="Ask only articles whose source or web address begins so; a host alone stands for all its pages.",
    )
    min_confidence: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="How confident a quote must be to be an answer, instead of the server's threshold.",
    )

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.published_after and self.published_before and self.published_after > self.published_before:
            raise ValueError("published_after must not be later than published_before")
        return self

    def _to_question(self, text: str, history: tuple[str, ...] = ()) -> Question:
        return Question(
            text=text,
            top_k=self.top_k,
            filter=Filter(
                article_ids=None if self.article_ids is None else tuple(self.article_ids),
                published_after=self.published_after,
                published_before=self.published_before,
                source=self.source,
            ),
            history=history,
            min_confidence=self.min_confidence,
        )


class AskQuery(_AskFields):
    """The query parameters of `GET /v1/ask`."""

    q: QuestionText = Field(description=f"The question, 1 to {MAX_QUESTION_LENGTH} characters after trimming.")

    def to_question(self) -> Question:
        """The question as the pipeline takes it."""
        return self._to_question(self.q)


class AskBody(_AskFields):
    """The body of `POST /v1/ask`."""

    question: QuestionText = Field(description=f"The question, 1 to {MAX_QUESTION_LENGTH} characters after trimming.")
    top_k: int = Field(5, ge=1, le=MAX_TOP_K, strict=True, description="How many passages come back.")
    history: list[QuestionText] = Field(
        default=[], max_length=MAX_HISTORY, description="The questions asked before this one, oldest first."
    )
    min_confidence: float | None = Field(
        None,
        ge=0,
        le=1,
        strict=True,
        allow_inf_nan=False,
        description="How confident a quote must be to be an answer, instead of the server's threshold.",
    )

    def to_question(self) -> Question:
        """The question as the pipeline takes it."""
        return self._to_question(self.question, tuple(self.history))
