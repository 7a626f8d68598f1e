"""Search → read → decide, as one object with one method."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING

from onrecord.index.records import LONE_SURROGATE
from onrecord.rag.answer import (
    MAX_QUESTION_LENGTH,
    MAX_TOP_K,
    Answer,
    InvalidQuestion,
    NotFound,
    Question,
    Reason,
    Timings,
)
from onrecord.rag.conversation.follow_up import formulations
from onrecord.rag.conversation.grammar import names_something
from onrecord.rag.conversation.leaning import leaning
from onrecord.rag.conversation.referents import Understood
from onrecord.rag.quoting.decide import decide
from onrecord.rag.reading.likeliest import read_likeliest
from onrecord.rag.reading.own_words import own_words_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.corpus import Corpus
    from onrecord.index.records import Filter, SearchResult
    from onrecord.rag.quoting.decide import Decision
    from onrecord.rag.reading.reader import Reader

CANDIDATES = 16
"""How many passages are read for a question at most."""

UNDERSTOOD_TURNS = 8
"""How many of the latest earlier questions count. Two of them at most are asked again, see `Pipeline._understood`."""

RECALL_CANDIDATES = 6
"""How many passages are read for an earlier question."""

SECOND_CHOICE_MARGIN = 0.1
"""By how much the second wording of a follow-up must be more confident than the first."""

_RECALLED_AT_MOST = 1024

_QUESTION_MARK = re.compile(r"[?？؟]\W*$")
_END = re.compile(r"(?<!\.\w)[.!…\s]*$")
"""What ends a text that is no question: nothing, or full stops, but not that of “U.S.”."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What came of one wording of a question; times in milliseconds."""

    wording: str
    found: SearchResult
    decision: Decision
    search: float
    read: float


@dataclass(frozen=True, slots=True)
class _Terms:
    """What holds for a question and for those before it."""

    filter: Filter
    min_confidence: float | None


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
        # It holds what asking again would give: an answer may come faster by it, and is never another.
        self._recalled = lru_cache(maxsize=_RECALLED_AT_MOST)(self._recall)

    def ask(self, question: Question) -> Answer | NotFound:
        """Answer a question in the articles' own words, or say that they do not answer it.

        A question that leans on those before it is searched and read in words that stand on their own (see
        `rag.conversation.follow_up`); the result has it as it was asked.

        Raises:
            InvalidQuestion: the question is empty, too long or not text, or `top_k` is out of range.
            StoreBusy: the corpus keeps being changed.
            ModelUnavailable: a model is missing.
        """
        text = _checked(question)
        began = perf_counter()
        terms = _Terms(question.filter, question.min_confidence)
        wordings = self._wordings(text, question.history, terms)
        best = self._best(wordings, terms, top_k=question.top_k, candidates=self._candidates)
        found, decision = best.found, best.decision
        timings = Timings(search=best.search, read=best.read, total=_since(began))
        if decision.reason is None:
            return Answer(text, decision.quotes, decision.passages, decision.confidence, found.generation, timings)
        empty = not found.searchable and not question.filter.restricts
        reason = Reason.EMPTY_CORPUS if empty else decision.reason
        return NotFound(text, reason, decision.passages, decision.confidence, found.generation, timings)

    def _wordings(self, text: str, history: Sequence[str], terms: _Terms) -> tuple[str, ...]:
        """How to search and read a question: as it stands, or as what came before it says it is meant."""
        if not history or leaning(text) is None:
            return (text,)
        return formulations(text, self._understood(history[-UNDERSTOOD_TURNS:], terms))

    def _understood(self, earlier: Sequence[str], terms: _Terms) -> tuple[Understood, ...]:
        """What earlier questions were about, oldest first.

        The last one is asked again, and so is the latest before it that stood on its own; of the others, the words are
        enough.
        """
        generation = self._corpus.generation
        last = len(earlier) - 1
        root = max((i for i, text in enumerate(earlier[:last]) if leaning(text) is None), default=last)
        understood: tuple[Understood, ...] = ()
        for i, text in enumerate(earlier):
            wordings = formulations(text, understood)
            turn = self._recalled(wordings, terms, generation) if i in (root, last) else Understood(wordings[0])
            understood = (*understood, turn)
        return understood

    def _recall(self, wordings: tuple[str, ...], terms: _Terms, _generation: int) -> Understood:
        """Ask an earlier question again. The generation only tells apart what is remembered."""
        best = self._best(wordings, terms, top_k=1, candidates=RECALL_CANDIDATES)
        hits = best.found.hits[:RECALL_CANDIDATES]
        seen = "\n".join(f"{hit.lead}\n{hit.passage.text}" for hit in hits)
        if not best.decision.quotes:
            return Understood(best.wording, seen=seen)
        quote = best.decision.quotes[0]
        return Understood(best.wording, quote.highlight.exact, quote.span.exact, seen)

    def _best(self, wordings: tuple[str, ...], terms: _Terms, *, top_k: int, candidates: int) -> _Attempt:
        """The attempt with the first wording, unless another is more confident by a margin.

        Others are read in half as many passages.
        """
        best = self._attempt(wordings[0], terms, top_k=top_k, candidates=candidates)
        for wording in wordings[1:]:
            other = self._attempt(wording, terms, top_k=top_k, candidates=(candidates + 1) // 2)
            if other.decision.confidence > best.decision.confidence + SECOND_CHOICE_MARGIN:
                best = other
        return best

    def _attempt(self, wording: str, terms: _Terms, *, top_k: int, candidates: int) -> _Attempt:
        began = perf_counter()
        asked = _with_question_mark(wording)
        found = self._corpus.search(asked, k=max(candidates, top_k), where=terms.filter)
        search = _since(began)
        began = perf_counter()
        hits = found.hits if names_something(wording) else ()
        threshold = self._min_confidence if terms.min_confidence is None else terms.min_confidence
        judged = read_likeliest(self._reader, asked, hits[:candidates], threshold=threshold)
        judged = own_words_first(wording, hits, judged)
        read = _since(began)
        return _Attempt(wording, found, decide(hits, judged, top_k=top_k), search, read)


def _since(began: float) -> float:
    """Milliseconds since then."""
    return 1000 * (perf_counter() - began)


def _with_question_mark(wording: str) -> str:
    """The wording as it is searched and read: a question, however it was typed.

    Readers learnt from questions that end in “?”. Without it a refusal of .10 became an answer of .60, so it is put
    here once, before the models, whichever they are.
    """
    return wording if _QUESTION_MARK.search(wording) else _END.sub("?", wording, count=1)


def _checked(question: Question) -> str:
    text = question.text.strip()
    if not text:
        raise InvalidQuestion("The question is empty.", hint="Ask something, in 1 to 1,000 characters.")
    if len(text) > MAX_QUESTION_LENGTH:
        raise InvalidQuestion(
            f"The question has {len(text):,} characters.", hint=f"Ask it in at most {MAX_QUESTION_LENGTH:,}."
        )
    if LONE_SURROGATE.search(text):
        raise InvalidQuestion(
            "The question holds half of a surrogate pair, which is no character.", hint="Send well-formed Unicode text."
        )
    if not 1 <= question.top_k <= MAX_TOP_K:
        raise InvalidQuestion(f"top_k is {question.top_k}.", hint=f"Choose 1 to {MAX_TOP_K}.")
    return text
