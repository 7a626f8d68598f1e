"""How the reading of pages is scored, and held to its floors."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from benchmarks.webpages.__main__ import below, measure
from benchmarks.webpages.expected import Expected, pages
from benchmarks.webpages.scoring import Read, overlap, scores

PROSE = "The harbour board approved the new slipway on Monday after a debate of six hours, its clerk told reporters."
PAGE = f"<html><head><title>Slipway approved</title></head><body><article><h1>Slipway approved</h1><p>{PROSE}</p>"


def scored(expected: Expected, read: Read) -> dict[str, object]:
    return scores([(expected, read)])


def test_texts_are_compared_by_runs_of_four_words() -> None:
    assert overlap("a b c d e f", "a b c d e f") == (1, 1, 1)
    assert overlap("a b c d e f", "A b, c D! e") == pytest.approx((1, 2 / 3, 0.8))
    assert overlap("a b c d", "") == (0, 0, 0)
    assert overlap("one two", "one two") == (1, 1, 1)


def test_stretches_are_kept_or_stray() -> None:
    expected = Expected("x", Path("a.html"), holds=("the new  slipway", "a bridge"), without=("Related", "clerk"))
    stretches = scored(expected, Read(PROSE))["stretches"]
    assert stretches == {
        "x": {"pages": 1, "kept": 1, "wanted": 2, "stray": 1, "unwanted": 2, "f1": pytest.approx(0.5)},
    }


@pytest.mark.parametrize(
    ("told", "read", "field"),
    [
        (date(2020, 7, 10), date(2020, 7, 10), "right"),
        (date(2020, 7, 10), date(2025, 1, 7), "wrong"),
        (date(2020, 7, 10), None, "missing"),
        ("", date(2025, 1, 7), "made_up"),
    ],
)
def test_a_field_is_right_wrong_missing_or_made_up(told: date | str, read: date | None, field: str) -> None:
    found = scored(Expected("x", Path("a.html"), published=told), Read(published=read))["published"]
    assert {name for name, count in found.items() if count} == {field, "told" if told else "untold"}  # type: ignore[attr-defined]


def test_names_are_compared_in_any_order() -> None:
    expected = Expected("x", Path("a.html"), authors=("Ada Moss und Tom Reed",), title="Slipway: approved")
    found = scored(expected, Read(title="Slipway – approved", author="Tom Reed, Ada Moss"))
    assert found["title"]["right"] == 1  # type: ignore[index]
    assert found["author"]["right"] == 1  # type: ignore[index]


def test_a_folder_of_checkouts_is_measured(tmp_path: Path) -> None:
    page = tmp_path / "readability/test/test-pages/slipway/source.html"
    tests = tmp_path / "trafilatura/tests"
    (tests / "eval").mkdir(parents=True)
    page.parent.mkdir(parents=True)
    page.write_text(PAGE)
    page.with_name("expected.html").write_text(f"<p>{PROSE}</p>")
    page.with_name("expected-metadata.json").write_text(json.dumps({"title": "Slipway approved"}))
    (tests / "eval/a.html").write_text(PAGE)
    said = {
        "file": "a.html",
        "with": [PROSE],
        "without": ["Menu"],
        "author": "",
        "title": "Slipway approved",
        "date": "",
    }
    (tests / "evaldata.json").write_text(json.dumps({"https://a.example/": said}))
    values, done = measure(tmp_path)
    assert [expected.collection for expected, _ in done] == ["readability", "trafilatura"]
    assert values["texts"]["recall"] == 1
    assert values["stretches"]["trafilatura"]["kept"] == 1
    assert values["title"]["right"] == 2
    assert values["author"]["made_up"] == values["published"]["made_up"] == 0


def test_a_folder_without_checkouts_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="trafilatura"):
        list(pages(tmp_path))


def test_floors_hold_from_below_and_from_above() -> None:
    values = {"texts": {"f1": 0.8}, "published": {"right": 5, "wrong": 3}, "digest": "a"}
    assert below(values, {"texts": {"f1": 0.8}, "published": {"right": 5, "wrong": 3}, "digest": "a"}) == []
    assert len(below(values, {"texts": {"f1": 0.9}, "published": {"right": 6, "wrong": 2}, "digest": "b"})) == 4
