"""Example questions that the articles answer: found while the server is already answering, for its page and widget."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from onrecord.api.http.page.question_templates import Candidate, candidates
from onrecord.api.http.shared import examples
from onrecord.api.http.shared.parts import CurrentParts  # noqa: TC001 - FastAPI looks it up when the app is made
from onrecord.api.http.shared.problems import UNUSABLE, ProblemError, ProblemKind
from onrecord.index.errors import OnRecordError
from onrecord.rag.answer import Answer, NotFound, Question

if TYPE_CHECKING:
    from onrecord.api.http.shared.gate import Gate
    from onrecord.api.http.shared.loading import Loading
    from onrecord.api.wiring import Services
    from onrecord.index.corpus import Corpus

logger = logging.getLogger(__name__)

MOST_KEPT = 5
MOST_ASKED = 24
MOST_ARTICLES = 12
"""How many articles are looked at, spread over all of them in the order of the list."""

GOOD_CONFIDENCE = 0.5
SECONDS_WHEN_OVERLOADED = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """The examples found so far for one generation of the corpus; `complete` when no more will come."""

    generation: int
    kept: tuple[Candidate, ...] = ()
    complete: bool = False


class Suggestions:
    """Finds examples when first asked for them, and again when the corpus has changed. One event loop only.

    Each candidate is asked in its turn among the questions of users, and kept where the first quote is the sentence
    that it was made from. So an example never leads to an abstention, nor to words other than its own.
    """

    def __init__(self, loading: Loading, gate: Gate) -> None:
        self._loading = loading
        self._gate = gate
        self._found: Found | None = None
        self._search: asyncio.Task[None] | None = None
        self._stopping = False

    async def current(self) -> Found:
        """What is known for the corpus as it is now. Never waits for more to be found.

        Raises:
            ProblemError: the corpus is not open yet, or could not be opened.
        """
        services = self._loading.services()
        generation = await asyncio.to_thread(lambda: services.corpus.generation)
        if self._found is None or self._found.generation != generation:
            if self._search is not None and not self._search.done():
                return Found(generation)  # what runs sees the change itself, and ends
            self._found = Found(generation)
            self._search = asyncio.create_task(self._find(services, self._found))
        return self._found

    async def stop(self) -> None:
        """Let the question that is being asked come to its end, and ask no more."""
        self._stopping = True
        if self._search is not None:
            await self._search

    async def _find(self, services: Services, found: Found) -> None:
        try:
            for candidate in await asyncio.to_thread(_to_ask, services.corpus):
                result = await self._asked(services, candidate)
                if result.generation != found.generation:
                    return
                if _leads_back(result, candidate):
                    found = self._found = replace(found, kept=(*found.kept, candidate))
                if self._stopping or len(found.kept) == MOST_KEPT:
                    break
        except OnRecordError as error:
            logger.warning("no more example questions are looked for: %s", error)
        except Exception:
            logger.exception("looking for example questions failed")
        self._found = replace(found, complete=True)

    async def _asked(self, services: Services, candidate: Candidate) -> Answer | NotFound:
        while True:
            try:
                async with self._gate.turn():
                    return await asyncio.to_thread(services.pipeline.ask, Question(candidate.question, top_k=1))
            except ProblemError:  # users go first
                await asyncio.sleep(SECONDS_WHEN_OVERLOADED)


def _to_ask(corpus: Corpus) -> list[Candidate]:
    """Candidates of articles all over the corpus: the first of each, then the second of each, …, each question once."""
    summaries = corpus.articles()
    looked_at = summaries[:: max(1, len(summaries) // MOST_ARTICLES)][:MOST_ARTICLES]
    suggested = [candidates(corpus.contents(summary.id)) for summary in looked_at]
    in_turn = chain.from_iterable(zip_longest(*suggested))
    once = {candidate.question: candidate for candidate in in_turn if candidate is not None}
    return list(islice(once.values(), MOST_ASKED))


def _leads_back(result: Answer | NotFound, candidate: Candidate) -> bool:
    if not isinstance(result, Answer) or result.confidence < GOOD_CONFIDENCE:
        return False
    first = result.quotes[0]
    return (
        first.article.id == candidate.article_id
        and first.span.start < candidate.end
        and candidate.start < first.span.end
    )


class ExampleOut(BaseModel):
    """A question that the articles answer."""

    question: str
    article_id: str = Field(description="The article whose sentence answers it.")


class ExamplesResponse(BaseModel):
    """Example questions."""

    examples: list[ExampleOut]
    complete: bool = Field(description="Whether all have been found; if not, ask again in a second.")
    corpus_generation: int


EXAMPLES = {
    "found": {
        "summary": "One example, and no more to come",
        "value": ExamplesResponse(
            examples=[ExampleOut(question="When does the bridge close?", article_id=examples.ARTICLE_ID)],
            complete=True,
            corpus_generation=3,
        ).model_dump(mode="json"),
    }
}

router = APIRouter()


def _suggestions(parts: CurrentParts) -> Suggestions:
    suggestions = parts.room(Suggestions)
    assert suggestions is not None  # noqa: S101 - the app that has this route brings them
    return suggestions


@router.get(
    "/v1/examples",
    tags=["Ask"],
    summary="Example questions",
    response_description="At most five, found so far.",
    responses=examples.responses(
        EXAMPLES,
        *UNUSABLE,
        ProblemKind.INTERNAL_ERROR,
    ),
)
async def example_questions(suggestions: Annotated[Suggestions, Depends(_suggestions)]) -> ExamplesResponse:
    """Questions made from the articles' own names that the articles answer, to begin with.

    They are looked for when this is first asked, in the background, and again when the articles have changed.
    """
    found = await suggestions.current()
    return ExamplesResponse(
        examples=[ExampleOut(question=each.question, article_id=each.article_id) for each in found.kept],
        complete=found.complete,
        corpus_generation=found.generation,
    )
