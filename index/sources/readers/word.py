"""Word documents (.docx) → `Article`, by python-docx: paragraphs by their styles, lists and tables in their place."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import docx
from docx.table import Table

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.records import PassageKind
from onrecord.index.sources.document import Contents
from onrecord.index.sources.readers.composition import Block, compose, tidy
from onrecord.index.sources.readers.text import article_from_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.table import _Row
    from docx.text.paragraph import Paragraph

    from onrecord.index.sources.document import Document

LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes that a document may unpack to; pictures make most of them."""

_HEADING = re.compile(r"(title|subtitle|heading \d)", re.IGNORECASE)
_CAPTION = re.compile(r"caption", re.IGNORECASE)
_LIST = re.compile(r"list (bullet|number|paragraph)", re.IGNORECASE)


def read(document: Document) -> Contents:
    """Read a Word document.

    Raises:
        UnreadableSource: it is no Word document, is damaged, or unpacks to too much.
        SourceError: it holds no text.
    """
    name = document.name
    try:
        _check_package(document)
        word = docx.Document(io.BytesIO(document.content))
        blocks = list(_blocks(word))
        said = word.core_properties
        title, author = said.title.strip(), said.author.strip()
    except UnreadableSource:
        raise
    except Exception as error:
        # A damaged package fails as BadZipFile, KeyError, XMLSyntaxError, ValueError …; python-docx names none of them.
        raise UnreadableSource(f"{name} is a damaged Word document: {error}.", hint="Save it again.") from error
    if not blocks:
        raise SourceError(f"{name} holds no text.", hint="Give a document with at least one paragraph.")
    composed = compose(blocks)
    heading = next((block.text for block in blocks[:2] if block.kind is PassageKind.HEADLINE), None)
    article = article_from_text(
        composed.text,
        source=document.source,
        name=document.stem,
        url=document.url,
        title=heading or title or None,
        author=author if " " in author else None,  # one word is the name of an account
        marks=composed.marks,
    )
    return Contents((article,))


def _check_package(document: Document) -> None:
    with zipfile.ZipFile(io.BytesIO(document.content)) as packed:
        unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise UnreadableSource(
                f"{document.name} unpacks to {unpacked // 1024**2} MiB.", hint="Save it without its pictures."
            )
        if "word/document.xml" not in packed.namelist():
            raise UnreadableSource(f"{document.name} is no Word document.", hint="Save it as .docx, PDF or text.")


def _blocks(word: WordDocument) -> Iterator[Block]:
    for element in word.iter_inner_content():
        if isinstance(element, Table):
            for row in element.rows:
                if text := " | ".join(filter(None, _cells(row))):
                    yield Block(text)
        elif text := tidy(element.text):
            yield _block(element, text)


def _cells(row: _Row) -> Iterator[str]:
    """The texts of a row's cells; one that spans columns comes once for each of them, and is taken once."""
    skipped = 0
    for cell in row.cells:
        if not skipped:
            yield tidy(cell.text).replace("\n", " ")
        skipped = skipped - 1 if skipped else cell.grid_span - 1


def _block(paragraph: Paragraph, text: str) -> Block:
    style = (paragraph.style.name if paragraph.style else None) or ""
    if _HEADING.fullmatch(style):
        return Block(text.replace("\n", " "), PassageKind.HEADLINE)
    if _CAPTION.fullmatch(style):
        return Block(text, PassageKind.CAPTION)
    return Block(f"- {text}" if _LIST.match(style) else text)
