from __future__ import annotations

import io
import zipfile

import docx
import pytest

from onrecord.index.errors import SourceError, UnreadableSource
from tests.unit.index.sources.documents import article, contents, passages


def written(*, heading: str | None = "Harbour report", author: str = "Jane Roe") -> bytes:
    document = docx.Document()
    document.core_properties.author = author
    document.core_properties.title = "Stated title"
    if heading:
        document.add_heading(heading, 0)
    document.add_heading("What was found", 1)
    document.add_paragraph("The harbour was dredged in spring.")
    document.add_paragraph("An anchor", style="List Bullet")
    document.add_paragraph("The wreck, seen from above.", style="Caption")
    table = document.add_table(3, 3)
    for row, values in enumerate((("Year", "Tonnes", "Cost"), ("2022", "3", "3"))):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    table.cell(2, 0).merge(table.cell(2, 1)).text = "Sum"
    table.cell(2, 2).text = "6"
    document.add_paragraph("That is all.")
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def test_paragraphs_lists_and_tables_come_in_order_by_their_styles() -> None:
    assert passages(article(written(), "report.docx")) == [
        ("headline", "Harbour report"),
        ("headline", "What was found"),
        ("body", "The harbour was dredged in spring."),
        ("body", "- An anchor"),
        ("caption", "The wreck, seen from above."),
        ("body", "Year | Tonnes | Cost"),
        ("body", "2022 | 3 | 3"),
        ("body", "Sum | 6"),
        ("body", "That is all."),
    ]


def test_the_document_says_its_title_and_author() -> None:
    found = article(written(), "report.docx")
    assert (found.title, found.author) == ("Harbour report", "Jane Roe")
    assert article(written(author="admin"), "report.docx").author is None


def test_a_damaged_document_is_refused_by_name() -> None:
    whole = written()
    for content in (whole[:200], whole[: len(whole) // 2]):
        with pytest.raises(UnreadableSource, match=r"report\.docx is a damaged Word document"):
            contents(content, "report.docx")


def test_a_document_without_text_is_refused() -> None:
    packed = io.BytesIO()
    docx.Document().save(packed)
    with pytest.raises(SourceError, match="holds no text"):
        contents(packed.getvalue(), "empty.docx")


def test_a_document_that_unpacks_to_too_much_is_refused_unread() -> None:
    packed = io.BytesIO(written())
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/media/1.bin", bytes(200 * 1024**2))
    with pytest.raises(UnreadableSource, match="unpacks to 2"):
        contents(packed.getvalue(), "bomb.docx")
