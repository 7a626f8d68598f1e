"""What issue and design say of the seed page, paragraph by paragraph."""

from __future__ import annotations

from pathlib import Path

from onrecord.index import sources
from onrecord.index.passages.split import split

ARTICLE = sources.load(next((Path(__file__).parents[3] / "seeds").glob("*.txt")))
PASSAGES = split(ARTICLE)


def starts(kind: str) -> list[str]:
    return [passage.text[:40] for passage in PASSAGES if passage.kind == kind]


def test_the_repeated_title_is_the_title_and_nothing_more() -> None:
    assert ARTICLE.title == "Exclusive—Iraq militia vows to strike US bases if airspace used to hit Iran"
    assert [passage.text for passage in PASSAGES if passage.kind == "headline"] == [ARTICLE.title] * 2


def test_the_captions_are_captions() -> None:
    assert starts("caption") == [
        "Popular Mobilization Forces members and ",
        "A still from a video published November ",
    ]


def test_image_credits_are_credits() -> None:
    assert [passage.text for passage in PASSAGES if passage.kind == "credit"] == [
        "Ali Abdul Wahid/Middle East Images/AFP/Getty Images",
        "Islamic Resistance in Iraq War Media",
    ]


def test_furniture_is_boilerplate() -> None:
    assert starts("boilerplate") == [
        "Islamic, Resistance, Iraq, drone, attack",
        "Source link",
        "Posted in",
        "Kevin Harson",
        "I am an editor for Cosmopolitan Canada, ",
        "Leave a Comment",
    ]


def test_everything_else_is_body_from_the_first_paragraph_to_the_last() -> None:
    body = starts("body")
    assert len(body) == 27
    assert body[0] == "The political chief of a leading Iraqi m"
    assert body[-1] == "At the time, an IDF spokesperson told Ne"


def test_only_body_and_captions_can_answer() -> None:
    assert {passage.kind.value for passage in PASSAGES if passage.kind.answers} == {"body", "caption"}
