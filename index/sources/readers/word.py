"""Word documents (.docx) → `Article`: python-docx opens the package, `readers.wordml` reads what stands in it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.records import PassageKind
from onrecord.index.sources.document import Contents
from onrecord.index.sources.readers.composition import compose
from onrecord.index.sources.readers.text import article_from_text
from onrecord.index.sources.readers.wordml.body import Body
from onrecord.index.sources.readers.wordml.styles import Styles, W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from lxml.etree import _Element as Element

    from onrecord.index.sources.document import Document
    from onrecord.index.sources.readers.composition import Block

LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes that a document may unpack to; pictures make most of them."""

_NOTES = {RELATIONSHIP_TYPE.FOOTNOTES: "footnote", RELATIONSHIP_TYPE.ENDNOTES: "endnote"}


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
    notes: dict[tuple[str, str], Element] = {}
    for relation in word.part.rels.values():
        kind = _NOTES.get(relation.reltype)
        if kind and not relation.is_external:
            part = parse_xml(relation.target_part.blob)
            notes |= {
                (kind, note.get(f"{W}id") or ""): note for note in part if note.get(f"{W}type") in (None, "normal")
            }
    return Body(Styles.of(word.styles.element), notes).read(word.element.body)
