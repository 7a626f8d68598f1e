"""A question of the text that only repeats the one asked is no answer: what follows it is. Pure.

Lists of questions and answers, interviews and transcripts hold the very words that are asked, and no passage looks
likelier to a reader than these. The answer stands behind them: in the same passage, or in the next, which is read with
the question before it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING

from onrecord.index.passages.sentences import sentences
from onrecord.rag.reading.reader import Reading

if TYPE_CHECKING:
    from onrecord.index.records import Hit

MOSTLY = 0.5
"""A question repeats another where more than this share of its words are the other's."""

_ASKS = re.compile(r"[?？؟][\"”’'»)\]]*$")
_WORD = re.compile(r"\w+")
_STEM = 5
_WORDS = (
    "a an and are at be been by can could did do does for from had has have how i if in is it its me my of on or our q "
    "should that the their there they this to was we were what when where which who whom whose why will with would you "
    "your"
)
_LITTLE = frozenset(_WORDS.split())
_RESPONDS = re.compile(r"A[.:]\s+")


def answering(question: str, hit: Hit, reading: Reading) -> Reading:
    """The reading with its span behind a question that repeats the one asked; without one where nothing follows."""
    span = reading.span
    if span is None:
        return reading
    text, start = hit.passage.text, hit.passage.start
    found = sentences(text)
    at = next((i for i, each in enumerate(found) if span.start < start + each.end), 0)
    if not found or not repeats(text[found[at].start : found[at].end], question):
        return reading
    answer = next(dropwhile(lambda each: _ASKS.search(text[each.start : each.end]), found[at:]), None)
    if answer is None:
        return Reading(reading.relevance, None)
    label = _RESPONDS.match(text, answer.start)
    begins, ends = start + (label.end() if label else answer.start), start + answer.end
    return Reading(reading.relevance, replace(span, start=begins, end=span.end if span.end > begins else ends))


def repeats(sentence: str, question: str) -> bool:
    """Whether a sentence is a question, and most of it stands in the one that was asked."""
    if not _ASKS.search(sentence):
        return False
    own, asked = _stems(sentence), _stems(question)
    return len(own & asked) > MOSTLY * len(own)


def _stems(text: str) -> frozenset[str]:
    """The beginnings of the words that say something; of all words where there are only little ones."""
    words = _WORD.findall(text.casefold())
    return frozenset(word[:_STEM] for word in words if word not in _LITTLE) or frozenset(words)
