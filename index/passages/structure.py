"""What stands around a passage in its document: the heading above it, its lead-in, the headings of its columns. Pure.

A row of a table says nothing without the headings of its columns, an item of a list nothing without what introduces
the list, an answer nothing without its question. They are found in the text as every reader of documents writes it:
rows have ` | ` between their cells, items begin with a dash or a number.
"""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING

import regex

from onrecord.index.passages.rows import BAR, is_row
from onrecord.index.passages.sentences import sentences
from onrecord.index.records import Lead, PassageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Article, Passage

LONGEST = 240
"""Most that is read before a passage, in code points."""

LONGEST_HEADING = 120
LONGEST_COLUMN_HEADING = 40
FEWEST_COLUMNS = 3
ROWS_LOOKED_AT = 40

_ITEM = regex.compile(r"[-*•–]\s|\d{1,3}[.)]\s")
_STATEMENT = regex.compile(r"[.!…。]['\"”’»)\]]*$")
_DIGIT = regex.compile(r"\d")


def is_part(text: str) -> bool:
    """Whether a passage is a row of a table or an item of a list, which says little alone."""
    return is_row(text) or _ITEM.match(text) is not None


def introduces(lead: str) -> bool:
    """Whether words say what follows is about and state nothing themselves: a heading, a question, a label."""
    last = lead.rpartition("\n")[2]
    return 0 < len(last) <= LONGEST_HEADING and not is_part(last) and _STATEMENT.search(last) is None


def surroundings(article: Article, passages: Sequence[Passage]) -> tuple[Lead | None, ...]:
    """For each passage what it stands under, if that is more than the words before it; None for all but body passages.

    A row has the headings of its columns, with what introduces the table; an item has what introduces its list; a
    paragraph right below a heading has that heading. The article's title is left out: it is read with every passage.
    """
    found: list[Lead | None] = []
    run = ""
    first: Lead | None = None
    further: Lead | None = None
    for number, passage in enumerate(passages):
        part = _part(passage)
        if part and part != run:
            first = further = _introduction(article, passages, number)
            if part == "row" and not is_row(passages[number - 1].text if number else "") and _heads(passages, number):
                further = _fitting(first.start if first else passage.start, passage.end, passage.start)
            found.append(first)
        elif part:
            found.append(further)
        else:
            body = passage.kind is PassageKind.BODY
            found.append(_headings(article, passages, number) if body else None)
        run = part
    return tuple(found)


def _part(passage: Passage) -> str:
    if passage.kind is not PassageKind.BODY or not is_part(passage.text):
        return ""
    return "row" if is_row(passage.text) else "item"


def _headings(article: Article, passages: Sequence[Passage], number: int) -> Lead | None:
    """The headings right above a passage."""
    first, last = _first_heading(article, passages, number), passages[number - 1]
    return _fitting(passages[first].start, last.end, last.start) if first < number else None


def _first_heading(article: Article, passages: Sequence[Passage], number: int) -> int:
    """The first of the headings that stand right above a passage; its own number where none does."""
    while number and passages[number - 1].kind is PassageKind.HEADLINE and passages[number - 1].text != article.title:
        number -= 1
    return number


def _introduction(article: Article, passages: Sequence[Passage], number: int) -> Lead | None:
    """What introduces a list or table: the headings right above it, else the paragraph there and the headings above it.

    Between a table and the headings of its columns stands only a label, never prose: a lead has few words.
    """
    headings = _first_heading(article, passages, number)
    above = passages[headings - 1] if headings else None
    columns = headings == number - 1 and is_row(passages[headings].text)
    if (
        above is None
        or above.kind is not PassageKind.BODY
        or is_part(above.text)
        or (headings < number and not columns)
    ):
        return _headings(article, passages, number)
    labels = introduces(above.text)
    start, last = passages[_first_heading(article, passages, headings - 1)].start, passages[number - 1]
    if columns:
        return _fitting(start if labels else last.start, last.end, last.start)
    if start < above.start and not labels and len(above.text) > LONGEST_HEADING:
        return _headings(article, passages, headings - 1)
    if last.end - start <= LONGEST:
        return Lead(start, last.end)
    return Lead(above.start + _last_sentences(above.text), above.end)


def _last_sentences(text: str) -> int:
    """Where the last sentences of a text begin that fit; of a single longer one, its last words."""
    earliest = len(text) - LONGEST
    for sentence in sentences(text):
        if sentence.start >= earliest:
            return sentence.start
    return text.find(" ", max(0, earliest)) + 1


def _fitting(start: int, end: int, last: int) -> Lead:
    """The words from the first that may be read to the end, or from the last block alone, as much of it as fits."""
    if end - start <= LONGEST:
        return Lead(start, end)
    return Lead(last, min(end, last + LONGEST))


def _heads(passages: Sequence[Passage], number: int) -> bool:
    """Whether the first row of a table heads its columns: short words, and figures in a whole column below."""
    rows = takewhile(lambda each: each.kind is PassageKind.BODY and is_row(each.text), islice(passages, number, None))
    cells = [row.text.split(BAR) for row in islice(rows, ROWS_LOOKED_AT)]
    first, below = cells[0], cells[1:]
    if not below or len(first) < FEWEST_COLUMNS:
        return False  # of two columns the first may as well hold terms, and the first row be one of them
    plain = all(len(cell) <= LONGEST_COLUMN_HEADING and not _DIGIT.search(cell) for cell in first)
    columns = range(1, min(map(len, cells)))
    return plain and any(all(_DIGIT.search(row[column]) for row in below) for column in columns)
