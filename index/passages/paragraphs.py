"""Where the paragraphs of a plain text stand: pure, offsets only.

Blank lines end a paragraph. Inside a block of lines there are two conventions in the wild: one paragraph a line
(pages saved from a browser: captions and alt texts follow each other without a blank line) and one paragraph wrapped
by hand at some column (mail, old archives). A line end is taken for a hand-made wrap where the line is about as long as
the block's longest and the block is no wider than a typewriter's page, or where a sentence goes on behind it in small
letters; a Markdown heading or a list item always begins a paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n\u0085\u2028\u2029]+")
_LINE_BREAK = re.compile(r"\r\n|[\r\n\u0085\u2028\u2029]")
_HEADING = re.compile(r"#{1,6}[ \t]")
_LIST_ITEM = re.compile(r"[-*•–]\s|\d{1,3}[.)]\s")
WIDEST_WRAPPED_LINE = 120
NARROWEST_WRAPPED_LINE = 40
WRAP_SLACK = 24
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Half-open code-point offsets of a paragraph, surrounding white space excluded; `block` numbers its block."""

    start: int
    end: int
    block: int


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Find the paragraphs of a text, in order; every character that is not white space belongs to exactly one."""
    found: list[Paragraph] = []
    for number, block in enumerate(_blocks(text)):
        found.extend(_block_paragraphs(text, block, number))
    return tuple(found)


def _blocks(text: str) -> list[list[tuple[int, int]]]:
    """Group the lines that hold something into runs that no blank line interrupts."""
    blocks: list[list[tuple[int, int]]] = []
    previous_end: int | None = None
    for line in _LINE.finditer(text):
        content = line.group().strip()
        if not content:
            continue
        start = line.start() + len(line.group()) - len(line.group().lstrip())
        if previous_end is None or _line_breaks(text[previous_end:start]) > 1:
            blocks.append([])
        blocks[-1].append((start, start + len(content)))
        previous_end = start + len(content)
    return blocks


def _line_breaks(gap: str) -> int:
    return len(_LINE_BREAK.findall(gap))


def _block_paragraphs(text: str, lines: list[tuple[int, int]], number: int) -> list[Paragraph]:
    longest = max(end - start for start, end in lines)
    wrapped_width = NARROWEST_WRAPPED_LINE <= longest <= WIDEST_WRAPPED_LINE
    found: list[Paragraph] = []
    joins_next = is_open = False
    for start, end in lines:
        heading = _HEADING.match(text, start) is not None
        if (joins_next or (is_open and text[start].islower())) and not heading and not _LIST_ITEM.match(text, start):
            found[-1] = Paragraph(found[-1].start, end, number)
        else:
            found.append(Paragraph(start, end, number))
        joins_next = wrapped_width and not heading and end - start >= max(NARROWEST_WRAPPED_LINE, longest - WRAP_SLACK)
        is_open = not heading and _is_open(text[start:end])
    return found


def _is_open(line: str) -> bool:
    """Whether a line ends no sentence: some words without a full stop behind them."""
    return (line[-1].isalnum() or line[-1] == ",") and len(line.split(maxsplit=FEWEST_WORDS)) >= FEWEST_WORDS
