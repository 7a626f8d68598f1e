"""Who speaks where a passage says only “he said” or “the mayor said”. Pure.

News names a speaker once and goes on with a pronoun or a description for paragraphs: “Yet he warned that …”. Read
alone, such a passage answers nothing about the person; read after the words that name them (“Asadi told Newsweek”), it
does. What is doubtful is left alone: to read a passage after the wrong name is worse than to read it after none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from onrecord.index.passages.vocabulary import (
    MONTHS,
    ROLE,
    SAYS,
    TITLE,
    TITLE_OF_A_MAN,
    TITLE_OF_A_WOMAN,
    WEEKDAYS,
    any_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Passage

REACH = 4
"""How many body passages back a speaker is looked for."""

FAR = 40
"""How many body passages back it is looked for who is described so: “the mayor” is named once in an article."""

_NO_NAMES = (
    "He She They It We I You Who This That These Those There Someone Nobody And But Yet Also The An? His Her Its Their "
    "Our My In On At By For From With As If When While After Before Since Until Later Then Now So One Some Another "
    "Others? Both According"
)
_NO_NAME = rf"(?!{any_of(f'{_NO_NAMES} {WEEKDAYS} {MONTHS}')}\b)"
_WORD = rf"{_NO_NAME}[A-Z][\w’'-]*\.?"
_NAME = rf"{_WORD}(?: (?:(?:al|el|bin|de|van|von|of|the)[ -]){{0,2}}{_WORD}){{0,6}}"
# With the article before it a name is no person's (“the Greens”): it is matched along, to be passed over.
_THE_NAME = rf"\b(?P<the>[Tt]he )?(?P<name>{_NAME})"
_ADVERBS = r"(?:(?:\w+ly|also|then|later|once|has|had) ){0,2}"
_APPOSITION = r"(?:, (?!(?:and|but|or|where|which)\b)[a-z][^.;:?!“”\",]{1,80},)?"
_SPEAKS = re.compile(rf"(?:{_THE_NAME}{_APPOSITION}|\b[a-z]+, (?P<apposed>{_NAME}),) {_ADVERBS}{SAYS}")
# Elsewhere than after speech or between commas the verb is not followed by who speaks: “he said Iran would …”.
_IS_QUOTED = re.compile(
    rf"(?:(?<=[”\"] )|(?<=, )(?=[^,.]*,)){SAYS} (?:(?!(?:of|in|at|for|from|that|to) )[\w’'-]+,? ){{0,6}}?"
    rf"(?P<name>{_NAME})(?=[.,;:(”\"]|$| (?:of|from|in|at|who|on|after|when|as|to|during)\b)"
)
_PERSON = re.compile(rf"{_THE_NAME}(?:, [1-9]\d,|,? who\b| (?:himself|herself)\b)|\b{TITLE} (?P<titled>{_NAME})")
_SUBJECT = re.compile(rf"(?:^|(?<=[.?!”\"] ))(?P<name>{_NAME})(?![’'\w-])")
_MENTION = re.compile(rf"\b(?P<name>{_NAME})(?![’'\w-])")
_LOWER_CASE = re.compile(r"\b[a-z]{3,}\b")
_CLAUSE_END = re.compile(r"[,.;:?!“”\"(\n]|$")
_SPEECH = re.compile(r"“[^“”\n]*”|\"[^\"\n]*\"")
_LESSER = r"(?:[Dd]eputy|[Ff]ormer|[Vv]ice|[Aa]ssistant)\b"
_UNNAMED = re.compile(
    rf"\b(?P<pronoun>[Hh]e|[Ss]he) {_ADVERBS}{SAYS}|\b{SAYS} (?P<pronoun_after>he|she)\b|"
    rf"\b[Tt]he (?:(?!{_LESSER})[\w-]+ )?(?P<role>{ROLE}) {_ADVERBS}{SAYS}|"
    rf"(?<=[”\"] ){SAYS} the (?:(?!{_LESSER})[\w-]+ )?(?P<role_after>{ROLE})(?=[.,])"
)
_TITLES_OF_THE_OTHER = {"he": re.compile(rf"{TITLE_OF_A_WOMAN}\b"), "she": re.compile(rf"{TITLE_OF_A_MAN}\b")}


def speaker_of(text: str, passage: Passage, lead: tuple[int, int], before: Sequence[Passage]) -> tuple[int, int] | None:
    """Where the words stand that name the speaker whom a passage calls “he”, “she” or, say, “the mayor”.

    Args:
        text: the article's.
        passage: what is to be understood.
        lead: half-open offsets of what is read before it anyway.
        before: body passages before it, in text order.

    Returns:
        Half-open offsets of a clause such as “Asadi told Newsweek”, or None where the passage or its lead names the
        speaker, says nothing of one, or nobody is named near before it who it can be.
    """
    said = _without_speech(passage.text)
    unnamed = _UNNAMED.search(said)
    if unnamed is None or _names_somebody(text, said[: unnamed.start()]):
        return None
    role = unnamed["role"] or unnamed["role_after"]
    if role:
        found = _described(text, role, lead, before)
    else:
        found = _named(text, (unnamed["pronoun"] or unnamed["pronoun_after"]).lower(), before)
    if found is None or lead[0] <= found[0] < lead[1]:
        return None
    end = _CLAUSE_END.search(text, found[1])
    return found[0], found[0] + len(text[found[0] : end.start() if end else len(text)].rstrip())


def _named(text: str, pronoun: str, before: Sequence[Passage]) -> tuple[int, int] | None:
    """Who spoke last in the nearest passage that has a person, or is the only one in it and its subject."""
    for earlier in reversed(before[-REACH:]):
        said = _without_speech(earlier.text)
        speakers = _speakers(text, said)
        fitting = [each for each in speakers if not _TITLES_OF_THE_OTHER[pronoun].match(said, each.start())]
        if fitting:
            return earlier.start + fitting[-1].start(), earlier.start + fitting[-1].end()
        mentioned = {_surname(each["name"]) for each in _MENTION.finditer(said)} & _people(text)
        if mentioned and not speakers:
            subject = next((each for each in _SUBJECT.finditer(said) if _surname(each["name"]) in mentioned), None)
            if subject is None or len(mentioned) > 1:
                return None
            comma = said.startswith(", ", subject.end())
            return earlier.start + subject.start(), earlier.start + subject.end() + comma
    return None


def _described(text: str, role: str, lead: tuple[int, int], before: Sequence[Passage]) -> tuple[int, int] | None:
    """Where the one name is given a role: “Mayor Ada Moss”, “Ada Moss, the mayor of”; “Ada Moss, 41,” if by age."""
    if not before:
        return None
    start = before[max(0, len(before) - FAR)].start
    found = [*_given(role).finditer(_without_speech(text[start : before[-1].end]))]
    surnames = {_surname(next(filter(None, each.groups()))) for each in found}
    if len(surnames) != 1 or surnames.pop() in text[slice(*lead)]:
        return None
    return start + found[-1].start(), start + found[-1].end()


@lru_cache(maxsize=256)
def _given(role: str) -> re.Pattern[str]:
    """An expression for a role, or an age, being given to a name, with the name in one of its groups."""
    age = "1[3-9]" if role == "teenager" else role.removesuffix("-year-old")
    if age != role:
        return re.compile(rf"\b({_NAME}), {age},")
    return re.compile(
        rf"(?<!eputy )(?<!ormer )(?<!ice )(?<!ssistant )\b(?i:{role}) ({_NAME})|\b{role}, ({_NAME})(?=[,.])|"
        rf"(?<!\b[Ii]n )(?<!\b[Aa]t )\b({_NAME}), (?:[1-9]\d, )?(?:the|an?|its|his|her|their) "
        rf"(?:(?!{_LESSER})[^.,;:?!“”\" ]+ ){{0,8}}?{role}"
        rf"(?: (?:of|for|at|in|from) [^.,;:?!“”\"]{{1,60}})?(?=[,.])"
    )


def _names_somebody(text: str, said: str) -> bool:
    """Whether a text names who speaks, tells of a person as such, or begins a sentence with one."""
    if _speakers(text, said) or _PERSON.search(said):
        return True
    return any(_surname(each["name"]) in _people(text) for each in _SUBJECT.finditer(said))


def _speakers(text: str, said: str) -> list[re.Match[str]]:
    """Where a name is said to speak, in order; a word that the article also has in lower case is none (“Police”)."""
    found = [*(each for each in _SPEAKS.finditer(said) if not each["the"]), *_IS_QUOTED.finditer(said)]
    common = _lower_case(text)
    return sorted((each for each in found if _name(each).lower() not in common), key=re.Match.start)


@lru_cache(maxsize=16)
def _people(text: str) -> frozenset[str]:
    """The last words of names that an article treats as persons: they speak, have an age, a title, or are a “who”."""
    said = _without_speech(text)
    found = [*_speakers(text, said), *(each for each in _PERSON.finditer(said) if not each["the"])]
    return frozenset(_surname(_name(each)) for each in found)


@lru_cache(maxsize=16)
def _lower_case(text: str) -> frozenset[str]:
    return frozenset(_LOWER_CASE.findall(text))


def _name(found: re.Match[str]) -> str:
    """The name in a match of any expression that has one."""
    return next(found[group] for group in ("name", "apposed", "titled") if found.groupdict().get(group))


def _surname(name: str) -> str:
    return re.split(r"[ -]", name)[-1]


def _without_speech(text: str) -> str:
    """The text with blanks where the words of quotations stand, so that nobody in them is taken for a speaker."""
    return _SPEECH.sub(lambda found: found[0][0] + " " * (len(found[0]) - 2) + found[0][-1], text)
