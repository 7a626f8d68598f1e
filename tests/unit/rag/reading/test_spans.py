from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.rag.quoting.quotes import surrounding_sentences, trimmed
from onrecord.rag.reading.spans import LONGEST_SPAN, best_span
from tests.unit.rag.articles import PARAGRAPHS, article, hits


def offsets_of(words: list[str]) -> np.ndarray:
    ends = np.cumsum([len(word) + 1 for word in words])
    return np.array([[end - len(word) - 1, end - 1] for word, end in zip(words, ends, strict=True)], dtype=np.int64)


def test_the_span_with_the_highest_sum_of_start_and_end_wins() -> None:
    offsets = offsets_of(["closed", "on", "Monday", "evening"])
    start = np.array([0, 1, 5, 0], dtype=np.float32)
    end = np.array([0, 0, 2, 4], dtype=np.float32)
    assert best_span(start, end, offsets, null=3.0) == (10, 24, 6.0)


def test_a_span_never_ends_before_it_starts() -> None:
    offsets = offsets_of(["a", "b", "c"])
    start = np.array([0, 0, 9], dtype=np.float32)
    end = np.array([9, 0, 1], dtype=np.float32)
    assert best_span(start, end, offsets, null=0.0) == (4, 5, 10.0)


def test_a_span_is_never_longer_than_the_cap() -> None:
    count = LONGEST_SPAN + 5
    start = np.zeros(count, dtype=np.float32)
    end = np.zeros(count, dtype=np.float32)
    start[0] = end[-1] = 10
    found = best_span(start, end, offsets_of(["w"] * count), null=0.0)
    assert found is not None
    first, last, score = found
    assert (last - first + 1) // 2 <= LONGEST_SPAN
    assert score == 10


def test_a_passage_without_tokens_has_no_span() -> None:
    none = np.empty(0, dtype=np.float32)
    assert best_span(none, none, np.empty((0, 2), dtype=np.int64), null=0.0) is None


@given(st.lists(st.tuples(st.floats(-20, 20, width=32), st.floats(-20, 20, width=32)), min_size=1, max_size=60))
def test_no_possible_span_scores_higher_than_the_one_that_is_chosen(logits: list[tuple[float, float]]) -> None:
    start, end = (np.array(column, dtype=np.float32) for column in zip(*logits, strict=True))
    found = best_span(start, end, offsets_of(["w"] * len(logits)), null=1.0, longest=7)
    best = max(float(start[i] + end[j]) for i in range(len(start)) for j in range(i, min(len(end), i + 7)))
    assert found is not None
    assert found[2] == pytest.approx(best - 1.0, abs=1e-4)


def test_a_highlight_loses_the_punctuation_that_dangles_at_its_ends() -> None:
    of = article("He said, it will close, on Monday.")
    span = trimmed(of, 7, 23)
    assert span.exact == "it will close"
    assert of.text[span.start : span.end] == span.exact


def test_a_highlight_of_nothing_but_punctuation_stays_as_it_is() -> None:
    assert trimmed(article("a , b"), 1, 4).exact == " , "


def test_the_quote_is_every_sentence_that_the_span_touches() -> None:
    of = article(*PARAGRAPHS)
    first = hits(of)[0].passage
    start = of.text.index("Monday")
    assert surrounding_sentences(of, first, start, start + 6).exact == "The council met on Monday."
    assert surrounding_sentences(of, first, start, start + 12).exact == PARAGRAPHS[0]


def test_the_quote_never_leaves_its_passage() -> None:
    of = article(*PARAGRAPHS)
    second = hits(of)[1].passage
    start = of.text.index("Ada Moss")
    quote = surrounding_sentences(of, second, start, start + 8)
    assert quote.exact == "“We will fight it,” said Ada Moss."
    assert second.start <= quote.start < quote.end <= second.end


def test_a_span_holds_something_of_the_passage() -> None:
    start = np.array([9.0, 1.0, 9.0], dtype=np.float32)
    end = np.array([9.0, 1.0, 9.0], dtype=np.float32)
    offsets = np.array([(0, 0), (0, 4), (4, 4)], dtype=np.int64)
    assert best_span(start, end, offsets, null=0.0) == (0, 4, 18.0)
    assert best_span(start[:1], end[:1], offsets[:1], null=0.0) is None
