"""Reader scores → verbatim spans, and spans → the whole sentences around them. Pure.

A span is an inclusive pair of passage tokens; its score is how far start + end stand above those of the null answer at
[CLS], as in Devlin et al. 2019 for SQuAD 2.0. Offsets count code points, half-open, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from onrecord.index.passages.sentences import sentences
from onrecord.rag.answer import Span
from onrecord.rag.speech import speech_around

if TYPE_CHECKING:
    from onrecord.index.records import Article, Passage

Logits = NDArray[np.float32]

LONGEST_SPAN = 40
"""Most tokens in a span: a clause, not a paragraph."""

_EDGES = " \t\r\n,;:–—-"


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """Half-open offsets in the article's text, with the score of the span over the null answer in logits."""

    start: int
    end: int
    score: float


def best_span(
    start: Logits, end: Logits, offsets: NDArray[np.int64], *, null: float, longest: int = LONGEST_SPAN
) -> tuple[int, int, float] | None:
    """The likeliest possible span: it ends where or after it starts, and is not longer than `longest` tokens.

    Args:
        start: start logits of the passage's tokens. *Shape:* `(tokens,)`
        end: end logits of the same tokens. *Shape:* `(tokens,)`
        offsets: where each token stands in the passage. *Shape:* `(tokens, 2)`
        null: start + end logit of the null answer.
        longest: most tokens in a span.

    Returns:
        Start and end in the passage, and the score over the null answer; None for a passage without tokens.
    """
    count = len(start)
    if count == 0:
        return None
    scores = start[:, np.newaxis] + end[np.newaxis, :]
    possible = np.triu(np.ones((count, count), dtype=bool)) & ~np.triu(np.ones((count, count), dtype=bool), k=longest)
    first, last = np.unravel_index(np.argmax(np.where(possible, scores, -np.inf)), scores.shape)
    return int(offsets[first, 0]), int(offsets[last, 1]), float(scores[first, last]) - null


def trimmed(article: Article, start: int, end: int) -> Span:
    """The span without the white space and the dangling punctuation at its ends; whole if there is nothing else."""
    text = article.text[start:end]
    left = len(text) - len(text.lstrip(_EDGES))
    right = len(text.rstrip(_EDGES))
    return Span.of(article, start + left, start + right) if left < right else Span.of(article, start, end)


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
