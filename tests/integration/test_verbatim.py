"""Nothing made up: whatever the articles and the question are, every text that comes back is a slice of an article."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.api.http.app import create_app
from onrecord.api.wiring import Services
from onrecord.index.corpus import Corpus
from onrecord.index.records import Article
from onrecord.rag.pipeline import Pipeline
from onrecord.rag.reading.cross_encoder import CrossEncoderReader
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.integration

VOCABULARY = (
    "bridge harbour closes on 3 March U.S. Gen. “we will respond” e\u0301cole école \u202bשלום עולם\u202c 🚢👨‍👩‍👧 "
    "said, - & 10.5 % it’s Yes. No! Why? \u00a0 \u200b ﬁne İstanbul ß 港口大桥将于三月关闭。 <script> #:~:text="
)
WORDS = st.sampled_from(VOCABULARY.split(" "))
CHARACTERS = st.characters(exclude_categories=["Cs"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
PARAGRAPHS = st.one_of(SENTENCES, st.text(CHARACTERS, max_size=60), st.lists(SENTENCES, max_size=60).map(". ".join))
BREAKS = st.sampled_from(["\n\n", "\n", "\r\n\r\n", "\r", "\u2029", "\n \t\n", "\x0c"])
TEXTS = st.lists(st.tuples(PARAGRAPHS, BREAKS), max_size=8).map(
    lambda parts: "".join(paragraph + gap for paragraph, gap in parts)
)
QUESTIONS = st.one_of(SENTENCES, st.text(CHARACTERS, min_size=1, max_size=200))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus.open(tmp_path_factory.mktemp("data"), HashingEmbedder()) as corpus:
        yield corpus


@pytest.fixture(scope="module")
def client(corpus: Corpus) -> Iterator[TestClient]:
    services = Services(corpus, Pipeline(corpus, CrossEncoderReader(threads=1)))
    with TestClient(create_app(lambda: services, max_concurrent=1, max_waiting=1)) as client:
        while client.get("/readyz").status_code != 200:
            time.sleep(0.01)
        yield client


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    texts=st.lists(TEXTS, min_size=3, max_size=3),
    title=st.text(CHARACTERS, max_size=30),
    question=QUESTIONS,
    top_k=st.integers(1, 50),
    min_confidence=st.sampled_from([None, 0.0, 0.2]),
)
def test_everything_that_comes_back_is_a_slice_of_a_stored_article(  # noqa: PLR0913, PLR0917 - what is drawn
    corpus: Corpus,
    client: TestClient,
    texts: list[str],
    title: str,
    question: str,
    top_k: int,
    min_confidence: float | None,
) -> None:
    stored = [
        Article.create(source=f"text:{number}", text=text, title=title, url=f"https://news.example/{number}")
        for number, text in enumerate(texts)
    ]
    corpus.add(stored)
    articles = {article.id: article.text for article in stored}

    for article_id, text in articles.items():
        article = client.get(f"/v1/articles/{article_id}").json()
        assert article["text"] == text
        for passage in article["passages"]:
            is_slice(passage, text)

    body = {"question": question, "top_k": top_k, "min_confidence": min_confidence}
    response = client.post("/v1/ask", json=body)
    if not question.strip() or "\x00" in question:
        assert response.status_code == 422
        return
    assert response.status_code == 200
    answer = response.json()
    for quote in answer["quotes"]:
        quoted_verbatim(quote, articles[quote["citation"]["article_id"]])
    for passage in answer["passages"]:
        is_slice(passage, articles[passage["article_id"]])
        for mark in passage["highlights"]:
            is_marked(mark, passage, articles[passage["article_id"]])

    again = client.post("/v1/ask", json=body).content
    assert again.partition(b'"timings_ms"')[0] == response.content.partition(b'"timings_ms"')[0]
    given_too = {} if min_confidence is None else {"min_confidence": min_confidence}
    by_url = client.get("/v1/ask", params={"q": question, "top_k": top_k, **given_too})
    assert by_url.content.partition(b'"timings_ms"')[0] == response.content.partition(b'"timings_ms"')[0]


def quoted_verbatim(quote: dict[str, Any], text: str) -> None:
    is_slice(quote, text)
    is_marked(quote["highlight"], quote, text)
    by_quote, by_position = quote["citation"]["selector"]
    assert text[by_position["start"] : by_position["end"]] == by_quote["exact"] == quote["text"]
    around = text[quote["start"] - len(by_quote["prefix"]) : quote["end"] + len(by_quote["suffix"])]
    assert around == by_quote["prefix"] + by_quote["exact"] + by_quote["suffix"]
    assert quote["citation"]["link"].isascii()


def is_slice(span: dict[str, Any], text: str) -> None:
    assert 0 <= span["start"] < span["end"] <= len(text)
    assert span["text"] == text[span["start"] : span["end"]]


def is_marked(mark: dict[str, Any], around: dict[str, Any], text: str) -> None:
    assert around["start"] <= mark["start"] < mark["end"] <= around["end"]
    assert mark["exact"] == text[mark["start"] : mark["end"]]
    assert mark["before"] + mark["exact"] + mark["after"] == around["text"]
