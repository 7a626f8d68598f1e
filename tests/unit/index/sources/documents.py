"""PDF files written letter by letter, and the shortest ways to read made-up documents."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from onrecord.index.passages.split import split
from onrecord.index.sources import Contents, Document, read_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.records import Article

PAGE_HEIGHT = 842.0
_ONE_GREY_DOT = {"Width": 1, "Height": 1, "BitsPerComponent": 8}


@dataclass(frozen=True, slots=True)
class Put:
    """A line of text put at a place, in points from the left and the top.

    `^{2}` is raised in it, and `_{2}` lowered.
    """

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


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form with what was put in it, in points from the left and the top."""

    name: str
    value: str
    x: float
    top: float
    flags: int = 0


def pdf(
    *pages: list[Put],
    title: str | None = None,
    password: str | None = None,
    picture: bool = False,
    fields: Sequence[Field] = (),
    aslant: str = "",
) -> bytes:
    """A PDF with that text on its pages.

    With `picture` each page also shows an image, and what is `aslant` as a watermark; the first has the fields.
    """
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
        shown += b"BT /F 60 Tf 0.7 0.7 -0.7 0.7 120 200 Tm (%s) Tj ET\n" % aslant.encode()
        content.set_data(shown + b"\n".join(_drawn(put) for put in page))
        made[NameObject("/Contents")] = writer._add_object(content)
    if fields:
        _add_form(writer, fields)
    if title is not None:
        writer.add_metadata({"/Title": title})
    if password is not None:
        writer.encrypt(password, owner_password=password * 2 + "o", algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _drawn(put: Put) -> bytes:
    parts = []
    for part in re.split(r"([_^]\{[^}]*\})", put.text):
        rise = {"^": 0.35, "_": -0.15}.get(part[0], 0.0) if part.endswith("}") else 0.0
        text = (part[2:-1] if rise else part).encode("cp1252")
        escaped = text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        size = put.size * 0.65 if rise else put.size
        parts.append(b"/F %g Tf %g Ts (%s) Tj" % (size, put.size * rise, escaped))
    return b"BT %g %g Td %s ET" % (put.x, PAGE_HEIGHT - put.top, b" ".join(parts))


def _add_form(writer: PdfWriter, fields: Sequence[Field]) -> None:
    made = ArrayObject()
    for field in fields:
        bottom = PAGE_HEIGHT - field.top - 4
        widget = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Tx"),
                NameObject("/Ff"): NumberObject(field.flags),
                NameObject("/T"): TextStringObject(field.name),
                NameObject("/V"): TextStringObject(field.value),
                NameObject("/Rect"): ArrayObject(FloatObject(n) for n in (field.x, bottom, field.x + 150, bottom + 16)),
            }
        )
        made.append(writer._add_object(widget))
    writer.pages[0][NameObject("/Annots")] = made
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): made})


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
