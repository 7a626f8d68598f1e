"""As much English grammar as tells the parts of a question apart: its words, and its frame. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.rag.conversation.word_classes import (
    AUXILIARIES,
    DEGREES,
    FUNCTION_WORDS,
    OPENINGS,
    PARTICIPLES,
    PREPOSITIONS,
    WH_WORDS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:[-’'.,]\w+)*(?:(?<=s)[’'](?!\w))?|[^\w\s]")
_POSSESSIVE_END = re.compile(r"['’]s?$")
_LONGEST_ASKED_NOUN = 5


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark of a question, with its half-open place; `low` is case-folded, without a possessive 's."""

    text: str
    low: str
    start: int
    end: int

    @property
    def bare(self) -> str:
        """The text without a possessive 's."""
        return _POSSESSIVE_END.sub("", self.text)

    @property
    def is_word(self) -> bool:
        """Whether it is a word and no mark."""
        return self.text[0].isalnum()

    @property
    def is_content(self) -> bool:
        """Whether it is a word of an open class: a noun, a verb, a name, a number."""
        return self.is_word and self.low not in FUNCTION_WORDS

    @property
    def is_capitalised(self) -> bool:
        """Whether it holds a capital letter."""
        return any(character.isupper() for character in self.text)

    @property
    def has_digit(self) -> bool:
        """Whether it holds a digit."""
        return any(character.isdigit() for character in self.text)

    @property
    def stops_a_noun_phrase(self) -> bool:
        """Whether a noun phrase ends before it, judged by its form."""
        return self.low in PARTICIPLES or (not self.is_capitalised and self.low.endswith(("ed", "ly", "ing")))


def tokens(text: str) -> list[Token]:
    """The words and marks of a text, in order."""
    return [
        Token(found.group(), _POSSESSIVE_END.sub("", found.group()).casefold(), found.start(), found.end())
        for found in _TOKEN.finditer(text)
    ]


def names_something(text: str) -> bool:
    """Say whether a question holds a word that tells what it is about.

    A capital letter after the first word tells a name: “the US” is not “us”.
    """
    return any(word.is_content or (word.is_capitalised and place > 0) for place, word in enumerate(words(text)))


def words(text: str) -> list[Token]:
    """The words of a text, without what only opens it (“And”, “But”)."""
    found = [token for token in tokens(text) if token.is_word]
    opening = next((i for i, token in enumerate(found) if token.low not in OPENINGS), len(found))
    return found[opening:]


@dataclass(frozen=True, slots=True)
class Frame:
    """A question in parts: the words that ask, the noun they ask about, and the rest, which says what is known.

    “How many planes did Asadi see?” is (“How many”, “planes”, “did Asadi see”). `asked` is empty where yes or no is
    asked for. `inverted` tells whether an auxiliary opens the rest, so that other words may ask in place of these.
    """

    asked: str
    noun: str
    rest: str
    inverted: bool

    @classmethod
    def of(cls, question: str) -> Frame | None:
        """The parts of a question, or None where it has not the form of one."""
        found = words(question)
        if not found:
            return None
        if found[0].low in AUXILIARIES:
            return cls("", "", _slice(question, found), inverted=True)
        asked = _asking(found)
        if asked == 0:
            return None
        auxiliary = next(
            (i for i, token in enumerate(found[: asked + _LONGEST_ASKED_NOUN + 1]) if token.low in AUXILIARIES), None
        )
        cut = asked if auxiliary is None else auxiliary
        return cls(
            _slice(question, found[:asked]),
            _slice(question, found[asked:cut]),
            _slice(question, found[cut:]),
            inverted=auxiliary is not None,
        )

    @property
    def wh_word(self) -> str:
        """The wh-word that asks; empty in a question for yes or no."""
        return next((token.low for token in tokens(self.asked) if token.low in WH_WORDS), "")


def _asking(found: Sequence[Token]) -> int:
    """How many words at the beginning ask: “how many”, “under which”."""
    first = 1 if found[0].low in PREPOSITIONS and len(found) > 1 else 0
    if found[first].low not in WH_WORDS:
        return 0
    following = found[first + 1].low if first + 1 < len(found) else ""
    return first + (2 if found[first].low == "how" and following in DEGREES else 1)


def _slice(text: str, of: Sequence[Token]) -> str:
    return text[of[0].start : of[-1].end] if of else ""
