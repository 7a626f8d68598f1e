"""Lines that stand at places on pages → paragraphs. Pure.

A new paragraph begins after a wider gap, at an indent, in letters of another size, at a list item or a speaker's name,
and after a line that ends well before the margin. A word that was cut at a line's end is joined, and so is a paragraph
that goes on in the next column or on the next page; the notes at a page's foot stand before it. Running headers and
footers are the lines at the edges of pages that return from page to page, but for their numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING

from onrecord.index.passages.furniture import TERMINAL
from onrecord.index.sources.typeset import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onrecord.index.sources.typeset.lines import Line

EDGE = 0.1
"""How much of a page's height, from its top and from its bottom, can be header or footer."""

_WIDE_GAP = 1.3
_OTHER_SIZE = 1.08
_HEADING_SIZE = 1.12
_INDENT = 0.8
_SET_SOLID = 1.2
_SHORT_LINE = 0.65
_NEARBY = 5
_LOWER_HALF = 0.6
_LONGEST_HEADING = 250
_FEWEST_PAGES = 2
_SHARE_OF_PAGES = 0.4
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"\W*(page|p\.|seite)?\W*(\d{1,4}|[ivxlc]{1,6})(\s*(of|/|von|\|)\s*\d{1,4})?\W*", re.IGNORECASE
)
_ITEM = re.compile(r"([•◦▪‣●■·*–—-]|\d{1,3}[.)]|\(?[a-z]\))\s")
_SPEAKER = re.compile(r"[A-Z][A-Z.'’\- ]*[A-Z]:\s|[QA]\.?\s+[A-Z]")
_LEADER = re.compile(r"([.…·]\s?){4,}\s*[\divxlc]+$")
_CUT_WORD = re.compile(r"(?P<before>\w-)?(?P<start>[^\W\d_]+)[-\u00ad\u2010]$")
_OPEN_END = re.compile(r"\S[-–—/]$")
_SUSPENDING = ("and", "or", "to")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_NOTE = re.compile(r"(\d{1,3}|[*†‡§¶#]+)[\s.)]*\w")
_NOTE_SIZE = 0.95
_NUMERALS = re.compile(r"(twen|thir|for|fif|six|seven|eigh|nine)ty", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, the page on which it begins, and its size; `turns` holds (page, offset in it) where it goes on."""

    text: str
    page: int
    size: float
    heading: bool
    turns: tuple[tuple[int, int], ...] = ()


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[Paragraph]:
    """Put the lines of pages together, in their order."""
    running = _running(pages)
    kept = [[line for line in lines if not _is_furniture(line, running)] for lines in pages]
    body = _body_size(line for lines in kept for line in lines)
    words = Counter(word.lower() for lines in kept for line in lines for word in _WORD.findall(line.text))
    found: list[Paragraph] = []
    for number, lines in enumerate(kept, start=1):
        text, notes = _parted(lines, body)
        for group in _groups(text):
            paragraph = _paragraph(group, number, body, words)
            if found and _continues(found[-1], paragraph):
                found[-1] = _continued(found[-1], paragraph, words)
            else:
                found.append(paragraph)
        beneath = [_paragraph(group, number, body, words) for group in _groups(notes)]
        goes_on = found and not found[-1].heading and not TERMINAL.search(found[-1].text)
        at = len(found) - 1 if goes_on else len(found)  # before a paragraph that may go on on the next page
        found[at:at] = beneath
    return found


def _paragraph(group: Sequence[Line], page: int, body: float, words: Counter[str]) -> Paragraph:
    size = group[0].size
    text = _joined([line.text for line in group], words)
    large = size > body * _HEADING_SIZE and not group[0].aside and not group[0].alone
    heading = large and len(text) <= _LONGEST_HEADING and not text.endswith((".", ",", ";"))
    return Paragraph(text, page, size, heading)


def _parted(lines: Sequence[Line], body: float) -> tuple[list[Line], list[Line]]:
    """The text of a page, and what is none of it: notes at its foot, in small letters, and what runs along its edge."""
    text: list[Line] = []
    notes: list[Line] = []
    for line in lines:
        small = line.size < body * _NOTE_SIZE and not line.alone
        number = _NOTE.match(line.text)
        begins = (line.label or number) and line.height < _LOWER_HALF
        goes_on = notes and abs(line.size - notes[-1].size) < 1 and 0 < notes[-1].y - line.y < line.size * 2
        if line.aside or (small and (begins or goes_on)):
            notes.append(replace(line, label=number[1]) if number and not line.label else line)
        else:
            text.append(line)
    return text, notes


def _running(pages: Sequence[Sequence[Line]]) -> set[str]:
    """What stands at the edge of several pages, numbers aside."""
    seen: Counter[str] = Counter()
    for lines in pages:
        seen.update({_NUMBER.sub("#", line.text) for line in lines if _at_edge(line)})
    enough = max(_FEWEST_PAGES, len(pages) * _SHARE_OF_PAGES)
    return {text for text, count in seen.items() if count >= enough}


def _at_edge(line: Line) -> bool:
    return not EDGE <= line.height <= 1 - EDGE


def _is_furniture(line: Line, running: set[str]) -> bool:
    if not line.text:
        return True
    return _at_edge(line) and (_NUMBER.sub("#", line.text) in running or bool(_PAGE_NUMBER.fullmatch(line.text)))


def _body_size(lines: Iterable[Line]) -> float:
    """The size that most letters have."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    return max(letters, key=lambda size: letters[size], default=1.0)


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Cut a page's lines into paragraphs."""
    steps = [above.y - below.y for above, below in pairwise(lines) if above.y > below.y]
    leading = median_low(steps) if steps else 0.0  # on a page of few lines half of the steps may be gaps
    groups: list[list[Line]] = []
    for number, line in enumerate(lines):
        if groups and _follows(groups[-1], line, leading, _width(groups[-1], lines[number : number + _NEARBY])):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _width(group: Sequence[Line], following: Sequence[Line]) -> int:
    """About how many letters a line of this column takes: as the longest of those here and just below."""
    last = group[-1]
    column = [
        line for line in following if abs(line.x - last.x) < last.size * 2 and round(line.size) == round(last.size)
    ]
    return max(len(line.text) for line in (*group, *column))


def _follows(group: Sequence[Line], line: Line, leading: float, width: int) -> bool:
    """Whether a line belongs to the paragraph of the lines before it; `width` is that of its column, in letters."""
    last = group[-1]
    if _is_parted(last, line):
        return False
    step = last.y - line.y
    open_word = bool(_CUT_WORD.search(last.text))
    if step < 0:  # the next column
        return open_word or (not TERMINAL.search(last.text) and line.text[0].islower())
    usual = max(min(leading, max(line.size, 1.0) * 2), line.size * _SET_SOLID)
    if step > usual * _WIDE_GAP and not (open_word and step < usual * 2):
        return False
    centred = abs(line.x + line.right - last.x - last.right) < line.size
    hanging = centred or line.text[0].islower() or _ITEM.match(group[0].text)
    indented = line.x > last.x + line.size * _INDENT and not hanging
    if indented and step > 0:
        return False
    short = len(last.text) < width * _SHORT_LINE
    return not short or open_word or line.text[0].islower() or step == 0


def _is_parted(last: Line, line: Line) -> bool:
    """Whether two lines are none of one paragraph wherever they stand: by their sizes, or by what they begin with."""
    sizes = sorted((last.size, line.size))
    begins = line.label or _ITEM.match(line.text) or (_SPEAKER.match(line.text) and TERMINAL.search(last.text))
    apart = line.alone or last.alone or line.aside != last.aside or _LEADER.search(last.text)
    return sizes[1] > sizes[0] * _OTHER_SIZE or bool(begins) or bool(apart)


def _joined(lines: Sequence[str], words: Counter[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        text = _join(text, line, words)
    return text.replace("\u00ad", "")


def _join(text: str, line: str, words: Counter[str]) -> str:
    """Two lines as one; a hyphen at the first one's end goes where it only cut a word."""
    cut = _CUT_WORD.search(text)
    if cut is None or not line[0].isalpha():
        return f"{text}{line}" if _OPEN_END.search(text) else f"{text} {line}"
    start, rest = cut["start"], _LETTERS.match(line)
    after = rest[0] if rest else ""
    if text.endswith("\u00ad"):
        return f"{text[:-1]}{line}"
    if after in _SUSPENDING:  # “pre- and post-war”
        return f"{text} {line}"
    kept = cut["before"] or (line[0].isupper() and not start.isupper()) or _is_hyphened(start, after, words)
    return f"{text}{line}" if kept else f"{text[:-1]}{line}"


def _is_hyphened(start: str, rest: str, words: Counter[str]) -> bool:
    """Whether a word that is cut at a hyphen is written with it: by this text, else by what English knows."""
    whole, hyphened = words[f"{start}{rest}".lower()], words[f"{start}-{rest}".lower()]
    if whole != hyphened:
        return hyphened > whole
    if _NUMERALS.fullmatch(start) or (start.isupper() and not rest.isupper()):  # “thirty-two”, “US-based”
        return True
    known = lexicon.frequency(f"{start}{rest}")
    return not known and lexicon.frequency(start) > 0 and lexicon.frequency(rest) > 0


def _continues(before: Paragraph, after: Paragraph) -> bool:
    """Whether a paragraph that begins a page goes on with the one that ended the page before."""
    if after.page == before.page + len(before.turns) or before.heading or after.heading:
        return False
    if max(before.size, after.size) > min(before.size, after.size) * _OTHER_SIZE or _ITEM.match(after.text):
        return False
    return bool(_CUT_WORD.search(before.text)) or (not TERMINAL.search(before.text) and after.text[0].islower())


def _continued(before: Paragraph, after: Paragraph, words: Counter[str]) -> Paragraph:
    text = _join(before.text, after.text, words)
    return replace(before, text=text, turns=(*before.turns, (after.page, len(text) - len(after.text))))
