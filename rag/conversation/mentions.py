"""What a question mentions, and of what kind that is, told from capitals and from what was found. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from onrecord.index.passages.vocabulary import SAYS
from onrecord.rag.conversation.grammar import Token, tokens
from onrecord.rag.conversation.word_classes import (
    ARTICLES,
    CALENDAR,
    DETERMINERS,
    DO,
    GROUPS,
    NUMBERS,
    PREPOSITIONS,
    SAYS_WHO,
    TITLE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DEMONYM = re.compile(r"(?:ian|ean|ese|ish|ench|utch|ican|aeli|raqi|emeni|audi|stani)s?")


class Kind(Enum):
    """What a mention is, as far as that can be told; it decides which pronouns may stand for it."""

    PERSON = auto()
    PLACE = auto()
    THING = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or a noun phrase in a question, as it stands there, with its half-open place."""

    text: str
    start: int
    end: int
    is_name: bool
    is_plural: bool

    @property
    def head(self) -> str:
        """The word that says what it is: the last one, case-folded."""
        return tokens(self.text)[-1].low


def mentions(text: str, seen: str) -> tuple[Mention, ...]:
    """Names and noun phrases of a text, in order.

    Args:
        text: a question, or words quoted for one.
        seen: what was found for it; a word that stands in capitals there is a name however the question has it.
    """
    found = tokens(text)
    known = _capitalised_in(seen)
    result = [each for run, before in _runs(found) for each in _split(text, run, before, known)]
    return tuple(_joined(text, result))


def kind(mention: Mention, seen: str) -> Kind:
    """What a mention is, by its own words and by how the passages that were found speak of it."""
    own = {token.low for token in tokens(mention.text)}
    if not mention.is_name or own & GROUPS:
        return Kind.THING
    if re.match(TITLE + r"\s", mention.text):
        return Kind.PERSON
    name = f"(?i:{re.escape(re.split(r'[ -]', mention.text)[-1])})"
    if re.search(rf"\b[Tt]he (?:[A-Z]\w+ )*{name}\b(?!['’]s?\s|-)", seen):
        return Kind.THING
    if re.search(
        rf"\b{TITLE} (?:[\w-]+ ){{0,2}}(?:al-)?{name}\b|\b{name},? (?:who )?{SAYS}|\b{SAYS_WHO} {name}\b",
        seen,
    ):
        return Kind.PERSON
    if re.search(rf"\b(?:[Ii]n|into|across|near|throughout|outside) (?:[a-z]+ern )?{name}\b", seen):
        return Kind.PLACE
    return Kind.UNKNOWN


def _capitalised_in(seen: str) -> frozenset[str]:
    """Case-folded words that stand in capitals inside sentences and nowhere without."""
    inside = {found.casefold() for found in re.findall(r"(?<=[a-z,;] )(?:al-)?[A-Z][\w-]+", seen)}
    inside |= {part for each in inside for part in each.split("-")[1:]}
    return frozenset(inside.difference(re.findall(r"\b[a-z][\w-]*", seen)))


def _runs(found: Sequence[Token]) -> Iterator[tuple[list[Token], Sequence[Token]]]:
    """Stretches of content words, each with the two words before it."""
    run: list[Token] = []
    for at, token in enumerate(found):
        if token.is_content and not token.stops_a_noun_phrase:
            run.append(token)
        ends = not token.is_content or token.stops_a_noun_phrase or token.text.endswith(("'s", "’s"))
        if run and (ends or at + 1 == len(found)):
            first = found.index(run[0])
            yield run, found[max(0, first - 2) : first]
            run = []


def _split(text: str, run: Sequence[Token], before: Sequence[Token], known: frozenset[str]) -> Iterator[Mention]:
    """The names of a run, and what else in it is a noun phrase by the words before it."""
    previous = before[-1].low if before else ""
    beyond = before[0].low if len(before) > 1 else ""
    after_do = previous in DO or (previous in DETERMINERS and beyond in DO)
    named = _names_of(run, known)
    at = 0
    while at < len(run):
        stop = at + 1
        while stop < len(run) and (named[stop] == named[at] or (named[at] and len(run[stop].text) == 1)):
            stop += 1  # a single letter is part of a name: “Tavira b”
        adjective = named[at] and all(_DEMONYM.search(token.low) for token in run[at:stop])
        while adjective and stop < len(run) and not named[stop]:  # “Israeli ground troops”
            stop += 1
        is_name = named[at] and not (adjective and stop - at > 1)
        piece = run[at:stop]
        if after_do and at == 0 and not is_name and stop == len(run) and len(piece) > 1:
            piece = piece[:-1]  # the verb that `do` goes with
        plural = piece[-1].low.endswith("s") and not piece[-1].low.endswith("ss")
        opened = at == 0 and (previous in DETERMINERS | NUMBERS or (previous in PREPOSITIONS and plural))
        is_date = all(token.low in CALENDAR or token.has_digit for token in piece)
        if not is_date if is_name else opened or adjective:
            start = before[-1].start if at == 0 and previous in ARTICLES else piece[0].start
            end = piece[-1].end if piece[-1].text.endswith(("s'", "s’")) else piece[-1].start + len(piece[-1].bare)
            yield Mention(text[start:end], start, end, is_name=is_name, is_plural=plural)
        at = stop


def _names_of(run: Sequence[Token], known: frozenset[str]) -> list[bool]:
    """Which words of a run are parts of names.

    The capital of a text's first word says nothing where passages tell names apart, unless another capital follows. A
    number before a name is part of it: “12th Brigade”.
    """
    named = [token.low in known or (token.is_capitalised and (token.start > 0 or not known)) for token in run]
    for at in range(len(run) - 2, -1, -1):
        token = run[at]
        capitals = token.start == 0 and token.is_capitalised and run[at + 1].is_capitalised
        named[at] = named[at] or (named[at + 1] and (token.has_digit or capitals))
    return named


def _joined(text: str, found: Sequence[Mention]) -> Iterator[Mention]:
    """Mentions, those that are one name in several parts put together: “Islamic Resistance in Iraq”."""
    waiting: Mention | None = None
    for each in found:
        if waiting is None:
            waiting = each
        elif _is_one_name(text, waiting, each):
            joined = text[waiting.start : each.end]
            waiting = Mention(joined, waiting.start, each.end, is_name=True, is_plural=waiting.is_plural)
        else:
            yield waiting
            waiting = each
    if waiting is not None:
        yield waiting


def _is_one_name(text: str, first: Mention, second: Mention) -> bool:
    if not (first.is_name and second.is_name):
        return False
    between = text[first.end : second.start].strip().casefold()
    several = sum(token.low not in DETERMINERS for token in tokens(first.text)) > 1
    return between == "of" or (between == "in" and several)
