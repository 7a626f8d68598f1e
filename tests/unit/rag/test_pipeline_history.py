"""What the pipeline does with the questions asked before: when it looks at them, how much it does, what it returns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from onrecord.index.corpus import Corpus
from onrecord.index.records import Filter
from onrecord.rag.answer import Answer, NotFound, Question
from onrecord.rag.pipeline import CANDIDATES, RECALL_CANDIDATES, UNDERSTOOD_TURNS, Pipeline
from tests.fakes import HashingEmbedder, ScriptedReader
from tests.unit.rag.articles import article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onrecord.index.embedding.embedder import Vectors

FERRY = article(
    "Mayor Ingrid Dahl said the ferry line lost money.",
    "“The bridge will carry 6,000 cars,” Dahl told the Post.",
    "The Havfruen was built in Gdansk in 1987.",
    "It was named by Queen Sonja of Norway.",
    title="Ferry line to close",
)
OTHERS = article(*(f"Paragraph {number} is about nothing much." for number in range(20)), title="Nothing")

ANSWERS = {
    "Who is Ingrid Dahl?": "Mayor Ingrid Dahl",
    "What did Dahl say about the bridge?": "The bridge will carry 6,000 cars",
    "What did Ingrid Dahl say about the bridge?": "The bridge will carry 6,000 cars",
    "When was the Havfruen built?": "1987",
    "Where was the Havfruen built?": "Gdansk",
    "What did she say about the bridge?": "the ferry line lost money",
}


class WatchedEmbedder(HashingEmbedder):
    """Remembers what was searched for."""

    def __init__(self) -> None:
        super().__init__()
        self.searched: list[str] = []

    def encode_query(self, text: str) -> Vectors:
        self.searched.append(text)
        return super().encode_query(text)


@pytest.fixture
def embedder() -> WatchedEmbedder:
    return WatchedEmbedder()


@pytest.fixture
def corpus(tmp_path: Path, embedder: WatchedEmbedder) -> Iterator[Corpus]:
    with Corpus.open(tmp_path, embedder) as opened:
        opened.add([FERRY, OTHERS])
        embedder.searched.clear()
        yield opened


def asked(text: str, *before: str, where: Filter | None = None, min_confidence: float | None = None) -> Question:
    return Question(text, filter=where or Filter(), history=before, min_confidence=min_confidence)


def test_a_follow_up_is_searched_and_read_with_the_name_it_means(corpus: Corpus, embedder: WatchedEmbedder) -> None:
    result = Pipeline(corpus, ScriptedReader(ANSWERS)).ask(
        asked("What did she say about the bridge?", "Who is Ingrid Dahl?")
    )
    assert isinstance(result, Answer)
    assert result.quotes[0].highlight.exact == "The bridge will carry 6,000 cars"
    assert "What did Dahl say about the bridge?" in embedder.searched


def test_what_is_returned_is_the_question_as_it_was_typed(corpus: Corpus) -> None:
    pipeline = Pipeline(corpus, ScriptedReader(ANSWERS))
    answered = pipeline.ask(asked("  What did she say about the bridge? ", "Who is Ingrid Dahl?"))
    refused = pipeline.ask(asked("How old is she?", "Who is Ingrid Dahl?"))
    assert isinstance(answered, Answer)
    assert isinstance(refused, NotFound)
    assert [answered.question, refused.question] == ["What did she say about the bridge?", "How old is she?"]


def test_the_quotes_of_a_follow_up_are_slices_of_the_article(corpus: Corpus) -> None:
    result = Pipeline(corpus, ScriptedReader(ANSWERS)).ask(asked("And where?", "When was the Havfruen built?"))
    assert isinstance(result, Answer)
    for quote in result.quotes:
        for span in (quote.span, quote.highlight):
            assert quote.article.text[span.start : span.end] == span.exact
    assert [quote.highlight.exact for quote in result.quotes] == ["Gdansk"]


@pytest.mark.parametrize("question", ["When was the Havfruen built?", "What is the price of oil?"])
def test_a_question_that_stands_on_its_own_costs_one_search_whatever_was_asked_before(
    corpus: Corpus, embedder: WatchedEmbedder, question: str
) -> None:
    reader = ScriptedReader(ANSWERS)
    alone = Pipeline(corpus, reader).ask(asked(question))
    after_many = Pipeline(corpus, reader).ask(asked(question, *["What did she say?"] * 100))
    assert embedder.searched == [question] * 2
    assert {asked for asked, _ in reader.given} == {question}
    assert sum(count for _, count in reader.given) <= 2 * CANDIDATES
    assert (alone.passages, alone.confidence) == (after_many.passages, after_many.confidence)


@pytest.mark.parametrize("earlier", ["What did she say?", "Who is Ingrid Dahl?", "why?", "x" * 1000, "And they? " * 99])
def test_a_long_history_costs_no_more_than_its_last_turns(
    corpus: Corpus, embedder: WatchedEmbedder, earlier: str
) -> None:
    reader = ScriptedReader(ANSWERS)
    Pipeline(corpus, reader).ask(asked("What did she say about the bridge?", *[earlier] * 100))
    assert len(embedder.searched) <= 6
    assert sum(passages for _, passages in reader.given) <= 1.5 * CANDIDATES + 3 * RECALL_CANDIDATES


def test_what_was_asked_too_long_ago_is_forgotten(corpus: Corpus) -> None:
    pipeline = Pipeline(corpus, ScriptedReader(ANSWERS))
    unrelated = ["What is the price of oil?"] * (UNDERSTOOD_TURNS - 1)
    still = pipeline.ask(asked("What did she say about the bridge?", "Who is Ingrid Dahl?", *unrelated))
    no_more = pipeline.ask(asked("What did she say about the bridge?", "Who is Ingrid Dahl?", *unrelated, "oil price"))
    assert isinstance(still, Answer)
    assert isinstance(no_more, Answer)
    assert still.quotes[0].highlight.exact == "The bridge will carry 6,000 cars"
    assert no_more.quotes[0].highlight.exact == "the ferry line lost money"


def test_the_same_conversation_gives_the_same_answer_from_memory_and_from_threads(corpus: Corpus) -> None:
    question = asked(
        "And where?", "Who is Ingrid Dahl?", "What did she say about the bridge?", "When was the Havfruen built?"
    )
    warm = Pipeline(corpus, ScriptedReader(ANSWERS))
    first = warm.ask(question)
    with ThreadPoolExecutor(4) as threads:
        results = [
            first,
            Pipeline(corpus, ScriptedReader(ANSWERS)).ask(question),
            *threads.map(warm.ask, [question] * 8),
        ]
    assert len({(result.question, result.passages, result.confidence) for result in results}) == 1
    assert {result.quotes for result in results if isinstance(result, Answer)} == {
        first.quotes if isinstance(first, Answer) else ()
    }


def test_an_earlier_question_is_asked_again_only_once(corpus: Corpus) -> None:
    reader = ScriptedReader(ANSWERS)
    pipeline = Pipeline(corpus, reader)
    for _ in range(3):
        pipeline.ask(asked("And where?", "When was the Havfruen built?"))
    assert sum(question == "When was the Havfruen built?" for question, _ in reader.given) == 1


def test_a_changed_corpus_is_asked_again_what_the_earlier_question_was_about(corpus: Corpus) -> None:
    reader = ScriptedReader(ANSWERS)
    pipeline = Pipeline(corpus, reader)
    pipeline.ask(asked("And where?", "When was the Havfruen built?"))
    corpus.remove(FERRY.id)
    result = pipeline.ask(asked("And where?", "When was the Havfruen built?"))
    assert isinstance(result, NotFound)
    assert sum(question == "When was the Havfruen built?" for question, _ in reader.given) == 2


def test_earlier_questions_see_only_the_articles_that_the_question_may_see(corpus: Corpus) -> None:
    reader = ScriptedReader(ANSWERS)
    pipeline = Pipeline(corpus, reader)
    before = "Who named the Havfruen?"
    elsewhere = asked("What did she say about the bridge?", before, where=Filter(article_ids=(OTHERS.id,)))
    result = pipeline.ask(elsewhere)
    assert isinstance(result, NotFound)
    assert {ranked.hit.article.id for ranked in result.passages} == {OTHERS.id}
    assert all(article not in question for question, _ in reader.given for article in ("Sonja", "Dahl"))


def test_a_second_reading_must_be_more_confident_by_a_margin(corpus: Corpus) -> None:
    joined = "And how much money was lost?"
    wordings = (joined, "And how much money was lost the Havfruen built?")
    equal = ScriptedReader(ANSWERS | {wordings[0]: "lost money", wordings[1]: "1987"})
    result = Pipeline(corpus, equal).ask(asked(joined, "When was the Havfruen built?"))
    assert isinstance(result, Answer)
    assert result.quotes[0].highlight.exact == "lost money"
    better = ScriptedReader(ANSWERS | {wordings[1]: "1987"})
    result = Pipeline(corpus, better).ask(asked(joined, "When was the Havfruen built?"))
    assert isinstance(result, Answer)
    assert result.quotes[0].highlight.exact == "1987"
