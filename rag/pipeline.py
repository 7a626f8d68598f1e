"""Search → read → decide, as one object with one method."""

from __future__ import annotations

import re
from time import perf_counter
from typing import TYPE_CHECKING

from index.errors import InvalidQuestion
from rag.answer import MAX_QUESTION_LENGTH, MAX_TOP_K, Answer, NotFound, Question, Reason, Timings
from rag.decide import decide

if TYPE_CHECKING:
    from index.corpus import Corpus
    from rag.reader import Reader

CANDIDATES = 16
"""How many passages are read for a question."""

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Pipeline:
    """Answers questions from a corpus with a reader. Safe to share between threads.

    Args:
        corpus: where to look.
        reader: who reads what is found.
        candidates: how many passages are read for a question.
        min_confidence: replaces the reader's threshold for questions that do not bring their own.
    """

    def __init__(
        self, corpus: Corpus, reader: Reader, *, candidates: int = CANDIDATES, min_confidence: float | None = None
    ) -> None:
        self._corpus = corpus
        self._reader = reader
        self._candidates = candidates
        self._min_confidence = min_confidence

    def ask(self, question: Question) -> Answer | NotFound:
        """Answer a question in the articles' own words, or say that they do not answer it.

        Raises:
            InvalidQuestion: the question is empty, too long or not text, or `top_k` is out of range.
            StoreBusy: the corpus keeps being changed.
            ModelUnavailable: a model is missing.
        """
        text = _checked(question)
        began = perf_counter()
        found = self._corpus.search(text, k=max(self._candidates, question.top_k), where=question.filter)
        searched = perf_counter()
        readings = self._reader.read(text, found.hits[: self._candidates])
        read = perf_counter()
        decision = decide(
            readings,
            found.hits[self._candidates :],
            self._reader.calibration,
            top_k=question.top_k,
            min_confidence=self._min_confidence if question.min_confidence is None else question.min_confidence,
        )
        timings = Timings(
            search=1000 * (searched - began), read=1000 * (read - searched), total=1000 * (perf_counter() - began)
        )
        if decision.reason is None:
            return Answer(text, decision.quotes, decision.passages, decision.confidence, found.generation, timings)
        empty = not found.searchable and not question.filter.restricts
        reason = Reason.EMPTY_CORPUS if empty else decision.reason
        return NotFound(text, reason, decision.passages, decision.confidence, found.generation, timings)


def _checked(question: Question) -> str:
    text = question.text.strip()
    if not text:
        raise InvalidQuestion("The question is empty.", hint="Ask something, in 1 to 1,000 characters.")
    if len(text) > MAX_QUESTION_LENGTH:
        raise InvalidQuestion(
            f"The question has {len(text):,} characters.", hint=f"Ask it in at most {MAX_QUESTION_LENGTH:,}."
        )
    if _LONE_SURROGATE.search(text):
        raise InvalidQuestion(
            "The question holds half of a surrogate pair, which is no character.", hint="Send well-formed Unicode text."
        )
    if not 1 <= question.top_k <= MAX_TOP_K:
        raise InvalidQuestion(f"top_k is {question.top_k}.", hint=f"Choose 1 to {MAX_TOP_K}.")
    return text
