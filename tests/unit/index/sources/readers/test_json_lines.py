# ruff: noqa: E501 - documents stand as they come
from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from onrecord.index.records import article_id
from onrecord.index.sources.readers.json_lines import FIELDS
from tests.unit.index.sources.documents import contents

LINES = """{"text": "The harbour was dredged.", "title": "Harbour", "author": "Jane Roe", "published": "2024-11-04", "language": "en", "id": "h1", "extra": 7}

{"text": "The bridge opened.", "url": "https://x.example/bridge", "published": "2013-05-01T10:00:00Z", "id": 12}
{"text": "The orchard\\n\\ngrows pears."}
"""


def test_each_line_is_an_article_with_its_fields() -> None:
    harbour, bridge, orchard = contents("\ufeff" + LINES, "news.jsonl").articles
    assert (harbour.title, harbour.author, harbour.published, harbour.language) == (
        "Harbour",
        "Jane Roe",
        date(2024, 11, 4),
        "en",
    )
    assert harbour.source == "test:news.jsonl#h1"
    assert bridge.source == bridge.url == "https://x.example/bridge"
    assert bridge.published == date(2013, 5, 1)
    assert orchard.source == "test:news.jsonl#4"
    assert orchard.text == "The orchard\n\ngrows pears."
    assert orchard.id == article_id("test:news.jsonl#4")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not json", "is not JSON"),
        ('["text"]', "is no JSON object"),
        ('{"title": "a"}', "has no 'text'"),
        ('{"text": null}', "has no 'text'"),
        ('{"text": 5}', "'text' is no string"),
        ('{"text": "  "}', "holds no text"),
        ('{"text": "a", "published": "soon"}', "'published' is 'soon', which is no date"),
        ('{"text": "a", "url": "javascript:alert(1)"}', "'url' is 'javascript:alert"),
        ('{"text": "a \\ud83d b"}', "surrogate"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_bad_line_is_refused_by_its_number_and_stops_no_other(line: str, message: str) -> None:
    found = contents(f'{{"text": "One."}}\n{line}\n{{"text": "Three."}}\n', "news.jsonl")
    assert [article.text for article in found.articles] == ["One.", "Three."]
    (refused,) = found.refused
    assert "news.jsonl, line 2" in str(refused)
    assert message in refused.message
    assert refused.hint


def test_the_fields_are_documented() -> None:
    page = (Path(__file__).parents[5] / "docs" / "sources.md").read_text("utf-8")
    for field in FIELDS:
        assert f"| `{field}` |" in page
