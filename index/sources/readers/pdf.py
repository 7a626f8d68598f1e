"""PDF → `Article`, by pypdf: paragraphs from lines, without running headers, with the page on which each stands.

A PDF has no paragraphs, only text at places. `index.sources.readers.lines` puts them together; here the text is got
out, and what cannot be is refused with the reason.
"""

from __future__ import annotations

import io
import logging
import math
import re
from typing import TYPE_CHECKING, Any

from pypdf import PasswordType, PdfReader

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.records import PassageKind
from onrecord.index.sources.document import Contents
from onrecord.index.sources.readers.composition import Block, compose
from onrecord.index.sources.readers.lines import Line, Paragraph, paragraphs
from onrecord.index.sources.readers.text import article_from_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdf import PageObject

    from onrecord.index.sources.document import Document

MOST_PAGES = 2_000
LEAST_TEXT = 16
"""Characters a page; a file with pictures and less text than this is taken for scanned."""

_JUNK_TITLE = re.compile(r"(microsoft word\b.*|untitled.*|.*\.(docx?|pdf|indd|rtf|odt|pages|tmp|qxd))", re.IGNORECASE)

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it finds odd about a file is nothing a reader can change


def read(document: Document) -> Contents:
    """Read a PDF.

    Raises:
        UnreadableSource: it is locked by a password, damaged, or has too many pages.
        SourceError: it holds no text, as one that was scanned.
    """
    name = document.name
    try:
        reader = _opened(document)
        pages = [_lines(page) for page in reader.pages]
        pictures = any("/XObject" in (page.get("/Resources") or {}) for page in reader.pages)
        metadata = reader.metadata
        stated = (metadata.title, metadata.author) if metadata else (None, None)
    except UnreadableSource:
        raise
    except Exception as error:
        # pypdf names some of the ways in which a damaged file fails; others are KeyError, TypeError, RecursionError …
        raise UnreadableSource(f"{name} is a damaged PDF: {error}.", hint="Get it again, or print it anew.") from error
    if sum(len(line.text) for lines in pages for line in lines) < LEAST_TEXT * len(pages) and pictures:
        raise SourceError(
            f"{name} holds pictures of pages and no text.", hint="Run text recognition on it first, such as ocrmypdf."
        )
    found = paragraphs(pages)
    composed = compose(Block(each.text, PassageKind.HEADLINE if each.heading else None) for each in found)
    title, author = (value.strip() if isinstance(value, str) else "" for value in stated)
    return Contents(
        (
            article_from_text(
                composed.text,
                source=document.source,
                name=document.stem,
                url=document.url,
                title=(title if title and not _JUNK_TITLE.fullmatch(title) else None) or _largest(found),
                author=author if " " in author else None,  # one word is the name of an account
                marks=composed.marks,
                pages=_page_starts(found, composed.starts, len(pages)),
            ),
        )
    )


def _opened(document: Document) -> PdfReader:
    reader = PdfReader(io.BytesIO(document.content))
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise UnreadableSource(
            f"{document.name} is locked by a password.", hint="Save a copy without one and index that."
        )
    if len(reader.pages) > MOST_PAGES:
        raise UnreadableSource(f"{document.name} has more than {MOST_PAGES:,} pages.", hint="Split it.")
    return reader


def _lines(page: PageObject) -> list[Line]:
    """The lines of a page in the order in which the file draws them, which is that of reading in almost all files."""
    lines: list[Line] = []
    open_line: Line | None = None

    def visit(text: str, around: Sequence[float], own: Sequence[float], _font: Any, size: float) -> None:
        nonlocal open_line
        x = around[0] * own[4] + around[2] * own[5] + around[4]
        y = around[1] * own[4] + around[3] * own[5] + around[5]
        scale = math.sqrt(abs((around[0] * around[3] - around[1] * around[2]) * (own[0] * own[3] - own[1] * own[2])))
        for number, part in enumerate(text.split("\n")):
            if number and open_line:
                lines.append(open_line)
                open_line = None
            if not part.strip():
                if open_line and part:
                    open_line = open_line.extended(part)
            elif open_line:
                open_line = open_line.extended(part)
            else:
                open_line = Line(part, x, y, size * scale)

    page.extract_text(visitor_text=visit)
    if open_line:
        lines.append(open_line)
    height = float(page.mediabox.height) or 1.0
    bottom = float(page.mediabox.bottom)
    return [line.tidied((line.y - bottom) / height) for line in lines]


def _largest(found: Sequence[Paragraph]) -> str | None:
    """The heading in the largest letters on the first page: what its readers take for the title."""
    headings = [each for each in found if each.heading and each.page == 1]
    largest = max(headings, key=lambda each: each.size, default=None)
    return largest.text if largest else None


def _page_starts(found: Sequence[Paragraph], starts: Sequence[int], count: int) -> tuple[int, ...]:
    """The offset at which each page begins; a page without text begins where the next one does."""
    begins: dict[int, int] = {1: 0}
    for paragraph, start in zip(found, starts, strict=True):
        for page, offset in ((paragraph.page, 0), *paragraph.turns):
            begins.setdefault(page, start + offset)
    end = starts[-1] + len(found[-1].text) if found else 0
    following = end
    offsets: list[int] = []
    for page in range(count, 0, -1):
        following = begins.get(page, following)
        offsets.append(following)
    return tuple(reversed(offsets))
