"""What a pronoun of a question stands for, among what earlier turns spoke of. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.rag.conversation.grammar import Frame, tokens
from onrecord.rag.conversation.mentions import Kind, Mention, kind, mentions
from onrecord.rag.conversation.word_classes import OF_MANY, OF_PERSONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST_NAMED_ANSWER = 8
"""Most words of an answer that can be what a pronoun stands for."""

_MOST_MENTIONS = 12
"""Of how many mentions of a text the kind is looked for."""


@dataclass(frozen=True, slots=True)
class Understood:
    """An earlier question as it was understood.

    `text` is the formulation that was read, `answer` and `sentence` are what was highlighted and quoted for it, and
    `seen` holds the passages that were found: how they write of a name tells what it is. All but `text` may be empty.
    """

    text: str
    answer: str = ""
    sentence: str = ""
    seen: str = ""

    @property
    def short_answer(self) -> str:
        """The answer where it is short enough to be what a pronoun stands for."""
        return self.answer if len(tokens(self.answer)) <= _LONGEST_NAMED_ANSWER else ""

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """What a text of this turn mentions."""
        return mentions(text, self.seen)[:_MOST_MENTIONS]

    def kind(self, mention: Mention) -> Kind:
        """What a mention is, by the question and what was found for it."""
        return kind(mention, f"{self.text}\n{self.seen}")


def referents(pronoun: str, before: Sequence[Understood]) -> list[str]:
    """What a pronoun may stand for, likeliest first: of the latest turn that has anything fitting."""
    for at in range(len(before) - 1, -1, -1):
        found = _of_turn(pronoun, before[at], before[at - 1] if at else None)
        if found:
            return list(dict.fromkeys(found))
    return []


def places(before: Sequence[Understood]) -> Iterator[str]:
    """What “there” may stand for, likeliest first: places answered or named in the latest turns."""
    for turn in reversed(before):
        frame = Frame.of(turn.text)
        if frame is not None and (frame.wh_word == "where" or (frame.wh_word in {"what", "which"} and frame.noun)):
            yield from (each.text for each in turn.mentions(turn.short_answer) if each.is_name)
        for each in turn.mentions(turn.text):
            located = re.search(r"\b(?:in|at|near) $", turn.text[: each.start], re.IGNORECASE)
            if each.is_name and (located or turn.kind(each) is Kind.PLACE):
                yield each.text


def _of_turn(pronoun: str, turn: Understood, previous: Understood | None) -> list[str]:
    spoken = [each for each in _salient(turn, previous, pronoun) if _fits(each, pronoun, turn)]
    if pronoun in OF_PERSONS:
        return _people(spoken, turn) or _people(turn.mentions(turn.sentence), turn) or [each.text for each in spoken]
    if pronoun in OF_MANY:
        spoken.sort(key=lambda each: (turn.kind(each) is Kind.PERSON, not each.is_plural))
    return [each.text for each in spoken]


def _salient(turn: Understood, previous: Understood | None, pronoun: str) -> list[Mention]:
    """What a turn speaks of, most prominent first.

    First stands what the turn before spoke of too, the backward-looking centre of Grosz, Joshi & Weinstein (1995); then
    what was answered where the question asks for its subject; then the other names and noun phrases of the question.
    """
    frame = Frame.of(turn.text)
    wh, noun = (frame.wh_word, frame.noun) if frame is not None else ("", "")
    own = [each for each in turn.mentions(turn.text) if wh not in {"what", "which"} or each.text not in noun]
    own.sort(key=lambda each: not each.is_name)
    spoken_of = f"{previous.text} {previous.answer}".casefold() if previous is not None else ""
    centre = [each for each in own if each.text.casefold() in spoken_of]
    named = [each for each in turn.mentions(turn.short_answer) if each.is_name]
    answered = named[:1] if wh in {"who", "whom", "what", "which"} else []
    asks_for_subject = frame is not None and not frame.inverted and (wh != "who" or pronoun not in {"it", "its"})
    return [*centre, *answered, *own] if asks_for_subject else [*centre, *own, *answered]


def _fits(mention: Mention, pronoun: str, turn: Understood) -> bool:
    what = turn.kind(mention)
    if pronoun in OF_PERSONS:
        return mention.is_name and what in {Kind.PERSON, Kind.UNKNOWN}
    if pronoun in OF_MANY:
        return what is not Kind.PLACE and (mention.is_name or mention.is_plural)
    return what is not Kind.PERSON and (mention.is_name or not mention.is_plural)


def _people(found: Sequence[Mention], turn: Understood) -> list[str]:
    """Those that are persons, by the last name where the articles use it alone; of a single one, the whole name too."""
    names: dict[str, str] = {}
    for each in found:
        if turn.kind(each) is Kind.PERSON:
            last = re.split(r"[\s-]", each.text)[-1]
            alone = rf"(?<![A-Z][\w.] )(?<![\w-]){re.escape(last)}\b"
            names.setdefault(last if re.search(alone, turn.seen, re.IGNORECASE) else each.text, each.text)
    return [*names] if len(names) > 1 else [name for item in names.items() for name in item]
