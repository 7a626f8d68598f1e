"""Fixed words of answers, and text made fit to be shown where control characters are obeyed."""

from __future__ import annotations

import re

NOT_FOUND = "The articles do not answer this."

REASONS = {
    "no_relevant_passage": "No passage is about what you asked.",
    "no_answer_in_passages": "Some passages come close, but none of them says it.",
    "empty_corpus": "There are no articles to read yet: onrecord index PATH adds some.",
}

# What a terminal would obey instead of show: control characters but tab and line feed, and the embeddings, overrides
# and isolates that reorder the text around them.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Text with what a terminal would obey replaced by U+FFFD, one for one."""
    return _OBEYED.sub("\ufffd", text)
