"""Articles that say different things in the same place: both stand, and of about equal evidence the newer first. Pure.

Two quotes are held to disagree where their sentences say the same about the same but for what is highlighted, and they
stand in different articles: “The toll rises to 60 crowns”, “The toll rises to 45 crowns, correcting an earlier figure”.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.rag.answer import Quote

EQUAL = 0.1
"""Quotes are about as sure as each other where their confidence differs by no more than this."""

ALIKE = 0.5
"""Sentences speak of the same where this share of the words of one that say something stands in the other, and …"""

FEWEST_ALIKE = 2
"""… at least so many words."""

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|\w+")
_STEM = 5
_WORDS = (
    "a an and are as at be been but by for from had has have he her his in is it its more no not of on or said says "
    "she than that the their they this to was were which who will with would"
)
_LITTLE = frozenset(word[:_STEM] for word in _WORDS.split())
_SMALL_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: str(number) for number, word in enumerate(_SMALL_NUMBERS.split(), start=1)}


def in_order(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Quotes with those that disagree marked, and of two that do, about as sure as each other, the newer first."""
    pairs = [(one, other) for at, one in enumerate(quotes) for other in quotes[at + 1 :] if disagree(one, other)]
    found = [replace(each, disagrees=any(each is of for pair in pairs for of in pair)) for each in quotes]
    for last in range(len(found) - 1, 0, -1):
        for at in range(last):
            if _gives_way(found[at], found[at + 1]):
                found[at], found[at + 1] = found[at + 1], found[at]
    return tuple(found)


def disagree(one: Quote, other: Quote) -> bool:
    """Whether two quotes of different articles say something else in the same place."""
    if one.article.id == other.article.id:
        return False
    said, said_by_other = _words(one.highlight.exact), _words(other.highlight.exact)
    figures, figures_of_other = _figures(said), _figures(said_by_other)
    if figures or figures_of_other:
        said_there, said_here = figures_of_other, figures
    else:
        said_there, said_here = said_by_other, said
    if said_here <= said_there or said_there <= said_here:
        return False
    about, about_too = _words(one.span.exact) - said, _words(other.span.exact) - said_by_other
    shared = len(about & about_too)
    return shared >= FEWEST_ALIKE and shared >= ALIKE * min(len(about), len(about_too))


def _gives_way(one: Quote, other: Quote) -> bool:
    if one.confidence - other.confidence > EQUAL or not disagree(one, other):
        return False
    published, later = one.article.published, other.article.published
    return published is not None and later is not None and later > published


def _words(text: str) -> frozenset[str]:
    """The words that say something, by their beginnings; figures whole."""
    found = _WORD.findall(text.casefold())
    return frozenset(_NUMBERS.get(word, word if word[0].isdigit() else word[:_STEM]) for word in found) - _LITTLE


def _figures(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if word[0].isdigit())
