"""A question of the text is no answer to the one asked: what follows it is. Pure.

Lists of questions and answers, interviews and transcripts hold the very words that are asked, and no passage looks
likelier to a reader than these. The answer stands behind them: in the same passage, or in the next, which is read with
the question before it and is then as likely as that looked.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING

from onrecord.index.passages.sentences import sentences
from onrecord.rag.reading.reader import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Hit

MOSTLY = 0.5
"""A question repeats another where more than this share of its words are the other's."""

_ASKS = re.compile(r"[?？؟][\"”’'»)\]]*$")
_WORD = re.compile(r"\w+")
_TELLS = re.compile(r"\d|(?<=\w )(?!I\b)[A-Z]")
_STEM = 5
_WORDS = (
    "a an and are at be been by can could did do does for from had has have he her him his how i if in is it its me my "
    "of on or our q she should that the their them there they this to us was we were what when where which who whom "
    "whose why will with would you your"
)
_LITTLE = frozenset(_WORDS.split())
_RESPONDS = re.compile(r"\s*A[.:]\s+")


def answers_behind_questions(question: str, hits: Sequence[Hit], readings: Sequence[Reading]) -> list[Reading]:
    """Readings of hits in which no question of the text answers, but what follows it.

    Args:
        question: the one that was asked.
        hits: what was read.
        readings: what a reader made of each; a span in a question goes to what follows that in its passage, and where
            nothing does, its evidence to the passage that is read with this question before it.
    """
    found = [_behind(question, *each) for each in zip(hits, readings, strict=True)]
    for at, (hit, asked, told) in enumerate(zip(hits, readings, found, strict=True)):
        if asked.span is None or told.span is not None:
            continue
        for place, other in enumerate(hits):
            reading = found[place]
            follows = place != at and other.article.id == hit.article.id and other.lead.endswith(hit.passage.text)
            if follows and reading.span is not None:
                span = replace(reading.span, score=max(reading.span.score, asked.span.score))
                found[place] = Reading(max(reading.relevance, asked.relevance), span)
    return found


def repeats(sentence: str, question: str) -> bool:
    """Whether a sentence is a question, and most of it stands in the one that was asked."""
    if not _ASKS.search(sentence):
        return False
    own, asked = _stems(sentence), _stems(question)
    return len(own & asked) > MOSTLY * len(own)


def _behind(question: str, hit: Hit, reading: Reading) -> Reading:
    """The reading with its span behind a question that it lies in; without one where nothing follows."""
    span = reading.span
    if span is None:
        return reading
    text, first = hit.passage.text, hit.passage.start
    found = sentences(text)
    at = next((i for i, each in enumerate(found) if span.start < first + each.end), 0)
    asks = bool(found) and _only_asks(text[found[at].start : found[at].end], hit.article.text[span.start : span.end])
    if not asks and not (found and repeats(text[found[at].start : found[at].end], question)):
        label = _RESPONDS.match(text)
        begins = first + label.end() if label else span.start
        return replace(reading, span=replace(span, start=begins)) if span.start < begins < span.end else reading
    answer = next(dropwhile(lambda each: _ASKS.search(text[each.start : each.end]), found[at:]), None)
    if answer is None:
        return Reading(reading.relevance, None)
    label = _RESPONDS.match(text, answer.start)
    begins = first + (label.end() if label else answer.start)
    return Reading(
        reading.relevance, replace(span, start=begins, end=span.end if span.end > begins else first + answer.end)
    )


def _only_asks(sentence: str, pointed_at: str) -> bool:
    """Whether a sentence is a question, nobody's speech, and what is pointed at in it has neither figure nor name."""
    return bool(_ASKS.search(sentence)) and sentence[0] not in "“\"‘'" and not _TELLS.search(pointed_at)


def _stems(text: str) -> frozenset[str]:
    """The beginnings of the words that say something; of all words where there are only little ones."""
    words = _WORD.findall(text.casefold())
    return frozenset(word[:_STEM] for word in words if word not in _LITTLE) or frozenset(words)
