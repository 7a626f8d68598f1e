"""What a passage is read with: what it stands under, or the end of the passage before it. Pure.

Context is embedded and read with a passage and never quoted as its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from onrecord.index.passages.rows import worded
from onrecord.index.passages.sentences import SPACE, sentences
from onrecord.index.passages.structure import introduces, is_part, surroundings
from onrecord.index.passages.vocabulary import SAID
from onrecord.index.records import Lead, PassageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Article, Passage

LEAD = 240
"""Longest context before a passage, in code points; whole sentences where one fits."""

_LEANING = regex.compile(
    r"""^["“”'‘’(\[]*
    (and|but|or|so|yet|then|it|its|it[’']s|he|she|they|his|her|their|this|that|that[’']s|these|those|such|both|however
    |also|still|instead|meanwhile|moreover|in\ addition|more\ importantly|at\ the\ time|the\ latter|the\ former
    |according\ to\ (him|her|them)|days\ later|later|afterwards?|another|others?|we|our|i)\b""",
    flags=regex.IGNORECASE | regex.VERBOSE,
)

_ATTRIBUTION = regex.compile(
    rf"[”\"’',]\s*(he|she|they|it|the \w+) (also )?{SAID}",
    regex.IGNORECASE,
)


def leans(text: str) -> bool:
    """Whether a passage needs what stands before it to be understood (“And if it does not …,” he added)."""
    return bool(_LEANING.search(text) or _ATTRIBUTION.search(text))


def leads(article: Article, passages: Sequence[Passage]) -> tuple[Lead, ...]:
    """For each passage what it is read with: context for reading, never for quoting.

    That is what it stands under (`index.passages.structure`), else the end of the body passage before it. Captions
    interrupt a text without belonging to it: they get no lead and are no lead. The first passage of an article has
    none.
    """
    found: list[Lead] = []
    before: list[Passage] = []
    for passage, above in zip(passages, surroundings(article, passages), strict=True):
        body = passage.kind is PassageKind.BODY
        found.append(_lead(article.text, passage, before, above) if body else Lead())
        if body:
            before.append(passage)
    return tuple(found)


def _lead(text: str, passage: Passage, before: Sequence[Passage], above: Lead | None) -> Lead:
    if not before or (above is not None and is_part(passage.text)):
        return above or Lead()
    tail = _tail(text, before[-1])
    if above is None:
        return tail
    start = tail.start if leans(passage.text) and above.end - tail.start <= LEAD else above.start
    return Lead(start, above.end)


def topic(lead: str, passage: str) -> str:
    """The lead if it says what a passage is about, so that its words find it: a heading, the headings of columns."""
    return lead if is_part(passage) or introduces(lead) else ""


def embedding_text(title: str, lead: str, passage: str) -> str:
    """What is embedded for a passage: its title, the lead if it leans on it or is about it, and the passage."""
    row = worded(lead, passage)
    if row is not None:
        return "\n".join(filter(None, (title, row.lead, row.text)))
    return "\n".join(filter(None, (title, lead if leans(passage) else topic(lead, passage), passage)))


def _tail(text: str, passage: Passage) -> Lead:
    """The last sentences of a passage, as many as fit in `LEAD`; of a single longer one its last words that fit."""
    earliest = passage.end - LEAD
    for sentence in sentences(passage.text):
        if passage.start + sentence.start >= earliest:
            return Lead(passage.start + sentence.start, passage.end)
    space = SPACE.search(text, earliest, passage.end)
    return Lead(space.end() if space else earliest, passage.end)
