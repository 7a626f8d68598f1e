from __future__ import annotations

import pytest

from onrecord.index.store.duplicates import ALIKE, SIGNATURE_LENGTH, bands, resemblance, signature, words_key
from tests.articles import own_words

WIRE = (
    "The council of Larnholm voted on Tuesday to close the old harbour bridge for repairs that will take eight months.",
    "Traffic will be led over the northern road, and the number four bus will turn at the fish market until then.",
    "“Nobody likes this, but the steel is older than my grandmother,” said the mayor, Ines Alder, after the vote.",
    "Shop owners on Quay Street asked the town for help, as they had done when the tram line was rebuilt in 2011.",
)


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return resemblance(signature(one), signature(other)) >= ALIKE


def test_a_signature_stays_the_same_across_versions_of_its_library() -> None:
    assert signature(["The harbour of Larnholm was dredged."]).tolist()[:4] == [
        568744028,
        3907535610,
        1199564953,
        61157942,
    ]


@pytest.mark.parametrize(
    "copy",
    [
        WIRE,
        tuple(paragraph.upper() for paragraph in WIRE),
        ("LARNHOLM (Agency) – ", *WIRE),
        (*WIRE, "Our reporter adds that the fish market will open an hour earlier."),
        WIRE[:3],
        (WIRE[0].replace("eight", "nine"), *WIRE[1:]),
    ],
)
def test_what_a_site_does_to_an_agencys_text_leaves_it_alike(copy: tuple[str, ...]) -> None:
    assert alike(WIRE, copy)
    assert set(bands(signature(WIRE))) & set(bands(signature(copy)))


def test_other_texts_are_not_alike() -> None:
    others = [(own_words(number),) for number in range(20)] + [WIRE[:1], WIRE[2:3]]
    assert not any(alike(WIRE, other) for other in others)


@pytest.mark.parametrize("text", ["", "…", "one", "two words", "👩‍👩‍👧‍👦", "\ud800"])
def test_every_text_has_a_signature_and_is_like_itself(text: str) -> None:
    assert signature([text]).shape == (SIGNATURE_LENGTH,)
    assert alike((text,), (text,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He said “no” – twice.", 'He said "no" - twice.'),
        ("two  words\nhere", "Two words here"),
        ("it’s ﬁne", "it's fine"),
    ],
)
def test_typography_and_white_space_make_no_other_words(one: str, other: str) -> None:
    assert words_key(one) == words_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It fell to -5 degrees.", "It fell to 5 degrees."),
        ("They will strike.", "They will not strike."),
        ("$5", "€5"),
        ("1.5", "15"),
        ("café", "cafe"),
    ],
)
def test_whatever_may_mean_something_else_is_other_words(one: str, other: str) -> None:
    assert words_key(one) != words_key(other)
