from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app
from onrecord.api.http.openai.schemas import ChatBody, ChatCompletion, ModelsResponse
from onrecord.api.http.shared.exposure import Exposure
from onrecord.api.wiring import Services
from tests.unit.api.conftest import wait_until_loaded
from tests.unit.api.http.openai.chats import PATH, QUESTION, UNANSWERED, complete, exposed, streamed, user
from tests.unit.api.samples import HARBOUR, SCHOOL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.rag.answer import Answer, NotFound, Question
    from onrecord.rag.pipeline import Pipeline


class _Spy:
    """Asks the real pipeline and keeps what it was asked."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Answer | NotFound:
        self.asked.append(question)
        return self._pipeline.ask(question)


@pytest.fixture
def spy(services: Services) -> _Spy:
    return _Spy(services.pipeline)


@pytest.fixture
def spied(services: Services, spy: _Spy) -> Iterator[TestClient]:
    pipeline: Pipeline = spy  # type: ignore[assignment]
    with TestClient(create_app(lambda: Services(services.corpus, pipeline), max_concurrent=2, max_waiting=4)) as client:
        wait_until_loaded(client)
        yield client


def test_a_completion_is_the_native_answer_in_openais_shape(client: TestClient) -> None:
    completion = complete(client)
    assert list(completion) == ["id", "object", "created", "model", "choices", "usage", "onrecord"]
    assert completion["id"].startswith("chatcmpl-")
    assert (completion["object"], completion["model"]) == ("chat.completion", "onrecord")
    (choice,) = completion["choices"]
    assert (choice["index"], choice["finish_reason"], choice["logprobs"]) == (0, "stop", None)
    native = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert completion["onrecord"] | {"timings_ms": None} == native | {"timings_ms": None}
    for quote in native["quotes"]:
        assert (
            f"“{quote['text']}” [{quote['citation']['number']}]({quote['citation']['link']})"
            in (choice["message"]["content"])
        )


def test_annotations_slice_the_links_out_of_the_content(client: TestClient) -> None:
    message = complete(client)["choices"][0]["message"]
    assert message["role"] == "assistant"
    assert message["annotations"]
    for annotation in message["annotations"]:
        assert annotation["type"] == "url_citation"
        cited = annotation["url_citation"]
        assert message["content"][cited["start_index"] : cited["end_index"]].endswith(f"]({cited['url']})")
        assert cited["title"] == HARBOUR.title


def test_an_article_without_an_address_is_linked_on_this_server(client: TestClient) -> None:
    message = complete(client, user("What opened its doors to 300 pupils?"))["choices"][0]["message"]
    (annotation,) = message["annotations"]
    assert annotation["url_citation"]["url"].startswith(f"http://testserver/articles/{SCHOOL.id}#20-")


def test_links_to_this_server_begin_with_the_public_address_where_there_is_one(services: Services) -> None:
    with exposed(services, Exposure(public_url="https://ask.example/here")) as client:
        wait_until_loaded(client)
        message = complete(client, user("What opened its doors to 300 pupils?"))["choices"][0]["message"]
    assert f"(https://ask.example/here/articles/{SCHOOL.id}#" in message["content"]


def test_usage_counts_the_words_that_were_asked_and_those_of_the_content(client: TestClient) -> None:
    completion = complete(client, user("Will it close?"), user(QUESTION))
    content = completion["choices"][0]["message"]["content"]
    assert completion["usage"] == {
        "prompt_tokens": 9,
        "completion_tokens": len(content.split()),
        "total_tokens": 9 + len(content.split()),
    }


def test_that_the_articles_do_not_answer_is_a_normal_message(client: TestClient) -> None:
    completion = complete(client, user(UNANSWERED))
    message = completion["choices"][0]["message"]
    assert message["content"].startswith("The articles do not answer this. ")
    assert message["annotations"] == []
    assert completion["choices"][0]["finish_reason"] == "stop"
    assert completion["onrecord"]["status"] == "not_found"


def test_a_stream_tells_the_same_in_pieces(client: TestClient) -> None:
    whole = complete(client)
    chunks = streamed(client)
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks}) == 1
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert "".join(delta.get("content", "") for delta in deltas) == whole["choices"][0]["message"]["content"]
    assert len(deltas) > 3
    *before, last = chunks
    assert {chunk["choices"][0]["finish_reason"] for chunk in before} == {None}
    assert last["choices"][0]["finish_reason"] == "stop"
    assert deltas[-1] == {"annotations": whole["choices"][0]["message"]["annotations"]}
    assert last["onrecord"] | {"timings_ms": None} == whole["onrecord"] | {"timings_ms": None}
    assert not any("usage" in chunk for chunk in chunks)


def test_a_streamed_abstention_has_no_annotations(client: TestClient) -> None:
    chunks = streamed(client, user(UNANSWERED))
    assert [chunk["choices"][0]["delta"] for chunk in chunks][-1] == {}
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


def test_a_stream_ends_with_the_usage_where_that_is_asked_for(client: TestClient) -> None:
    *chunks, last = streamed(client, stream_options={"include_usage": True})
    assert [chunk["usage"] for chunk in chunks] == [None] * len(chunks)
    assert last["choices"] == []
    assert last["usage"] == complete(client)["usage"]


def test_open_webui_gets_its_sources_in_a_chunk_of_their_own_before_any_annotation(services: Services) -> None:
    with exposed(services, Exposure(open_webui=True)) as client:
        wait_until_loaded(client)
        chunks = streamed(client)
        whole = complete(client)
        assert "sources" not in complete(client, user(UNANSWERED))
        assert not any("sources" in chunk for chunk in streamed(client, user(UNANSWERED)))
    (sources,) = [chunk["sources"] for chunk in chunks if "sources" in chunk]
    assert sources == whole["sources"]
    place = next(place for place, chunk in enumerate(chunks) if "sources" in chunk)
    assert chunks[place]["choices"] == [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": None}]
    assert not any("annotations" in chunk["choices"][0]["delta"] for chunk in chunks[:place])
    annotations = chunks[-1]["choices"][0]["delta"]["annotations"]
    passages = {passage["passage_id"]: passage["text"] for passage in whole["onrecord"]["passages"]}
    for source, annotation, quote in zip(sources, annotations, whole["onrecord"]["quotes"], strict=True):
        url, passage_id = annotation["url_citation"]["url"], quote["citation"]["passage_id"]
        assert source == {
            "source": {"id": passage_id, "name": HARBOUR.title, "url": url},
            "document": [passages[passage_id]],
            "metadata": [{"source": url, "url": url, "name": HARBOUR.title, "external": True}],
        }


def test_sources_are_told_only_where_the_setting_asks_for_them(client: TestClient) -> None:
    assert "sources" not in complete(client)
    assert not any("sources" in chunk for chunk in streamed(client))


def test_the_last_user_message_is_the_question_and_earlier_ones_are_history(spied: TestClient, spy: _Spy) -> None:
    complete(
        spied,
        {"role": "system", "content": "You are a pirate."},
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
        user(" First? "),
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "type": "function"}]},
        {"role": "tool", "content": "42", "tool_call_id": "1"},
        user("x" * 1001),
        user([{"type": "image_url", "image_url": {"url": "data:"}}]),
        user(QUESTION),
        {"role": "assistant", "content": "Well,"},
    )
    (asked,) = spy.asked
    assert asked.text == QUESTION
    assert list(asked.history) == ["First?"]


def test_of_a_long_conversation_the_latest_hundred_questions_are_history(spied: TestClient, spy: _Spy) -> None:
    thread = [
        message for number in range(150) for message in (user(f"q{number}"), {"role": "assistant", "content": ""})
    ]
    complete(spied, *thread, user(QUESTION))
    assert list(spy.asked[0].history) == [f"q{number}" for number in range(50, 150)]


def test_the_text_parts_of_a_message_are_its_text(spied: TestClient, spy: _Spy) -> None:
    image = {"type": "image_url", "image_url": {"url": "https://x.example/a.png"}}
    complete(
        spied, user([{"type": "text", "text": "When will the harbour"}, image, {"type": "text", "text": "close?"}])
    )
    assert spy.asked[0].text == "When will the harbour\nclose?"


def test_text_parts_are_read_as_newer_clients_of_openai_send_them(spied: TestClient, spy: _Spy) -> None:
    image = {"type": "input_image", "image_url": "https://x.example/a.png"}
    parts = [{"type": "input_text", "text": "When will the harbour"}, image, {"type": "input_text", "text": "close?"}]
    complete(spied, user([{"type": "input_text", "text": "First?"}]), user(parts))
    assert spy.asked[0].text == "When will the harbour\nclose?"
    assert list(spy.asked[0].history) == ["First?"]


def test_what_means_nothing_here_is_accepted_and_passed_over(client: TestClient) -> None:
    fields = {"temperature": 2, "tools": [{"type": "function"}], "max_tokens": 1, "response_format": {"type": "x"}}
    plain, ignored = (
        complete(client),
        complete(client, **fields, n=1, stream=None, stream_options=None, user="u", x="y"),
    )
    assert plain["choices"] == ignored["choices"]


def test_the_one_model_is_listed_and_read(client: TestClient) -> None:
    listed = ModelsResponse.model_validate(client.get("/v1/models").json())
    assert [model.id for model in listed.data] == ["onrecord"]
    assert client.get("/v1/models/onrecord").json() == listed.data[0].model_dump()


def test_questions_of_chat_uis_count_in_the_figures(client: TestClient) -> None:
    complete(client)
    streamed(client, user(UNANSWERED))
    lines = client.get("/metrics").text.splitlines()
    assert 'onrecord_answers_total{outcome="answered"} 1.0' in lines
    assert "onrecord_ask_seconds_count 2.0" in lines
    assert f'onrecord_http_requests_total{{method="POST",route="{PATH}",status="200"}} 2.0' in lines


def test_the_example_completions_are_completions(client: TestClient) -> None:
    operation = client.get("/openapi.json").json()["paths"][PATH]["post"]
    content = operation["responses"]["200"]["content"]
    for example in content["application/json"]["examples"].values():
        assert ChatCompletion.model_validate(example["value"]).model_dump(mode="json") == example["value"]
    assert content["text/event-stream"]["example"].endswith("data: [DONE]\n\n")
    for example in operation["requestBody"]["content"]["application/json"]["examples"].values():
        ChatBody.model_validate(example["value"])
        assert client.post(PATH, json=example["value"]).status_code == 200
