"""PDF → `Article`, by pdfium: paragraphs from letters, without running headers, with the page on which each stands.

A PDF has no paragraphs, only letters at places. `index.sources.typeset` puts them together; here they are got out, and
what cannot be is refused with the reason.
"""

from __future__ import annotations

import logging
import re
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as api

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.records import PassageKind
from onrecord.index.sources.document import Contents
from onrecord.index.sources.readers.composition import Block, compose
from onrecord.index.sources.readers.pdf_letters import page_lines
from onrecord.index.sources.readers.text import article_from_text
from onrecord.index.sources.typeset.paragraphs import paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.sources.document import Document
    from onrecord.index.sources.typeset.paragraphs import Paragraph

MOST_PAGES = 2_000
LEAST_TEXT = 16
"""Characters a page; a file with pictures and less text than this is taken for scanned."""

_JUNK_TITLE = re.compile(
    r"(microsoft word\b.*|untitled.*|\W*(anonymous|unspecified)\W*|.*\.(docx?|pdf|indd|rtf|odt|pages|tmp|qxd))",
    re.IGNORECASE,
)
_ONE_AT_A_TIME = threading.Lock()
"""pdfium may be called by one thread at a time."""

# What it finds odd about a file is nothing a reader can change.
logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)


def read(document: Document) -> Contents:
    """Read a PDF.

    Raises:
        UnreadableSource: it is locked by a password, damaged, or has too many pages.
        SourceError: it holds no text, as one that was scanned.
    """
    name = document.name
    with _ONE_AT_A_TIME, closing(_opened(document)) as opened:
        try:
            opened.init_forms()
            pages, pictures = [], False
            for number in range(len(opened)):
                with closing(opened[number]) as page:
                    pages.append(page_lines(page))
                    pictures = pictures or any(page.get_objects([api.FPDF_PAGEOBJ_IMAGE], max_depth=2))
            title, author = (_stated(opened, key) for key in ("Title", "Author"))
        except pdfium.PdfiumError as error:
            raise _damaged(name, error) from error
    if sum(len(line.text) for found in pages for line in found) < LEAST_TEXT * len(pages) and pictures:
        raise SourceError(
            f"{name} holds pictures of pages and no text.", hint="Run text recognition on it first, such as ocrmypdf."
        )
    found = paragraphs(pages)
    composed = compose(Block(each.text, PassageKind.HEADLINE if each.heading else None) for each in found)
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


def _opened(document: Document) -> pdfium.PdfDocument:
    try:
        opened = pdfium.PdfDocument(document.content)
    except pdfium.PdfiumError as error:
        if error.err_code == api.FPDF_ERR_PASSWORD:
            raise UnreadableSource(
                f"{document.name} is locked by a password.", hint="Save a copy without one and index that."
            ) from error
        if error.err_code == api.FPDF_ERR_SECURITY:
            raise UnreadableSource(
                f"{document.name} is locked in a way that is not known.", hint="Print it anew and index that."
            ) from error
        raise _damaged(document.name, error) from error
    if len(opened) > MOST_PAGES:
        opened.close()
        raise UnreadableSource(f"{document.name} has more than {MOST_PAGES:,} pages.", hint="Split it.")
    return opened


def _stated(opened: pdfium.PdfDocument, key: str) -> str:
    try:
        return str(opened.get_metadata_value(key)).strip()
    except UnicodeDecodeError:
        return ""


def _damaged(name: str, error: Exception) -> UnreadableSource:
    return UnreadableSource(f"{name} is a damaged PDF: {error}.", hint="Get it again, or print it anew.")


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
