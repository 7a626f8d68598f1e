"""Who speaks where a passage says only “he said”. Pure.

News names a speaker once and goes on with a pronoun for paragraphs: “Yet he warned that …”. Read alone, such a passage
answers nothing about the person; read after the words that name them last (“Asadi told Newsweek”), it does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.records import Passage

REACH = 4
"""How many body passages back a speaker is looked for."""

_SAYS = (
    r"(?:said|says|told|tells|added|adds|warned|warns|argued|argues|stated|states|claimed|claims|noted|notes|explained|"
    r"explains|wrote|writes|announced|announces|insisted|insists|continued|continues|vowed|vows|threatened|threatens|"
    r"recalled|recalls|replied|replies|declared|declares|concluded|concludes|acknowledged|acknowledges|stressed|stresses)"
)
_NO_NAME = r"(?!(?:He|She|They|It|We|I|You|Who|This|That|These|Those|There|Someone|Nobody|And|But|Yet|Also)\b)"
_WORD = rf"{_NO_NAME}[A-Z][\w’'-]*\.?"
_NAME = rf"{_WORD}(?: (?:(?:al|el|bin|de|van|von|of|the)[ -])*{_WORD})*"
_NAMED = re.compile(rf"\b(?:{_NAME} {_SAYS}|{_SAYS} {_NAME})\b")
_UNNAMED = re.compile(rf"\b(?:[Hh]e|[Ss]he) (?:\w+ly |also |then )?{_SAYS}\b|\b{_SAYS} (?:he|she)\b")
_CLAUSE_END = re.compile(r"[,.;:?!“”\"(\n]|$")


def speaker_of(text: str, passage: Passage, lead: tuple[int, int], before: Sequence[Passage]) -> tuple[int, int] | None:
    """Where the words stand that name the speaker whom a passage calls “he” or “she”.

    Args:
        text: the article's.
        passage: what is to be understood.
        lead: half-open offsets of what is read before it anyway.
        before: body passages before it, in text order.

    Returns:
        Half-open offsets of a clause such as “Asadi told Newsweek”, or None where the passage or its lead names the
        speaker, says nothing of one, or nobody is named near before it.
    """
    unnamed = _UNNAMED.search(passage.text)
    if unnamed is None or _NAMED.search(passage.text[: unnamed.start()]) or _NAMED.search(text[slice(*lead)]):
        return None
    for earlier in reversed(before[-REACH:]):
        found = [*_NAMED.finditer(text, earlier.start, earlier.end)]
        if found:
            last = found[-1]
            end = _CLAUSE_END.search(text, last.end(), earlier.end)
            return last.start(), end.start() if end else earlier.end
    return None
