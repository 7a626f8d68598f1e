"""What asking returns: an `Answer` with quotes, or `NotFound` with a reason. Both carry the passages that were read.

Offsets are half-open and count code points of the stored article text, as everywhere (see `index.records`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from onrecord.index.errors import OnRecordError
from onrecord.index.records import Article, Filter, Hit, Passage

MAX_QUESTION_LENGTH = 1_000
MAX_TOP_K = 50
MAX_HISTORY = 100
"""How many earlier questions a case may have, and a server takes."""


class InvalidQuestion(OnRecordError):  # noqa: N818 - named for what is wrong, as those of index.errors
    """The question cannot be asked as it stands: empty, too long, or not encodable."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the pipeline takes it: text of 1 to 1,000 characters after trimming, `top_k` of 1 to 50.

    `history` holds the questions asked before it, oldest first. `min_confidence` in [0, 1] replaces the
    reader's own threshold for this question.
    """

    text: str
    top_k: int = 5
    filter: Filter = field(default_factory=Filter)
    history: tuple[str, ...] = ()
    min_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one article's text. Made in one place, `Span.of`, by slicing."""

    start: int
    end: int
    exact: str

    @classmethod
    def of(cls, article: Article, start: int, end: int) -> Span:
        """Cut `article.text[start:end]`.

        Raises:
            ValueError: the offsets do not lie inside the article or cover nothing.
        """
        if not 0 <= start < end <= len(article.text):
            raise ValueError(f"span [{start}, {end}) does not lie in an article of {len(article.text)} characters")
        return cls(start, end, article.text[start:end])


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of one passage, verbatim, around the `highlight` that answers.

    `confidence` is the calibrated probability that the quote answers the question; `disagrees` whether another quote of
    the same answer, of another article, says something else in its place.
    """

    span: Span
    highlight: Span
    confidence: float
    passage: Passage
    article: Article
    disagrees: bool = False


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage in its final rank (from 1), with its score in [0, 1] and what in it was highlighted."""

    rank: int
    hit: Hit
    score: float
    highlights: tuple[Span, ...]


class Reason(StrEnum):
    """Why a question was not answered."""

    NO_RELEVANT_PASSAGE = "no_relevant_passage"
    NO_ANSWER_IN_PASSAGES = "no_answer_in_passages"
    EMPTY_CORPUS = "empty_corpus"


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent; the only part of a result that differs between two calls."""

    search: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The articles answer: quotes, most confident first; of two that disagree and are about as sure, the newer first.

    `confidence` is that of the most confident.
    """

    question: str
    quotes: tuple[Quote, ...]
    passages: tuple[RankedPassage, ...]
    confidence: float
    generation: int
    timings: Timings


@dataclass(frozen=True, slots=True)
class NotFound:
    """The articles do not answer. `confidence` is that of the best candidate, which was refused."""

    question: str
    reason: Reason
    passages: tuple[RankedPassage, ...]
    confidence: float
    generation: int
    timings: Timings
