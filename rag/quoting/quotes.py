"""Spans → what is quoted: trimmed, and the whole sentences around them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.index.passages.sentences import sentences
from onrecord.rag.answer import Span
from onrecord.rag.quoting.speech import speech_around
from onrecord.rag.quoting.turns import whole

if TYPE_CHECKING:
    from onrecord.index.records import Article, Passage

_EDGES = " \t\r\n,;:–—-"


def trimmed(article: Article, start: int, end: int) -> Span:
    """The span without the white space and the dangling punctuation at its ends; whole if there is nothing else."""
    text = article.text[start:end]
    left = len(text) - len(text.lstrip(_EDGES))
    right = len(text.rstrip(_EDGES))
    return Span.of(article, start + left, start + right) if left < right else Span.of(article, start, end)


def read_whole(article: Article, passage: Passage, highlight: Span) -> Span:
    """The highlight with what turns it round in the sentences that it stands in (`rag.quoting.turns`)."""
    found = [(passage.start + each.start, passage.start + each.end) for each in sentences(passage.text)]
    inside = [(start, end) for start, end in found if start < highlight.end and highlight.start < end]
    first, last = (
        min([highlight.start, *(start for start, _ in inside)]),
        max([highlight.end, *(end for _, end in inside)]),
    )
    start, end = whole(article.text[first:last], highlight.start - first, highlight.end - first)
    return Span.of(article, first + start, first + end)


def surrounding_sentences(article: Article, passage: Passage, start: int, end: int) -> Span:
    """The whole sentences of the passage that hold `[start, end)` of the article, with the speech they are part of."""
    found = sentences(passage.text)
    inside = [
        at
        for at, sentence in enumerate(found)
        if passage.start + sentence.start < end and start < passage.start + sentence.end
    ]
    if not inside:
        return Span.of(article, start, end)
    first, last = speech_around(passage.text, found, inside[0], inside[-1])
    return Span.of(article, min(start, passage.start + found[first].start), max(end, passage.start + found[last].end))
