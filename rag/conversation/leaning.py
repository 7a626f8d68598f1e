"""Whether a question leans on what was asked before it, and by what. Pure.

A pronoun that a word of the same question explains does not lean (“Did Iran say it would respond?”); nor does the “it”
of “Is it true that …”.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from onrecord.rag.conversation.grammar import Token, tokens, words
from onrecord.rag.conversation.word_classes import (
    ACCUSATIVE,
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DEMONSTRATIVES,
    DETERMINERS,
    DO,
    HAVE,
    NOMINATIVE,
    OPENINGS,
    PERSONAL,
    POSSESSIVE,
    PREPOSITIONS,
    SAYING,
    SPANS_OF_TIME,
    WH_WORDS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_WHAT_ABOUT = re.compile(r"\s*(?:(?:and|but|so|ok|okay)[ ,]+)*(?:what|how) about\b", re.IGNORECASE)
_NOT_FOR_A_NOUN = re.compile(
    r"\bit(?: \w+)? (?:true|right|correct|possible|impossible|likely|unlikely|clear|known|certain|legal|illegal|safe|"
    r"necessary|said|reported|claimed|believed)\b|\bit (?:take|cost|mean|matter)s? (?:to|that|if|when)\b|"
    r"\b(?:true|possible|likely|clear|known) (?:is|was) it\b|\btime (?:is|was) it\b",
    re.IGNORECASE,
)
_OF_A_BARE_QUESTION = (
    PREPOSITIONS
    | WH_WORDS
    | frozenset(["many", "much", "long", "often", "far", "exactly", "then", "so", "not", "come", "one", "ones", "else"])
)
_ENOUGH_TO_EXPLAIN = 3
"""From so many content words before it on, one of them is what a pronoun stands for, unless it is the object."""

_LONGEST_FRAGMENT = 7
_LONGEST_KEYWORDS = 3


class Lean(Enum):
    """How a question leans."""

    PRONOUN = auto()
    """A pronoun in it stands for something said before: “What did he say?”"""
    BARE = auto()
    """It only asks, and what it asks about was said before: “Why?”, “In which year?”, “When was that?”"""
    FRAGMENT = auto()
    """It only names what to ask the last question about: “And Jordan?”, “What about the drones?”"""
    SPARSE = auto()
    """It leaves out what it counts or names: “How many were killed?”"""
    JOINED = auto()
    """It stands on its own as a sentence, and an opening joins it to the last one: “And how many planes flew?”"""


@dataclass(frozen=True, slots=True)
class Leaning:
    """How a question leans, and the word at which it does: the pronoun, or the first word of what is left."""

    lean: Lean
    at: Token


def leaning(question: str) -> Leaning | None:
    """How a question leans on what came before; None where it stands on its own."""
    found = words(question)
    if not found:
        return None
    opened = tokens(question)[0].low in OPENINGS
    fragment = _fragment(question, found, opened=opened)
    if fragment is not None:
        return Leaning(Lean.FRAGMENT, fragment)
    if _is_bare(found):
        return Leaning(Lean.BARE, found[0])
    for i, token in enumerate(found):
        if _is_unexplained(question, found, i):
            return Leaning(Lean.PRONOUN, token)
    joined = _joined(found, opened=opened)
    return None if joined is None else Leaning(joined, found[0])


def _joined(found: Sequence[Token], *, opened: bool) -> Lean | None:
    """How a whole sentence leans: by what it leaves out, or by the word that opens it."""
    content = [token for token in found if token.is_content]
    named = any(token.is_capitalised for token in content)
    if found[0].low in WH_WORDS and len(content) <= 1 and not named and _lacks_a_noun(found):
        definite = any(token.low in DETERMINERS for token in found)
        return Lean.JOINED if definite else Lean.SPARSE
    asks = found[0].low in WH_WORDS | AUXILIARIES | PREPOSITIONS
    return Lean.JOINED if opened and asks and content and not named else None


def _is_bare(found: Sequence[Token]) -> bool:
    """“why?”, “since when?”, “in which country?”, “why is that?”."""
    wh = next((token.low for token in found[:2] if token.low in WH_WORDS), None)
    if wh is None:
        return False
    rest = [token.low for token in found if token.low not in _OF_A_BARE_QUESTION]
    if len(rest) == 1 and wh in {"what", "which", "whose"}:
        return found[-1].is_content  # “in which year?”
    if rest and wh in {"when", "where", "why", "how"}:
        event, happened = rest[1:2], rest[2:]
        points = event in (["that"], ["this"]) or (event == ["it"] and (happened == ["happen"] or wh != "where"))
        return rest[0] in BE | {"did"} and points and happened in ([], ["happen"])
    return not rest


def _fragment(question: str, found: Sequence[Token], *, opened: bool) -> Token | None:
    """The first word of what a fragment names; None where the question is none."""
    about = _WHAT_ABOUT.match(question)
    rest = [token for token in found if about is None or token.start >= about.end()]
    if not rest or len(rest) > _LONGEST_FRAGMENT or not any(token.is_content for token in rest):
        return None
    if any(token.low in WH_WORDS | AUXILIARIES for token in rest):
        return None
    short = len(rest) <= _LONGEST_KEYWORDS and question.rstrip().endswith("?")
    return rest[0] if about or opened or short else None


def _is_unexplained(question: str, found: Sequence[Token], i: int) -> bool:
    token = found[i]
    following = found[i + 1] if i + 1 < len(found) else None
    if token.low in PERSONAL:
        if token.low == "it" and _NOT_FOR_A_NOUN.search(question):
            return False
        return not _is_explained(found, i)
    if token.low in DEMONSTRATIVES:
        return _points_back(found, i)
    if token.low == "so":
        return following is None and found[i - 1].low in SAYING
    if token.low == "there":
        return following is None or (found[i - 1].low not in BE and following.low not in AUXILIARIES)
    return False


def _is_explained(found: Sequence[Token], i: int) -> bool:
    """Whether a word before the pronoun, in the same question, can be what it stands for."""
    token = found[i]
    following = found[i + 1] if i + 1 < len(found) else None
    is_object = token.low in ACCUSATIVE - {"her"} or (
        token.low in {"it", "her"} and (following is None or (following.low in PREPOSITIONS | OPENINGS | {"not"}))
    )
    if is_object and not any(each.low in CONJUNCTIONS for each in found[1:i]):
        return False
    before = found[:i]
    if any(each.low in PERSONAL for each in before):
        return True  # what explains the first pronoun explains the others
    if sum(each.is_content for each in before) >= _ENOUGH_TO_EXPLAIN:
        return True
    if token.low in NOMINATIVE and i > 1 and before[0].low == "who" and before[1].is_content:
        return True  # “who announced that she would go?”
    if any(each.is_content and each.is_capitalised for each in before):
        return True
    return _subject_before(before) and token.low in POSSESSIVE | NOMINATIVE | {"it"}


def _subject_before(before: Sequence[Token]) -> bool:
    """Whether a common noun before is the subject: “did the militia say it …”, “which group changed its name”."""
    for at, token in enumerate(before[:-1]):
        following = before[at + 1]
        if token.low in DO | HAVE and following.low in DETERMINERS:
            return True
        asked_for = (at == 0 and token.low in {"which", "whose"}) or token.low in {"many", "much"}
        if asked_for and following.is_content and not any(each.low in AUXILIARIES for each in before[at + 2 :]):
            return True
    return False


def _points_back(found: Sequence[Token], i: int) -> bool:
    """Whether “that” or “this” stands for something said before, and is not a conjunction or “this week”."""
    token = found[i]
    following = found[i + 1] if i + 1 < len(found) else None
    if following is None:
        return True
    if following.low in SPANS_OF_TIME | {"who", "of"}:
        return False
    if token.low != "that":
        return i > 0
    previous = found[i - 1] if i > 0 else None
    if previous is None or previous.low in AUXILIARIES | PREPOSITIONS:
        return following.low not in DETERMINERS | PERSONAL and not following.is_capitalised
    beyond = found[i - 2].low if i > 1 else ""
    last = i + 2 == len(found)
    return last and following.is_content and not following.stops_a_noun_phrase and beyond not in DETERMINERS


def _lacks_a_noun(found: Sequence[Token]) -> bool:
    """“How many were killed?”, “Who died?”: nothing says of what or where."""
    first = next((i for i, token in enumerate(found) if token.low not in WH_WORDS | {"many", "much", "else"}), None)
    if first is None:
        return False
    return found[first].low in BE | HAVE | DO or found[first].stops_a_noun_phrase
