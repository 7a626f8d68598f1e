from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from onrecord.index.records import Article
from tests.unit.api.samples import HARBOUR, SCHOOL

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from onrecord.api.wiring import Services

QUESTION = "When will the harbour bridge close?"


def ask(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": QUESTION} | body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def without_timings(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "timings_ms"}


def test_an_answer_has_the_contracts_keys_in_the_contracts_order(client: TestClient) -> None:
    answer = ask(client, top_k=2)
    assert list(answer) == [
        "question", "status", "quotes", "passages", "confidence", "reason", "corpus_generation", "timings_ms",
    ]  # fmt: skip
    quote = answer["quotes"][0]
    assert list(quote) == ["text", "start", "end", "highlight", "confidence", "citation"]
    assert list(quote["highlight"]) == ["exact", "start", "end", "before", "after"]
    assert list(quote["citation"]) == [
        "number", "article_id", "passage_id", "paragraph", "page", "title", "url", "author", "published", "link",
        "selector", "also_in",
    ]  # fmt: skip
    assert [list(selector) for selector in quote["citation"]["selector"]] == [
        ["type", "exact", "prefix", "suffix"],
        ["type", "start", "end"],
    ]
    assert list(answer["passages"][0]) == [
        "rank", "passage_id", "article_id", "paragraph", "page", "kind", "text", "start", "end", "score",
        "title", "url", "published", "highlights", "also_in",
    ]  # fmt: skip
    assert list(answer["timings_ms"]) == ["search", "read", "total"]


def test_an_answer_quotes_the_article_and_says_where(client: TestClient) -> None:
    answer = ask(client)
    assert answer["status"] == "answered"
    assert answer["reason"] is None
    quote = answer["quotes"][0]
    assert quote["text"] == "The harbour bridge will close on 3 March, the port authority said on Monday."
    assert quote["text"] == HARBOUR.text[quote["start"] : quote["end"]]
    citation = quote["citation"]
    assert citation["number"] == 1
    assert citation["article_id"] == HARBOUR.id
    assert citation["url"] == HARBOUR.url
    assert (citation["paragraph"], citation["page"]) == (2, None)
    assert citation["author"] == "Jo Berg"
    assert citation["published"] == "2025-02-10"
    assert citation["link"].startswith("https://news.example/harbour#:~:text=The%20harbour%20bridge%20will%20close")
    by_quote, by_position = citation["selector"]
    assert by_quote["type"] == "TextQuoteSelector"
    assert by_quote["prefix"] + by_quote["exact"] + by_quote["suffix"] in HARBOUR.text
    assert HARBOUR.text[by_position["start"] : by_position["end"]] == by_quote["exact"] == quote["text"]


def test_of_a_paged_article_a_quote_names_the_page_on_which_it_begins(client: TestClient, services: Services) -> None:
    """Not that of its passage, which may begin a page earlier."""
    first, second = "The ferry office of Varn sells its tickets from nine.", "The last ferry leaves Varn at midnight."
    text = f"Timetable\n\n{first} {second}"
    paged = Article.create(source="test:timetable", text=text, title="Timetable", pages=(0, text.index("The last")))
    services.corpus.add([paged])
    answer = ask(client, question="When leaves the last ferry?", article_ids=[paged.id])
    (quote,) = answer["quotes"]
    assert (quote["text"], quote["citation"]["page"]) == (second, 2)
    assert [(passage["text"], passage["page"]) for passage in answer["passages"]] == [(f"{first} {second}", 1)]


def test_highlights_come_with_all_of_the_text_around_them(client: TestClient) -> None:
    answer = ask(client)
    for text, mark in [
        *((quote["text"], quote["highlight"]) for quote in answer["quotes"]),
        *((passage["text"], mark) for passage in answer["passages"] for mark in passage["highlights"]),
    ]:
        assert mark["before"] + mark["exact"] + mark["after"] == text


def test_when_nothing_answers_the_nearest_passages_still_come_back(client: TestClient) -> None:
    answer = ask(client, min_confidence=1.0)
    assert answer["status"] == "not_found"
    assert answer["quotes"] == []
    assert answer["reason"] == "no_answer_in_passages"
    assert answer["passages"]
    assert 0 < answer["confidence"] < 1


def test_asking_by_url_gives_the_same_answer(client: TestClient) -> None:
    by_url = client.get(
        "/v1/ask", params={"q": QUESTION, "top_k": 2, "article_ids": [HARBOUR.id, "none"], "min_confidence": 0.2}
    )
    by_body = ask(client, top_k=2, article_ids=[HARBOUR.id, "none"], min_confidence=0.2)
    assert without_timings(by_url.json()) == without_timings(by_body)


def test_asking_twice_gives_the_same_bytes_but_for_the_timings(client: TestClient) -> None:
    first, second = (client.post("/v1/ask", json={"question": QUESTION}).content for _ in range(2))
    assert first.partition(b'"timings_ms"')[0] == second.partition(b'"timings_ms"')[0]


def test_top_k_bounds_the_passages(client: TestClient) -> None:
    assert [passage["rank"] for passage in ask(client, top_k=1)["passages"]] == [1]


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"article_ids": [SCHOOL.id]}, {SCHOOL.id}),
        ({"published_after": "2025-02-10"}, {HARBOUR.id}),
        ({"published_after": "2025-02-11"}, set()),
        ({"published_before": "2025-02-10"}, {HARBOUR.id}),
        ({"published_before": "2025-02-09"}, set()),
        ({"source": "news.example"}, {HARBOUR.id}),
        ({"source": "text:"}, {SCHOOL.id}),
    ],
)
def test_a_question_can_be_narrowed_to_some_articles(
    client: TestClient, narrowed: dict[str, Any], found: set[str]
) -> None:
    answer = ask(client, **narrowed)
    assert {passage["article_id"] for passage in answer["passages"]} == found
    if not found:
        assert answer["reason"] == "no_relevant_passage"


def test_earlier_questions_may_be_told(client: TestClient) -> None:
    assert ask(client, history=["What opened on Tuesday?"])["status"] == "answered"


def test_articles_are_listed_by_title(client: TestClient) -> None:
    listed = client.get("/v1/articles").json()
    assert listed["corpus_generation"] == 1
    assert listed["articles"] == [
        {"id": SCHOOL.id, "title": SCHOOL.title, "url": None, "author": None, "published": None, "passages": 1},
        {
            "id": HARBOUR.id,
            "title": HARBOUR.title,
            "url": "https://news.example/harbour",
            "author": "Jo Berg",
            "published": "2025-02-10",
            "passages": 2,
        },
    ]


def test_an_article_comes_with_its_text_and_all_its_passages(client: TestClient) -> None:
    article = client.get(f"/v1/articles/{HARBOUR.id}").json()
    assert list(article) == ["id", "title", "url", "author", "published", "text", "passages", "near_duplicates"]
    assert article["text"] == HARBOUR.text
    assert [passage["kind"] for passage in article["passages"]] == ["headline", "body", "body"]
    for passage in article["passages"]:
        assert list(passage) == ["passage_id", "paragraph", "kind", "text", "start", "end"]
        assert article["text"][passage["start"] : passage["end"]] == passage["text"]


def test_where_an_article_lies_on_this_machine_is_not_told(client: TestClient) -> None:
    assert "source" not in client.get(f"/v1/articles/{HARBOUR.id}").json()


def test_readiness_names_the_generation(client: TestClient) -> None:
    assert client.get("/readyz").json() == {"status": "ready", "corpus_generation": 1}
    assert client.get("/healthz").json() == {"status": "ok"}


def test_metrics_count_requests_answers_and_the_corpus(client: TestClient) -> None:
    ask(client)
    ask(client, min_confidence=1.0)
    client.get("/v1/articles/none")
    client.get("/nowhere")
    client.request("BREW", "/v1/articles")
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    lines = response.text.splitlines()
    assert 'onrecord_http_requests_total{method="POST",route="/v1/ask",status="200"} 2.0' in lines
    assert 'onrecord_http_requests_total{method="GET",route="/v1/articles/{article_id}",status="404"} 1.0' in lines
    assert 'onrecord_http_requests_total{method="GET",route="unmatched",status="404"} 1.0' in lines
    assert 'onrecord_http_requests_total{method="other",route="/v1/articles",status="405"} 1.0' in lines
    assert 'onrecord_answers_total{outcome="answered"} 1.0' in lines
    assert 'onrecord_answers_total{outcome="no_answer_in_passages"} 1.0' in lines
    assert "onrecord_ask_seconds_count 2.0" in lines
    assert "onrecord_ready 1.0" in lines
    assert "onrecord_corpus_generation 1.0" in lines
    assert "onrecord_corpus_articles 2.0" in lines
    assert "onrecord_corpus_passages 3.0" in lines


@pytest.mark.parametrize("path", ["/", "/articles/abc", "/docs", "/static/docs.css", "/v1/articles", "/nowhere"])
def test_every_answer_carries_the_security_headers_and_an_id(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-cache"
    assert len(headers["x-request-id"]) == 32
