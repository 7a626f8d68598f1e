from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onrecord.index.corpus import Corpus
from onrecord.index.records import Filter
from onrecord.rag.answer import Answer, InvalidQuestion, NotFound, Question, Reason
from onrecord.rag.pipeline import Pipeline
from tests.fakes import HashingEmbedder, ScriptedReader
from tests.unit.rag.articles import PARAGRAPHS, article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open(tmp_path, HashingEmbedder()) as opened:
        opened.add([article("Harbour to close", *PARAGRAPHS)])
        yield opened


def test_what_the_reader_finds_is_quoted_verbatim_with_its_passage(corpus: Corpus) -> None:
    result = Pipeline(corpus, ScriptedReader("Ada Moss")).ask(Question("Who leads the dockers?"))
    assert isinstance(result, Answer)
    quote = result.quotes[0]
    assert quote.span.exact == "“We will fight it,” said Ada Moss."
    assert quote.article.text[quote.span.start : quote.span.end] == quote.span.exact
    assert result.generation == 1
    assert result.timings.total >= result.timings.search


def test_what_the_reader_does_not_find_is_refused_with_the_nearest_passages(corpus: Corpus) -> None:
    result = Pipeline(corpus, ScriptedReader("nowhere")).ask(Question("Who leads the dockers?", top_k=2))
    assert isinstance(result, NotFound)
    assert result.reason is Reason.NO_ANSWER_IN_PASSAGES
    assert len(result.passages) == 2


def test_an_empty_corpus_is_an_answer_of_its_own(tmp_path: Path) -> None:
    with Corpus.open(tmp_path / "empty", HashingEmbedder()) as empty:
        result = Pipeline(empty, ScriptedReader("x")).ask(Question("Who leads the dockers?"))
    assert isinstance(result, NotFound)
    assert result.reason is Reason.EMPTY_CORPUS


def test_a_filter_that_keeps_nothing_finds_nothing_relevant(corpus: Corpus) -> None:
    where = Filter(article_ids=("nobody",))
    result = Pipeline(corpus, ScriptedReader("x")).ask(Question("Who leads the dockers?", filter=where))
    assert isinstance(result, NotFound)
    assert result.reason is Reason.NO_RELEVANT_PASSAGE
    assert result.passages == ()


def test_only_the_best_candidates_are_read(corpus: Corpus) -> None:
    reader = ScriptedReader("Ada Moss")
    result = Pipeline(corpus, reader, candidates=2).ask(Question("  Who leads the dockers? ", top_k=3))
    assert reader.given == [("Who leads the dockers?", 2)]
    assert len(result.passages) == 3


def test_the_pipelines_threshold_holds_unless_the_question_brings_one(corpus: Corpus) -> None:
    strict = Pipeline(corpus, ScriptedReader("Ada Moss"), min_confidence=0.99)
    assert isinstance(strict.ask(Question("Who leads the dockers?")), NotFound)
    assert isinstance(strict.ask(Question("Who leads the dockers?", min_confidence=0.5)), Answer)


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        (Question(" \n "), "empty"),
        (Question("x" * 1001), "1,001 characters"),
        (Question("who \ud800?"), "surrogate"),
        (Question("who?", top_k=0), "top_k is 0"),
        (Question("who?", top_k=51), "top_k is 51"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(corpus: Corpus, question: Question, complaint: str) -> None:
    with pytest.raises(InvalidQuestion, match=complaint):
        Pipeline(corpus, ScriptedReader("x")).ask(question)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Who leads the dockers", "Who leads the dockers?"),
        ("who leads the dockers.", "who leads the dockers?"),
        ("Who leads the dockers ...", "Who leads the dockers?"),
        ("Tell me who leads the dockers!", "Tell me who leads the dockers?"),
        ("dockers in the U.S.", "dockers in the U.S.?"),
        ("Who leads the dockers?", "Who leads the dockers?"),
        ("Who leads the dockers?!", "Who leads the dockers?!"),
        ("Who leads “the dockers?”", "Who leads “the dockers?”"),
        ("dockers？", "dockers？"),
    ],
)
def test_what_is_typed_is_searched_and_read_as_a_question_and_told_as_it_was_typed(
    corpus: Corpus, typed: str, asked: str
) -> None:
    reader = ScriptedReader("Ada Moss")
    result = Pipeline(corpus, reader).ask(Question(typed))
    assert {question for question, _ in reader.given} == {asked}
    assert result.question == typed


@pytest.mark.parametrize("text", ["what is the of and to it?", "Why?", "who was it", "?!"])
def test_a_question_that_names_nothing_is_refused_unread(corpus: Corpus, text: str) -> None:
    reader = ScriptedReader("Ada Moss")
    result = Pipeline(corpus, reader).ask(Question(text))
    assert isinstance(result, NotFound)
    assert (result.reason, result.passages, result.confidence) == (Reason.NO_RELEVANT_PASSAGE, (), 0.0)
    assert all(count == 0 for _, count in reader.given)
