from __future__ import annotations

import re
from typing import Any

import pytest
from markdown_it import MarkdownIt

from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.http.openai.text import compose
from onrecord.api.http.shared import examples

SITE = "https://ask.example"


def answer(*quotes: dict[str, Any]) -> AskResponse:
    """The example answer with one quote for each of the given changes; `text` and `citation` may be changed."""
    value = examples.ASK["answered"]["value"]
    (original,) = value["quotes"]
    changed = [original | quote | {"citation": original["citation"] | quote.get("citation", {})} for quote in quotes]
    return AskResponse.model_validate(value | {"quotes": changed})


def test_a_quote_stands_in_quotation_marks_with_its_link_after_it() -> None:
    message = compose(answer({}), site=SITE, open_webui=False)
    assert message.content == (
        "“The harbour bridge will close on 3 March, the port authority said on Monday.” "
        "[1](https://news.example/harbour-bridge#:~:text=The%20harbour%20bridge%20will%20close%20on%203%20March"
        "%2C%20the%20port%20authority%20said%20on%20Monday.)"
    )


def test_each_citation_is_the_slice_of_the_content_that_its_offsets_name() -> None:
    quotes = ({"text": "One 😀."}, {"text": "Two *é*.", "citation": {"number": 2, "title": "B"}}, {"text": "Three."})
    message = compose(answer(*quotes), site=SITE, open_webui=False)
    assert [message.content[one.start : one.end] for one in message.citations] == [
        f"[{number}]({one.url})" for number, one in zip((1, 2, 1), message.citations, strict=True)
    ]
    first, second, third = (one.title for one in message.citations)
    assert (second, third) == ("B", first)
    assert message.content.count("\n\n") == 2


def test_what_is_between_the_marks_is_verbatim_once_rendered() -> None:
    text = '<img src=x onerror=alert(1)> **bold** [link](javascript:alert(1)) `code` & "AT&amp;T" $1 $2'
    message = compose(answer({"text": text}), site=SITE, open_webui=False)
    page = MarkdownIt("commonmark").parse(message.content)
    (inline,) = [token for token in page if token.type == "inline"]
    assert {child.type for child in inline.children or ()} <= {"text", "text_special", "link_open", "link_close"}
    assert "".join(child.content for child in inline.children or ()) == f"“{text}” 1"


def test_an_article_without_a_web_address_is_linked_on_this_server_where_the_quote_stands() -> None:
    quote = {"start": 37, "end": 113, "citation": {"link": None, "url": None, "article_id": "a/b"}}
    message = compose(answer(quote), site="http://localhost:8000", open_webui=False)
    # The last part is what api/http/page/static/text.js computes for these words.
    assert message.citations[0].url == "http://localhost:8000/articles/a%2Fb#37-113-1f3iuiw"


@pytest.mark.parametrize("url", ["https://x.example/a_(b)", "https://x.example/a b", "https://x.example/é>)[x](y)"])
def test_an_address_cannot_leave_its_link(url: str) -> None:
    message = compose(answer({"citation": {"link": url}}), site=SITE, open_webui=False)
    rendered = MarkdownIt("commonmark").render(message.content)
    assert re.findall(r'<a href="([^"]*)">(.*?)</a>', rendered) == [(message.citations[0].url, "1")]
    assert rendered.endswith("</a></p>\n")


def test_for_open_webui_the_number_is_a_mark_of_its_own_before_the_link() -> None:
    message = compose(answer({}), site=SITE, open_webui=True)
    (citation,) = message.citations
    assert message.content[citation.start : citation.end] == f"[1] [article]({citation.url})"


def test_there_is_a_source_for_each_number_with_the_passage_it_cites() -> None:
    value = examples.ASK["answered"]["value"]
    quotes: tuple[dict[str, Any], ...] = (
        {},
        {"text": "on 3 March"},
        {"citation": {"number": 2, "passage_id": "elsewhere", "title": "B"}},
    )
    sources = compose(answer(*quotes), site=SITE, open_webui=True).sources
    assert [(one.id, one.name) for one in sources] == [
        (value["quotes"][0]["citation"]["passage_id"], "Harbour bridge to close for repairs"),
        ("elsewhere", "B"),
    ]
    assert sources[0].passage == value["passages"][0]["text"]


@pytest.mark.parametrize(
    ("reason", "confidence", "words"),
    [
        ("no_relevant_passage", 0.07, "The articles do not answer this. No passage is about what you asked."),
        (
            "no_answer_in_passages",
            0.07,
            "The articles do not answer this. Some passages come close, but none of them says it.",
        ),
        (
            "no_answer_in_passages",
            0.24,
            "The articles do not surely answer this. A passage may answer it, but not surely enough to be quoted.",
        ),
        ("empty_corpus", 0.0, "The articles do not answer this. There are no articles to read yet."),
    ],
)
def test_an_abstention_is_fixed_words_without_citations(reason: str, confidence: float, words: str) -> None:
    told = examples.ASK["not_found"]["value"] | {"reason": reason, "confidence": confidence}
    message = compose(AskResponse.model_validate(told), site=SITE, open_webui=True)
    assert message.content == words
    assert (message.citations, message.sources) == ((), ())


def test_where_articles_disagree_that_is_said_first_and_each_quote_has_its_date() -> None:
    differing = {"disagrees": True, "citation": {"published": "2024-05-06"}}
    message = compose(answer(differing), site=SITE, open_webui=False)
    assert message.content.startswith("The articles do not agree on this.\n\n“")
    assert "” (2024-05-06) [1](" in message.content
    (citation,) = message.citations
    assert message.content[citation.start : citation.end].startswith("[1](")
