"""Somebody's own words come before what others report of them, where the question names who spoke. Pure.

“What did Asadi threaten?” is answered by what he said between quotation marks and by what is told of it. A reader finds
both; the first is the better evidence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Hit
    from onrecord.rag.reading.judge import Judged
    from onrecord.rag.reading.spans import ScoredSpan

NEARLY = 0.2
"""How much less likely than the likeliest somebody's own words may be, and still come before it."""

_SPEECH = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)")
_WORD = re.compile(r"\w+")


def own_words_first(question: str, hits: Sequence[Hit], judged: Sequence[Judged]) -> list[Judged]:
    """What answers in the words of somebody whom the question names, then the rest; each in its order.

    Args:
        question: as it was read.
        hits: what was found.
        judged: what to make of those that were read, the likeliest first.
    """
    least = max((each.confidence for each in judged), default=0.0) - NEARLY

    def first(each: Judged) -> bool:
        own = each.span is not None and each.answers and each.confidence >= least
        return own and each.span is not None and _said(hits[each.place], each.span, question)

    return sorted(judged, key=lambda each: not first(each))


def _said(hit: Hit, span: ScoredSpan, question: str) -> bool:
    """Whether a span lies between quotation marks, and around them stands a name that the question has, too."""
    text, start, end = hit.passage.text, span.start - hit.passage.start, span.end - hit.passage.start
    speech = [found.span() for found in _SPEECH.finditer(text)]
    if not any(opens < start and end <= closes for opens, closes in speech):
        return False
    around = f"{hit.lead}\n{_SPEECH.sub(' ', text)}"
    words = set(_WORD.findall(around))
    asked = {word.casefold() for word in _WORD.findall(question)}
    return any(word[0].isupper() and word.casefold() in asked and word.lower() not in words for word in words)
