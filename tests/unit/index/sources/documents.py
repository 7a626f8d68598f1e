"""PDF files written letter by letter, and the shortest ways to read made-up documents."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from onrecord.index.passages.split import split
from onrecord.index.sources import Contents, Document, read_document

if TYPE_CHECKING:
    from onrecord.index.records import Article

PAGE_HEIGHT = 842.0
_ONE_GREY_DOT = {"Width": 1, "Height": 1, "BitsPerComponent": 8}


@dataclass(frozen=True, slots=True)
class Put:
    """A line of text put at a place, in points from the left and the top."""

    text: str
    x: float = 72
    top: float = 100
    size: float = 11


def column(text: str, *, top: float = 100, x: float = 72, size: float = 11, leading: float = 14) -> list[Put]:
    """Lines below each other; an empty one leaves the gap between two paragraphs."""
    placed = []
    for line in text.splitlines():
        if line:
            placed.append(Put(line, x, top, size))
        top += leading if line else leading * 0.8
    return placed


def pdf(*pages: list[Put], title: str | None = None, password: str | None = None, picture: bool = False) -> bytes:
    """A PDF with that text on its pages; with `picture` each page also shows an image."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for page in pages:
        made = writer.add_blank_page(595, PAGE_HEIGHT)
        resources = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
        if picture:
            image = DecodedStreamObject()
            image.set_data(b"\x00")
            image.update({NameObject(f"/{key}"): NumberObject(value) for key, value in _ONE_GREY_DOT.items()})
            image[NameObject("/Subtype")] = NameObject("/Image")
            image[NameObject("/ColorSpace")] = NameObject("/DeviceGray")
            resources[NameObject("/XObject")] = DictionaryObject({NameObject("/I"): writer._add_object(image)})
        made[NameObject("/Resources")] = resources
        content = DecodedStreamObject()
        shown = b"q 500 0 0 700 40 40 cm /I Do Q\n" if picture else b""
        content.set_data(shown + b"\n".join(_drawn(put) for put in page))
        made[NameObject("/Contents")] = writer._add_object(content)
    if title is not None:
        writer.add_metadata({"/Title": title})
    if password is not None:
        writer.encrypt(password, owner_password=password * 2 + "o", algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _drawn(put: Put) -> bytes:
    text = put.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F %g Tf %g %g Td (%s) Tj ET" % (put.size, put.x, PAGE_HEIGHT - put.top, text)


def contents(content: bytes | str, name: str = "a.txt", **known: str) -> Contents:
    """What a made-up document holds."""
    packed = content.encode() if isinstance(content, str) else content
    return read_document(Document(packed, source=f"test:{name}", name=name, **known))


def article(content: bytes | str, name: str = "a.txt", **known: str) -> Article:
    """The one article of a made-up document."""
    (found,) = contents(content, name, **known).articles
    return found


def passages(found: Article) -> list[tuple[str, str]]:
    """The kind and text of each of its passages."""
    return [(passage.kind.value, passage.text) for passage in split(found)]
