"""Where sentences end: lines in the styles of agencies, papers and courts, and what holds for every text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.sentences import BEYOND, Line, lines
from onrecord.index.passages.sentences import sentences

LINES = lines(Path(__file__).with_name("sentences.txt"))


@pytest.mark.parametrize("line", [each for each in LINES if each.kind != BEYOND], ids=lambda line: line.text[:60])
def test_a_sentence_ends_where_a_reader_says_and_nowhere_else(line: Line) -> None:
    assert [line.text[each.start : each.end] for each in sentences(line.text)] == list(line.sentences)


def test_there_are_lines_enough_of_every_kind() -> None:
    assert len(LINES) >= 150
    assert {"clock", "titles", "legal", "speech", "transcripts", "words that are none"} <= {each.kind for each in LINES}


@given(
    st.lists(
        st.sampled_from([each.text for each in LINES] + ["\u2028", " ", "J.", "“", "2.", "a.m.", "(Q."]), max_size=6
    )
)
def test_every_character_that_is_not_white_space_is_in_one_sentence(parts: list[str]) -> None:
    text = " ".join(parts)
    found = sentences(text)
    outside = [0, *(at for each in found for at in (each.start, each.end)), len(text)]
    assert all(before <= after for before, after in pairwise(outside))
    assert not any(text[start:end].strip() for start, end in zip(outside[::2], outside[1::2], strict=True))
    assert all(text[each.start : each.end].strip() == text[each.start : each.end] != "" for each in found)


def test_long_texts_without_an_end_are_split_in_time() -> None:
    for text in ("1 p.m. " * 20_000, ". (A" * 20_000, "?' Aa " * 20_000, "a.b." * 40_000, "a." + " " * 90_000 + "b"):
        assert sentences(text)
