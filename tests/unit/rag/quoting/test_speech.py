from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.index.passages.sentences import sentences
from onrecord.index.records import Article, Passage, PassageKind
from onrecord.rag.answer import Span
from onrecord.rag.quoting.quotes import surrounding_sentences
from onrecord.rag.quoting.speech import MOST_CHARACTERS, MOST_SENTENCES

PRONOUN = "“I never wanted to correct it,” she says. “It keeps me humble.”"
NAMED = (
    "“I told them that nobody believed in them,” the manager, Siobhan Keane, said. “I think three of them thought I "
    "meant me.”"
)
STRAIGHT = '"It\'s ring-fenced. It always was," said the group leader, Anselm Doyle. "Giles knows that perfectly well."'
NESTED = (
    '"My own mother learned English in Saltby library," she said. "A woman told me, \'That building is the only warm '
    "room I have.' I had nothing to say to her.\""
)
INTRODUCED = "Mr Pemberton accused the council of hiding the figures: “They knew. They sat on it.” The vote was close."
PROSE_BEFORE = (
    "The council met for five hours. Mr Pemberton shook his head. “They knew in September.” The vote was close."
)
ASKED = "The hall fell silent. “Will it close?” Ms Okafor asked. “I have read the papers.” Nobody answered."
INTERVIEW = "Why stop now? “Because I can still carry a sack. My father baked until he was eighty.”"
SCARE_QUOTES = "She described it as “serious but recoverable” and left. “Good night” was the last that anyone heard."


def passage_of(text: str, *, lead: str = "Before it. ") -> tuple[Article, Passage]:
    """An article in which the text is a passage that does not begin at offset 0."""
    article = Article.create(source="test:speech", text=f"{lead}{text}\n\n“After it,” he said.", title="")
    end = len(lead) + len(text)
    passage = Passage.of(article, ordinal=0, paragraph=1, start=len(lead), end=end, kind=PassageKind.BODY)
    return article, passage


def quote(text: str, span: str) -> str:
    """What is quoted for a span of a passage."""
    article, passage = passage_of(text)
    start = passage.start + text.index(span)
    return surrounding_sentences(article, passage, start, start + len(span)).exact


@pytest.mark.parametrize("text", [PRONOUN, NAMED, STRAIGHT, NESTED])
def test_speech_is_quoted_from_its_first_word_to_its_last_with_its_speaker_wherever_the_span_is(text: str) -> None:
    for sentence in sentences(text):
        assert quote(text, text[sentence.start : sentence.end]) == text


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        (INTRODUCED, "They sat on it", INTRODUCED.removesuffix(" The vote was close.")),
        (INTRODUCED, "vote was close", "The vote was close."),
        (PROSE_BEFORE, "in September", "Mr Pemberton shook his head. “They knew in September.”"),
        (PROSE_BEFORE, "his head", "Mr Pemberton shook his head."),
        (ASKED, "it close", "“Will it close?” Ms Okafor asked. “I have read the papers.”"),
        (ASKED, "Okafor", "“Will it close?” Ms Okafor asked. “I have read the papers.”"),
        (ASKED, "the papers", "“Will it close?” Ms Okafor asked. “I have read the papers.”"),
        (INTERVIEW, "My father", INTERVIEW),
        (SCARE_QUOTES, "serious", "She described it as “serious but recoverable” and left."),
        ("“It is wrong,” she said. “It is not,” he replied.", "wrong", "“It is wrong,” she said."),
        ("“First. Second.” “Third.”", "Third", "“Third.”"),
    ],
)
def test_a_quote_takes_the_speech_it_is_part_of_and_no_more(text: str, span: str, expected: str) -> None:
    assert quote(text, span) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The council met on Monday. It voted to close the harbour. Ships may dock until May.",
        "The dockers’ union didn't agree. It's been 'closed' since the '90s. The boards' votes don't count.",
        "The shelf is 5' 11\" high. The other is 6' 2\" wide. Nobody said why.",
        "“The paragraph opens a quotation. It goes on in the next. There it closes.",
        "The paragraph closes a quotation. It began in the one before.” Nobody said why.",
    ],
)
def test_where_no_speech_opens_and_closes_the_quote_is_the_plain_sentence(text: str) -> None:
    for sentence in sentences(text):
        plain = text[sentence.start : sentence.end]
        assert quote(text, plain) == plain


def test_a_quote_is_not_lengthened_to_more_than_can_be_read_at_a_glance() -> None:
    text = f"“We came,” said Ada Moss. “It was {'very ' * (MOST_CHARACTERS // 5)}late.”"
    assert quote(text, "We came") == "“We came,” said Ada Moss."
    assert quote(text, "It was") == text.removeprefix("“We came,” said Ada Moss. ")


def test_where_the_whole_run_is_too_long_the_speaker_stays_and_what_resumes_is_left_out() -> None:
    resumed = f"“It was {'very ' * (MOST_CHARACTERS // 6)}late.”"
    text = f"Ada Moss raised her hand. “We came.” Then, she said, “we went.” {resumed}"
    assert quote(text, "We came") == "Ada Moss raised her hand. “We came.”"
    assert quote(text, "we went") == f"Then, she said, “we went.” {resumed}"
    asked = f"Ada Moss raised her hand. “Did you come?” Tom Vries asked. {resumed}"
    assert quote(asked, "Did you come") == f"“Did you come?” Tom Vries asked. {resumed}"
    longer = asked.replace("very late", f"very {'much ' * 20}late")
    assert quote(longer, "Did you come") == "“Did you come?” Tom Vries asked."


_CLAUSES = st.lists(
    st.sampled_from(
        ["“", "”", '"', "‘", "’", "'", "We came", "It is late", "she said", "Ada Moss told him", ",", ".", "?", " "]
    ),
    min_size=1,
    max_size=30,
).map("".join)


@given(_CLAUSES, st.data())
def test_every_quote_is_whole_sentences_of_the_passage_around_the_span_and_quoting_it_again_adds_nothing(
    text: str, data: st.DataObject
) -> None:
    article, passage = passage_of(text)
    start = data.draw(st.integers(passage.start, passage.end - 1))
    end = data.draw(st.integers(start + 1, passage.end))
    found = surrounding_sentences(article, passage, start, end)
    assert passage.start <= found.start <= start < end <= found.end <= passage.end
    assert found == Span.of(article, found.start, found.end)
    edges = {passage.start + at for each in sentences(text) for at in (each.start, each.end)}
    assert found.start in {*edges, start}  # white space of the span may stand outside all sentences
    assert found.end in {*edges, end}
    assert surrounding_sentences(article, passage, found.start, found.end) == found


_SENTENCES = st.lists(
    st.sampled_from(
        ["“It is late,” she said.", "“We came.”", "“Go. Stay. Wait.”", "Ada Moss said: “No.”", "The harbour closed.",
         "“Why? Who knows?” Tom asked.", "He called it “odd” and left."]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)  # fmt: skip


@given(_SENTENCES, st.data())
def test_marks_come_in_pairs_and_a_longer_quote_keeps_the_bounds(text: str, data: st.DataObject) -> None:
    article, passage = passage_of(text)
    at = data.draw(st.sampled_from(sentences(text)))
    found = surrounding_sentences(article, passage, passage.start + at.start, passage.start + at.end)
    assert found.exact.count("“") == found.exact.count("”")
    if found.exact != text[at.start : at.end]:
        assert len(sentences(found.exact)) <= MOST_SENTENCES
        assert len(found.exact) <= MOST_CHARACTERS
