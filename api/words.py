"""Fixed words of answers, and text made fit to be shown where control characters are obeyed.

The page's are those of `http/page/static/words.js`: the same, and a test holds them together.
"""

from __future__ import annotations

import re

from onrecord.rag.answer import Reason

NOT_FOUND = "The articles do not answer this."

DISAGREE = "The articles do not agree on this."
MAY_ANSWER = 0.2
"""From this confidence on, which holds of one passage in five, what was refused is told as what may answer."""

NOT_SURELY_FOUND = "The articles do not surely answer this."
MAYBE = "A passage may answer it, but not surely enough to be quoted."

REASONS = {
    Reason.NO_RELEVANT_PASSAGE: "No passage is about what you asked.",
    Reason.NO_ANSWER_IN_PASSAGES: "Some passages come close, but none of them says it.",
    Reason.EMPTY_CORPUS: "There are no articles to read yet.",
}
"""Why the articles do not answer, for people."""

LEVELS = (
    (0.8, "Very likely the answer"),
    (0.5, "Likely the answer"),
    (MAY_ANSWER, "Possibly the answer"),
    (0.0, "Unlikely to be the answer"),
)
"""What a confidence is called, by the lowest that is called so. They follow what it means, not a reader's threshold."""

# What a terminal would obey instead of show: control characters but tab and line feed, and the embeddings, overrides
# and isolates that reorder the text around them.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def refusal(reason: Reason, confidence: float) -> str:
    """Two sentences: that the articles do not answer, and why; `confidence` is that of what came closest."""
    if confidence >= MAY_ANSWER:
        return f"{NOT_SURELY_FOUND} {MAYBE}"
    return f"{NOT_FOUND} {REASONS[reason]}"


def confidence_words(probability: float) -> str:
    """A confidence in [0, 1] in words."""
    return next(words for lowest, words in LEVELS if probability >= lowest)


def printable(text: str) -> str:
    """Text with what a terminal would obey replaced by U+FFFD, one for one."""
    return _OBEYED.sub("\ufffd", text)
