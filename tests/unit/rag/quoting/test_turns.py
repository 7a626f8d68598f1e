"""What a highlight takes in so that it does not say the contrary of its sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.rag.quoting.turns import whole

POINTED_AT = [
    ("None of the ‹41› passengers died.", "None of the 41"),
    ("Nobody was hurt; seven of the ‹30› sheds burned.", "seven of the 30"),
    ("Not one of the ‹12› horses was lost.", "Not one of the 12"),
    ("All but 3 of the ‹40› looms were lost.", "All but 3 of the 40"),
    ("Fewer than half of the ‹200› rolls were saved.", "Fewer than half of the 200"),
    ("There were not more than ‹10› or 20 planes.", "were not more than 10 or 20"),
    ("There were 10 or ‹20› planes.", "10 or 20"),
    ("It carries over ‹90› cars.", "over 90"),
    ("It takes 10 to ‹20› days.", "10 to 20"),
    ("At least ‹nine› people drowned.", "At least nine"),
    ("It has no more than ‹80› beds.", "no more than 80"),
    ("The police did not arrest ‹anyone›.", "did not arrest anyone"),
    ("It is not in ‹Osby› but in Dahl.", "is not in Osby"),
    ("They can’t pay ‹nine million›.", "can’t pay nine million"),
    ("The pier will never again carry ‹cars›.", "will never again carry cars"),
    ("She denied that she had taken ‹the boat›.", "denied that she had taken the boat"),
    ("He asked for a bridge instead of ‹a ferry›.", "instead of a ferry"),
    ("It was to have opened in ‹March 2022›, but a flood delayed it.", "was to have opened in March 2022"),
    ("It had been due to open in ‹June›.", "had been due to open in June"),
    ("It should have been ready by ‹1 October› last year.", "should have been ready by 1 October"),
    ("The mayor had planned to resign in ‹June›, but stayed.", "had planned to resign in June"),
    ("‹Rask› was expected to win the contract; Dahl did.", "Rask was expected to win the contract"),
    ("‹Captain Brandt› was not on the bridge; the mate was.", "Captain Brandt was not on the bridge"),
    ("‹Rask› or Dahl will be mayor.", "Rask or Dahl"),
    ("‹No› money is set aside.", "No money"),
    ("He woke at ‹9:30› a.m. on Sunday.", "9:30 a.m."),
    ("Temperatures fell to -‹14›C.", "-14C"),
    ("It costs $‹3› million.", "$3 million"),
    ("That was in ’‹98›.", "’98"),
]
LEFT_ALONE = [
    "The tunnel opened on ‹Monday›.",
    "The mayor had planned to resign in June, but stayed until ‹9 August›.",
    "Rask was expected to win; in the end it was ‹Dahl›.",
    "He did not come because of rain, and left on ‹Friday›.",
    "He is not the mayor; ‹Reed› is.",
    "The toll rises from 40 to ‹60› crowns.",
    "It will open not on Monday but on ‹Tuesday›.",
    "It did not burn. The ‹40› sheds stand.",
    "The trial is expected to begin on ‹Monday›.",
    "The council has powers over ‹tax› and schools.",
    "He spoke not only of ‹ferries›.",
    "Not to mention ‹Osby›, it is the largest.",
    "Traffic grew from 1950 to ‹2,000› cars.",
    "She died at 84 of ‹cancer›.",
    "He does not sleep because ‹the ship› hoots.",
    "The firm, which has no debts, paid ‹Moss› well.",
]


def pointed(marked: str) -> tuple[str, int, int]:
    """A sentence, and where the words in ‹ › stand in it."""
    before, words, after = marked.replace("›", "‹").split("‹")
    return before + words + after, len(before), len(before) + len(words)


SENTENCES = [pointed(each)[0] for each in [*LEFT_ALONE, *(marked for marked, _ in POINTED_AT)]]


@pytest.mark.parametrize(("marked", "expected"), POINTED_AT)
def test_what_turns_a_highlight_round_is_highlighted_with_it(marked: str, expected: str) -> None:
    text, start, end = pointed(marked)
    first, last = whole(text, start, end)
    assert text[first:last] == expected


@pytest.mark.parametrize("marked", LEFT_ALONE)
def test_what_turns_other_words_round_is_left_alone(marked: str) -> None:
    text, start, end = pointed(marked)
    assert whole(text, start, end) == (start, end)


@given(st.data())
def test_a_highlight_only_grows_and_never_beyond_its_text(data: st.DataObject) -> None:
    text = " ".join(data.draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3)))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = whole(text, start, end)
    assert 0 <= first <= start < end <= last <= len(text)
