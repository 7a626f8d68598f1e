"""Follow-ups: in which words a question that leans on earlier ones is searched and read. Pure.

“What did he say about Jordan?” is searched and read as “What did Asadi say about Jordan?”: with a name put for the
pronoun, with the known part of the last question where only “why?” was asked, or with one part of it exchanged for
“And Jordan?”. None of this is ever shown. The last question is never put beside the new one whole, because a reader
answers that one then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onrecord.rag.answer import MAX_QUESTION_LENGTH
from onrecord.rag.conversation.grammar import Frame, Token, tokens, words
from onrecord.rag.conversation.leaning import Lean, Leaning, leaning
from onrecord.rag.conversation.referents import Understood, places, referents
from onrecord.rag.conversation.word_classes import (
    BE,
    DEMONSTRATIVES,
    DO,
    HAVE,
    OPENINGS,
    PERSONAL,
    POSSESSIVE,
    PREPOSITIONS,
    WH_WORDS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_FORMULATIONS = 2

_OPENING = re.compile(rf"\s*(?:\b(?:{'|'.join(sorted(OPENINGS))})\b[\s,]*)+", re.IGNORECASE)
_SAYS_NOTHING_NEW = BE | DEMONSTRATIVES | frozenset(["exactly", "then", "so", "not", "it", "did", "happen"])


def formulations(question: str, before: Sequence[Understood]) -> tuple[str, ...]:
    """The wordings in which to search and read a question, at most two; the first is to be preferred.

    Args:
        question: as it was asked.
        before: the turns before it, oldest first.

    Returns:
        The question alone where it stands on its own, or where nothing before it tells what it leans on.
    """
    leans = leaning(question) if before else None
    if leans is None:
        return (question,)
    found = dict.fromkeys(
        f"{wording.rstrip(' ?.!')[: MAX_QUESTION_LENGTH - 1]}?" for wording in _reworded(question, leans, before)
    )
    if leans.lean is Lean.JOINED:
        found = {question: None} | found
    return tuple(found)[:MOST_FORMULATIONS] or (question,)


def _reworded(question: str, leans: Leaning, before: Sequence[Understood]) -> Iterator[str]:
    last = before[-1]
    match leans.lean:
        case Lean.PRONOUN if leans.at.low in DEMONSTRATIVES | {"so"}:
            yield from _with_event(question, leans.at, last)
        case Lean.PRONOUN if leans.at.low == "there":
            yield from (_put(question, leans.at, f"in {place}") for place in places(before))
        case Lean.PRONOUN:
            yield from _with_names(question, leans.at, before)
        case Lean.BARE:
            yield from _asked_anew(question, last)
        case Lean.FRAGMENT:
            yield from _exchanged(question[leans.at.start :].rstrip(" ?.!"), last)
        case Lean.SPARSE | Lean.JOINED:
            yield f"{question.rstrip(' ?')} {_known(last)}"


def _with_names(question: str, pronoun: Token, before: Sequence[Understood]) -> Iterator[str]:
    """The question with what the pronoun may stand for, and a second one likewise: “Why did he order them?”."""
    for name in referents(pronoun.low, before):
        wording = _with_name(question, pronoun, name)
        again = leaning(wording)
        others = referents(again.at.low, before) if again is not None and again.at.low in PERSONAL else []
        yield _with_name(wording, again.at, others[0]) if again is not None and others else wording


def _with_name(question: str, pronoun: Token, name: str) -> str:
    following = next((token for token in tokens(question) if token.start >= pronoun.end), None)
    is_object = pronoun.low == "her" and (following is None or not following.is_content)
    possessive = pronoun.low in POSSESSIVE and not is_object
    return _OPENING.sub("", _put(question, pronoun, f"{name}'s" if possessive else name), count=1)


def _put(question: str, token: Token, text: str) -> str:
    """The question with a text for a word, of which a contraction stays: “it's”."""
    contracted = question[token.start : token.end].casefold().removeprefix(token.low)
    return question[: token.start] + text + contracted + question[token.end :]


def _with_event(question: str, token: Token, last: Understood) -> Iterator[str]:
    """“that” stands for what the last question was about, or for what was answered; “that strike” for its strike."""
    following = next((each for each in tokens(question) if each.start >= token.end), None)
    if following is None or not following.is_content:
        yield _put(question, token, _known(last))
        if last.short_answer:
            yield _put(question, token, last.short_answer)
        return
    same = [each.text for each in last.mentions(last.text) if each.head == following.low]
    for text in same:
        yield question[: token.start] + text + question[following.end :]
    if not same:
        yield f"{_put(question, token, 'the').rstrip(' ?')} {_known(last)}"


def _asked_anew(question: str, last: Understood) -> Iterator[str]:
    """“why?” about what is known in the last question."""
    frame = Frame.of(last.text)
    if frame is None:
        return
    kept = [token for token in words(question) if token.low not in _SAYS_NOTHING_NEW]
    asks = "why" if [token.low for token in kept] == ["how", "come"] else " ".join(token.text for token in kept)
    wh = next((token.low for token in kept if token.low in WH_WORDS), "")
    if wh == frame.wh_word and len(kept) == 1:  # “why?” once more asks about the answer
        if last.answer:
            yield f"{asks} {last.answer}"
        return
    subject = frame.noun if frame.inverted else last.short_answer or frame.noun
    auxiliary, _, rest = frame.rest.partition(" ")
    said = rest if not frame.asked and auxiliary.casefold() in DO else frame.rest  # “Does he trust them? Why not?”
    parts = (asks, auxiliary, subject, rest) if auxiliary.casefold() in BE | HAVE else (asks, subject, said)
    yield " ".join(part for part in parts if part)


def _exchanged(fragment: str, last: Understood) -> Iterator[str]:
    """The last question with what a fragment names in place of the like part of it."""
    text = last.text.rstrip(" ?.!")
    opening = tokens(fragment)[0].low
    found = last.mentions(text)
    if opening in PREPOSITIONS:
        like = next((token for token in tokens(text) if token.low == opening), None)
        if like is None:
            yield f"{text} {fragment}"
        else:
            end = next((each.end for each in found if each.start >= like.end), len(text))
            yield f"{text[: like.start]}{fragment}{text[end:]}"
        return
    is_name = any(each.is_name for each in last.mentions(fragment))
    frame = Frame.of(text)
    if frame is not None and frame.noun and not is_name:
        yield text.replace(frame.noun, fragment, 1)
    about = text.find(" about ")
    after_about = [each for each in found if 0 <= about < each.start][:1]
    alike = [each for each in found if each.is_name == is_name] or list(found)
    for each in [*after_about, *alike[:1], *alike[-1:]]:
        yield f"{text[: each.start]}{fragment}{text[each.end :]}"


def _known(turn: Understood) -> str:
    """What the turn takes for known, without the words that ask, and with an answer that is a person or place."""
    frame = Frame.of(turn.text)
    if frame is None:
        return turn.text.rstrip(" ?.!")
    rest = tokens(frame.rest)
    skip = rest[1].start if frame.inverted and len(rest) > 1 else 0
    answer = turn.short_answer if frame.wh_word in {"who", "where", "which"} else ""
    parts = (answer, frame.noun if frame.inverted else "", frame.rest[skip:].rstrip(" ?.!"))
    return " ".join(part for part in parts if part)
