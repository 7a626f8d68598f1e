"""Which blocks of a page an extraction kept, by the letters they have in common. Pure.

An extraction says well what of a page is its text, and less well how it reads: it glues words, breaks paragraphs at
inline elements and loses what stands inside cells. So its text is only looked up in the page, letters and digits alone,
and the page's own blocks are taken.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING

from onrecord.index.passages.rows import is_row
from onrecord.index.records import PassageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onrecord.index.sources.readers.composition import Block
    from onrecord.index.sources.readers.markup.flow import Flow, Group

SHORTEST_ANCHOR = 12
SHORTEST_FOUND = 20
LEAST_FOUND = 3
"""A block is found where at least one part in this many of it is."""

MOST_COMPARED = 1_000_000
MOST_LINKED = 0.5
"""Share of links among the letters of a list or table above which it leads elsewhere and says nothing itself."""

LEAST_KEPT = 0.5
"""Share of its letters that an extraction must have kept of a list or table, so that the rest is kept with them."""


@dataclass(frozen=True, slots=True)
class _Match:
    """A block of the page, and where its letters stand in those of the extraction."""

    block: int
    start: int
    end: int


def selected(page: Flow, extracted: Sequence[Block]) -> list[Block]:
    """The page's blocks that an extraction kept, in order; what it took from elsewhere stands as it gave it.

    Lists and tables are whole: one of which most was kept, or that stands between paragraphs of its element that were,
    is kept with all its blocks, unless most of it is links.
    """
    letters = [_letters(shown.block.text) for shown in page.shown]
    kept_letters = [_letters(block.text) for block in extracted]
    matches = _matches(letters, kept_letters)
    kept = _completed(page, letters, {match.block for match in matches})
    placed = [(block, 0, page.shown[block].block) for block in kept]
    said = "".join(letters[block] for block in kept)
    placed += [each for each in _elsewhere(matches, extracted, kept_letters) if _letters(each[2].text) not in said]
    return [block for _, _, block in sorted(placed, key=lambda each: each[:2])]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text)))


def _matches(page: Sequence[str], extracted: Sequence[str]) -> list[_Match]:
    """Where blocks of the page stand in the extraction: first those that are one of its blocks, then between them."""
    starts = list(accumulate(map(len, extracted), initial=0))
    whole = "".join(extracted)
    found: list[_Match] = []
    block, at = 0, 0
    for anchor, place in [*_anchors(page, extracted), (len(page), len(extracted))]:
        found += _between(page[block:anchor], block, _Gap(whole, starts, at, starts[place]))
        if anchor < len(page):
            at = starts[place + 1]
            found.append(_Match(anchor, starts[place], at))
        block = anchor + 1
    return found


def _anchors(page: Sequence[str], extracted: Sequence[str]) -> list[tuple[int, int]]:
    """Which blocks of the page are which of the extraction, both in order: what is unique first, the rest between."""
    found: list[tuple[int, int]] = []
    block, place = 0, 0
    for next_block, next_place in [*_unique(page, extracted), (len(page), len(extracted))]:
        here, there = page[block:next_block], extracted[place:next_place]
        if len(here) * len(there) <= MOST_COMPARED:
            for run in SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks():
                found += [(block + run.a + i, place + run.b + i) for i in range(run.size) if here[run.a + i]]
        if next_block < len(page):
            found.append((next_block, next_place))
        block, place = next_block + 1, next_place + 1
    return found


def _unique(page: Sequence[str], extracted: Sequence[str]) -> list[tuple[int, int]]:
    """Blocks that stand once in both, the longest row of them that is in the same order."""
    here, there = Counter(page), Counter(extracted)
    once = {text: i for i, text in enumerate(extracted) if len(text) >= SHORTEST_ANCHOR and there[text] == 1}
    pairs = [(i, once[text]) for i, text in enumerate(page) if here[text] == 1 and text in once]
    ends: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        at = bisect_left(ends, place, key=lambda end: pairs[end][1])
        before.append(ends[at - 1] if at else -1)
        ends[at : at + 1] = [number]
    row: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


@dataclass(frozen=True, slots=True)
class _Gap:
    """A stretch of the extraction's letters; `starts` is where its blocks begin."""

    letters: str
    starts: Sequence[int]
    start: int
    end: int

    def place(self, text: str, following: str, at: int) -> tuple[int, int] | None:
        """Where a block stands from a place on, at least by its first letters."""
        if self.letters.startswith(text, at) and at + len(text) <= self.end and self._follows(text, following, at):
            return at, at + len(text)
        if len(text) >= SHORTEST_FOUND:
            return self._found(text, at)
        first, last = bisect_left(self.starts, at), bisect_left(self.starts, self.end)
        for begin in self.starts[first:last]:
            end = begin + len(text)
            if end <= self.end and self.letters.startswith(text, begin) and self._goes_on(end, following):
                return begin, end
        return None

    def _found(self, text: str, at: int) -> tuple[int, int] | None:
        begin = self.letters.find(text[:SHORTEST_FOUND], at, self.end)
        if begin < 0:
            return None
        end = begin + _in_common(text, self.letters[begin : min(begin + len(text), self.end)])
        last = self.letters.find(text[-SHORTEST_FOUND:], end, min(self.end, begin + 2 * len(text)))
        end = last + SHORTEST_FOUND if last >= 0 else end
        return (begin, end) if (end - begin) * LEAST_FOUND >= len(text) else None

    def _follows(self, text: str, following: str, at: int) -> bool:
        """Whether a block that stands right here belongs here: it is long, or a block of the extraction goes on."""
        inside = self.starts[bisect_left(self.starts, at)] != at
        return inside or len(text) >= SHORTEST_FOUND or self._goes_on(at + len(text), following)

    def _goes_on(self, end: int, following: str) -> bool:
        """Whether a short block that was found is the rest of a block, or what follows it in the page follows here."""
        ends = self.starts[bisect_left(self.starts, end)] == end
        head = following[:SHORTEST_FOUND]
        return ends or bool(head and self.letters.startswith(head, end))


def _in_common(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    return next((i for i, (here, there) in enumerate(zip(one, other, strict=False)) if here != there), len(other))


def _between(page: Sequence[str], first: int, gap: _Gap) -> Iterator[_Match]:
    at = gap.start
    for number, text in enumerate(page):
        if at >= gap.end:
            return
        following = next(filter(None, page[number + 1 :]), "")
        place = gap.place(text, following, at) if text else None
        if place is not None:
            yield _Match(first + number, *place)
            at = place[1]


def _completed(page: Flow, letters: Sequence[str], matched: set[int]) -> list[int]:
    """The blocks that were found, and the rest of the lists and tables among them."""
    kept = set(matched)
    prose = {block for block in matched if page.shown[block].block.kind is None}
    for group in page.groups:
        blocks = range(group.start, group.end)
        size = sum(len(letters[block]) for block in blocks)
        linked = sum(page.shown[block].linked for block in blocks)
        found = sum(len(letters[block]) for block in blocks if block in matched)
        most = found >= size * LEAST_KEPT and not any(_is_heading(page.shown[block].block) for block in blocks)
        if linked <= size * MOST_LINKED and (most or _is_amid(group, prose)):
            kept.update(blocks)
    return sorted(block for block in kept if letters[block])


def _is_heading(block: Block) -> bool:
    """Whether a block heads a text and not columns: a list of such is a list of other stories."""
    return block.kind is PassageKind.HEADLINE and not is_row(block.text)


def _is_amid(group: Group, kept: set[int]) -> bool:
    """Whether paragraphs of the element around a list or table were kept before and behind it."""
    before = any(block in kept for block in range(group.around_start, group.start))
    return before and any(block in kept for block in range(group.end, group.around_end))


def _elsewhere(
    matches: Sequence[_Match], extracted: Sequence[Block], letters: Sequence[str]
) -> Iterator[tuple[int, int, Block]]:
    """The extraction's blocks of which the page has less than half, each behind the block that stands before it."""
    at = 0
    for number, (block, text) in enumerate(zip(extracted, letters, strict=True)):
        end = at + len(text)
        covered = sum(max(0, min(end, match.end) - max(at, match.start)) for match in matches)
        if covered * 2 < len(text):
            before = max((match.block for match in matches if match.end <= at), default=-1)
            yield before, number + 1, block
        at = end
