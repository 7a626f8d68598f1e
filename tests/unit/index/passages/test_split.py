from __future__ import annotations

import string
import time
import unicodedata
from itertools import pairwise

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.index.passages.context import LEAD, embedding_text, leads, leans
from onrecord.index.passages.paragraphs import paragraphs
from onrecord.index.passages.sentences import sentences
from onrecord.index.passages.split import WINDOW, split
from onrecord.index.passages.split import _windows as windows  # the rule itself, on paragraphs of any length
from onrecord.index.records import Article, Lead, Passage, PassageKind

AWKWARD = (
    "\r\n",
    "\r",
    "\n\n",
    "\u2028",
    "\u2029",
    "\u0085",
    "\x0b\x0c\x1c\x1f",
    "\ufeff",
    "\u00a0",
    "\u3000",
    "\u200b",
    "e\u0301",
    "\u00e9",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "🇳🇴🇫🇮",
    "👍🏽",
    "שלום עולם. ",
    "مرحبا بالعالم؟ ",
    "नमस्ते। ",
    "今日は。",
    "𝔸. ",
    "J.\u2028",
    "U.S. ",
    "Gen. ",
    "a.\u00a0\u2003B",
    "“No,” he said. ",
    "… ",
    "?!",
    "1. ",
    "- ",
    "# ",
    "\x00",
    "ﷺ",
    "ｆｕｌｌ",
)
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(AWKWARD), st.text(max_size=12), st.text(alphabet=string.ascii_letters + " .,", max_size=40)
    ),
    max_size=40,
).map("".join)
LONG_TEXTS = st.tuples(TEXTS, st.integers(1, 120)).map(lambda pair: (pair[0] * pair[1])[: 12 * WINDOW])


def article(text: str, title: str = "Untitled page") -> Article:
    return Article.create(source="text:test", text=text.encode("utf-8", "replace").decode(), title=title)


def visible(text: str) -> int:
    return sum(not character.isspace() for character in text)


def assert_sound(text: str) -> None:
    page = article(text)
    passages = split(page)
    at = 0
    for number, passage in enumerate(passages):
        assert passage.ordinal == number
        assert passage.text == page.text[passage.start : passage.end]
        assert 0 < passage.end - passage.start <= WINDOW
        assert passage.text == passage.text.strip() or len(passage.text) == WINDOW
        assert not page.text[at : passage.start].strip()
        assert passage.start >= at
        at = passage.end
    assert not page.text[at:].strip()
    assert [p.paragraph for p in passages] == sorted(p.paragraph for p in passages)
    for lead, passage in zip(leads(page, passages), passages, strict=True):
        assert 0 <= lead.start <= lead.end <= max(passage.start, 0)
        assert lead.end - lead.start <= LEAD


@settings(max_examples=200, deadline=None)
@given(TEXTS)
@example("")
@example("\ufeff")
@example("J.\u2028 smith")
def test_passages_are_slices_that_hold_every_visible_character_exactly_once(text: str) -> None:
    assert_sound(text)


@settings(max_examples=80, deadline=None)
@given(LONG_TEXTS)
def test_so_are_those_of_long_texts(text: str) -> None:
    assert_sound(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
@example("A.\U0001d538\u2003B. c")
def test_sentences_hold_every_visible_character_exactly_once(text: str) -> None:
    found = sentences(text)
    at = 0
    for sentence in found:
        assert sentence.start >= at
        assert not text[at : sentence.start].strip()
        piece = text[sentence.start : sentence.end]
        assert piece == piece.strip()
        assert piece
        at = sentence.end
    assert not text[at:].strip()


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_paragraphs_hold_every_visible_character_exactly_once(text: str) -> None:
    found = paragraphs(text)
    assert sum(visible(text[each.start : each.end]) for each in found) == visible(text)
    assert all(before.end <= after.start for before, after in pairwise(found))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "e\u0301", "👩‍👩‍👧‍👦", "🇳🇴", "की", "👍🏽"]), min_size=300, max_size=900).map("".join)
)
def test_no_grapheme_cluster_is_cut(text: str) -> None:
    boundaries = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    for start, end in windows(text, 0, len(text)):
        assert {start, end} <= boundaries


def test_a_single_cluster_longer_than_a_window_is_cut_all_the_same() -> None:
    assert_sound("a" + "\u0301" * (3 * WINDOW))


def test_windows_end_where_sentences_end() -> None:
    text = " ".join(f"Sentence number {number} says something of middling length." for number in range(60))
    found = [passage.text for passage in split(article(text))]
    assert len(found) > 3
    assert all(passage.startswith("Sentence") and passage.endswith("length.") for passage in found)
    assert all(len(passage) > WINDOW / 2 for passage in found)


def test_an_overlong_sentence_is_cut_at_white_space() -> None:
    text = "word " * 1000
    assert all(passage.text.startswith("word") and passage.text.endswith("word") for passage in split(article(text)))


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "no full stop here " * 55_000,
        "“Quoted,” he said. " * 50_000,
        "line of a table without a stop\n" * 10_000,
        "Tags\n\n" * 20_000,
        "é" * 500_000 + "e\u0301" * 250_000,
        "a, b, c, d, " * 80_000,
        "By " * 300_000,
        "." * 1_000_000,
        " \n" * 500_000,
        "👩‍👩‍👧‍👦" * 140_000,
    ],
    ids=lambda text: repr(text[:18]),
)
def test_a_million_characters_split_in_seconds(text: str) -> None:
    began = time.process_time()
    split(article(text))
    assert time.process_time() - began < 12


def test_line_ends_marks_and_forms_keep_their_offsets() -> None:
    decomposed = unicodedata.normalize("NFD", "Zweiter Absatz über Ärger.")
    text = f"First paragraph é.\r\n\r\n{decomposed}\r\nThird, שלום עולם 👩‍👩‍👧‍👦."
    page = article(text)
    assert [page.text[p.start : p.end] for p in split(page)] == [
        "First paragraph é.",
        decomposed,
        "Third, שלום עולם 👩‍👩‍👧‍👦.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“Nobody came,” she said, “not even Gen. Holt.” The U.S. delegation left at 5 p.m. on Monday.",
            ["“Nobody came,” she said, “not even Gen. Holt.”", "The U.S. delegation left at 5 p.m. on Monday."],
        ),
        ("He asked: “Why?” Nobody knew.", ["He asked: “Why?”", "Nobody knew."]),
        ("It cost $1.5 million. Dr. J. Smith paid.", ["It cost $1.5 million.", "Dr. J. Smith paid."]),
        ("今日は。明日も。", ["今日は。", "明日も。"]),
        ("It ended ... then it began again.", ["It ended ... then it began again."]),
    ],
)
def test_sentences_end_where_a_reader_would_say(text: str, expected: list[str]) -> None:
    assert [text[each.start : each.end] for each in sentences(text)] == expected


def test_a_passage_that_leans_is_embedded_with_what_it_leans_on() -> None:
    page = article("The dam held through the night.\n\n“And it will hold again,” he added.\n\nRain is forecast.")
    passages = split(page)
    first, second, third = leads(page, passages)
    assert first == Lead(0, 0)
    assert page.text[second.start : second.end] == "The dam held through the night."
    assert leans(passages[1].text)
    assert not leans(passages[2].text)
    assert embedding_text("Title", "The dam held.", passages[1].text) == f"Title\nThe dam held.\n{passages[1].text}"
    assert embedding_text("Title", "The dam held.", passages[2].text) == "Title\nRain is forecast."
    assert third.start < third.end


def test_captions_interrupt_without_being_a_lead() -> None:
    page = article("The dam held through the night.\n\nThe dam is seen here at dawn.\n\nIt will hold again.")
    passages = split(page)
    assert passages[1].kind is PassageKind.CAPTION
    _, caption, body = leads(page, passages)
    assert caption == Lead(0, 0)
    assert page.text[body.start : body.end] == "The dam held through the night."


def test_the_lead_of_a_long_passage_is_its_last_whole_sentences() -> None:
    before = " ".join(f"Sentence {number} is here." for number in range(30))
    page = article(f"{before}\n\nIt ended.")
    lead = leads(page, split(page))[1]
    text = page.text[lead.start : lead.end]
    assert text.startswith("Sentence ")
    assert text.endswith("Sentence 29 is here.")
    assert LEAD - 30 < len(text) <= LEAD


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 99)])
def test_a_passage_lies_inside_its_article(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="does not lie"):
        Passage.of(article("short"), ordinal=0, paragraph=1, start=start, end=end, kind=PassageKind.BODY)
