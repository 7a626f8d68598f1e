"""Sentence boundaries, from one library and the few rules that it lacks, behind one function.

`sentencex` (Wikimedia) was chosen by trying it, pysbd, nupunkt and spaCy's rules on lines in the styles of agencies and
courts; docs/sentences.md has the table. It keeps “quoted speech,” he said, “whole”, covers other scripts, never loses
a character, and splits the seed article in a millisecond. What it does not know of abbreviations stands in
`index.passages.abbreviations`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import sentencex

from onrecord.index.passages.abbreviations import ENDS, GOES_ON

SPACE = re.compile(r"\s+")
"""White space. Of `re`: to `regex` the separators U+001C to U+001F, which strip() takes off, are none."""

# sentencex cuts at line ends, and its 1.0.32 panics on some non-ASCII white space after an initial ("J.\u2028").
# Offsets stay valid because each such character is replaced by exactly one space.
_WHITE_SPACE = re.compile(r"\s")
_NO_SPACE = re.compile(r"\S")
_FIRST_LETTER = re.compile(r"[^\W\d_]")
# A footnote's mark belongs to what it stands after, even where it stands apart.
_NOTE = re.compile(r" *(?:[¹²³⁰⁴-⁹]+|\[\d{1,3}\]|[†‡]+)+(?=\s|$)")


_LONGEST_ABBREVIATION = 16
# The number of a list's item, or who asks and who answers in a transcript, says nothing alone.
_MARKER = re.compile(r"\d{1,3}[.)]|[QA][.:]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as half-open code-point offsets into the text it was found in, surrounding white space excluded."""

    start: int
    end: int


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Split running text (one paragraph) into its sentences, in order and without overlap.

    Every character that is not white space belongs to exactly one sentence. A piece that begins with a lower-case
    letter is the rest of the sentence before it (“at 5 p.m. on Monday”), as is one that holds no letter or digit or
    follows the number of a list's item.
    """
    plain = _WHITE_SPACE.sub(" ", text)
    found: list[Sentence] = []
    for start, end in pairwise(_cuts(plain)):
        piece = plain[start:end]
        left, right = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        if left >= right:
            continue
        if found and (_continues(plain[left:right]) or _MARKER.fullmatch(plain, found[-1].start, found[-1].end)):
            found[-1] = Sentence(found[-1].start, right)
        else:
            found.append(Sentence(left, right))
    return tuple(found)


def _cuts(plain: str) -> list[int]:
    """Offsets between which the pieces stand, from 0 to the text's length: the library's, corrected."""
    cuts: set[int] = set()
    at = 0
    for piece in sentencex.segment("en", plain):
        at += len(piece)
        note = _NOTE.match(plain, at)
        following = _NO_SPACE.search(plain, note.end() if note else at)
        cuts.add(following.start() if following else at)
    cuts |= {each.end() for each in ENDS.finditer(plain)}
    return [0, *(cut for cut in sorted(cuts - {0, len(plain)}) if not _goes_on(plain, cut)), len(plain)]


def _goes_on(plain: str, cut: int) -> bool:
    """Whether what stands before a cut and behind it are one sentence."""
    before = max(0, cut - _LONGEST_ABBREVIATION)
    return any(left.search(plain, before, cut) and right.match(plain, cut) for left, right in GOES_ON)


def _continues(piece: str) -> bool:
    letter = _FIRST_LETTER.search(piece)
    if letter is None:
        return not any(character.isdigit() for character in piece)
    return letter.start() == 0 and letter.group().islower()
