"""Fixed words of answers, and text made fit to be shown where control characters are obeyed."""

from __future__ import annotations

import re

from onrecord.rag.answer import Reason

NOT_FOUND = "The articles do not answer this."

DISAGREE = "The articles do not agree on this."

REASONS = {
    Reason.NO_RELEVANT_PASSAGE: "No passage is about what you asked.",
    Reason.NO_ANSWER_IN_PASSAGES: "Some passages come close, but none of them says it.",
    Reason.EMPTY_CORPUS: "There are no articles to read yet.",
}
"""Why the articles do not answer, for people."""

# What a terminal would obey instead of show: control characters but tab and line feed, and the embeddings, overrides
# and isolates that reorder the text around them.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Text with what a terminal would obey replaced by U+FFFD, one for one."""
    return _OBEYED.sub("\ufffd", text)
