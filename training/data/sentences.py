"""Sentence ends, good enough to crop training passages at, and the crops themselves."""

import random
import re
from dataclasses import dataclass

from training.data.splits import Span

_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*(\s+)(?=[\"'“‘(\[]?[A-Z0-9])|(\s*\n\s*)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Gov|Gen|Sen|Rep|Lt|Col|Sgt|Prof|Jr|Sr|vs|No|Inc|Co|Corp|Ltd|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec|cf|ca|approx)"
    r"|\b[A-Z]|\b[A-Z]\.[A-Z]|e\.g|i\.e)\.$"
)


@dataclass(frozen=True, slots=True)
class Crop:
    """A stretch of a context, with the tail of what stood before it. ``start`` is its offset in the context."""

    start: int
    text: str
    lead: str

    def holds(self, span: Span) -> bool:
        """Say whether a span of the context lies wholly inside."""
        return self.start <= span.start and span.end <= self.start + len(self.text)


def sentence_spans(text: str) -> list[Span]:
    """Return the sentences in order, without the white space between them."""
    spans: list[Span] = []
    start = 0
    for found in _END.finditer(text):
        gap = 1 if found.group(1) else 2
        end, after = found.start(gap), found.end(gap)
        if gap == 1 and _ABBREVIATION.search(text, max(0, end - 12), end):
            continue
        if text[start:end].strip():
            spans.append(_stripped(text, start, end))
        start = after
    if text[start:].strip():
        spans.append(_stripped(text, start, len(text)))
    return spans


def sentence_of(sentences: list[Span], position: int) -> int:
    """Return the index of the sentence that a position lies in, or of the last one before it."""
    return max((index for index, span in enumerate(sentences) if span.start <= position), default=0)


def crop_around(text: str, sentences: list[Span], core: tuple[int, int], size: int, rng: random.Random) -> Crop:
    """Return the sentences of ``core``, first and last, grown at random on either side up to ``size`` characters."""
    first, last = core
    while True:
        room = size - (sentences[last].end - sentences[first].start)
        sides = []
        if first > 0 and sentences[first].start - sentences[first - 1].start <= room:
            sides.append(-1)
        if last + 1 < len(sentences) and sentences[last + 1].end - sentences[last].end <= room:
            sides.append(1)
        if not sides:
            break
        if rng.choice(sides) < 0:
            first -= 1
        else:
            last += 1
    return crop(text, sentences, first, last)


def crop(text: str, sentences: list[Span], first: int, last: int) -> Crop:
    """Return the sentences ``first``..``last`` with the sentence before them as lead."""
    start, end = sentences[first].start, sentences[last].end
    lead = text[sentences[first - 1].start : sentences[first - 1].end] if first > 0 else ""
    return Crop(start=start, text=text[start:end], lead=lead)


def crops_of(text: str, sentences: list[Span], size: int) -> list[Crop]:
    """Return the whole text as crops of about ``size`` characters each, cut at sentence ends."""
    crops: list[Crop] = []
    first = 0
    for index in range(len(sentences)):
        full = index + 1 == len(sentences) or sentences[index + 1].end - sentences[first].start > size
        if full:
            crops.append(crop(text, sentences, first, index))
            first = index + 1
    return crops


def _stripped(text: str, start: int, end: int) -> Span:
    body = text[start:end]
    return Span(start + len(body) - len(body.lstrip()), end - len(body) + len(body.rstrip()))
