"""What stands in a Word document by its markup: changes, marks, controls, boxes, notes, tables."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.unit.index.sources.documents import article, passages

NAMES = nsdecls("w") + (
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
REFERENCE = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
FOOTNOTES = f"""<w:footnotes {nsdecls("w")}>
<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:t>Without the crane.</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="3"><w:p><w:r><w:t>Nobody refers to this.</w:t></w:r></w:p></w:footnote>
</w:footnotes>"""


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def raised(text: str) -> str:
    return run(text, '<w:vertAlign w:val="superscript"/>')


def written(*elements: str, footnotes: str = "") -> bytes:
    """A document of these elements; one with footnotes has them in a part of their own, as Word writes them."""
    document = docx.Document()
    for element in elements:
        held = parse_xml(f"<w:body {NAMES}>{element}</w:body>")
        for each in list(held):
            document.element.body.insert(len(document.element.body) - 1, each)
    packed = io.BytesIO()
    document.save(packed)
    return _with_footnotes(packed.getvalue(), footnotes) if footnotes else packed.getvalue()


def _with_footnotes(package: bytes, footnotes: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    added = {
        "word/_rels/document.xml.rels": f'<Relationship Id="n1" Type="{kind}" Target="footnotes.xml"/></Relationships>',
        "[Content_Types].xml": f'<Override PartName="/word/footnotes.xml" ContentType="{content}"/></Types>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name in added:
                text = text.decode().replace(added[name][added[name].index("</") :], added[name]).encode()
            new.writestr(name, text)
        new.writestr("word/footnotes.xml", footnotes)
    return packed.getvalue()


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def texts(*elements: str, footnotes: str = "") -> list[str]:
    title = paragraph(run("A report of the harbour of Larnholm"))
    found = passages(article(written(title, *elements, footnotes=footnotes), "report.docx"))
    return [text for _, text in found[1:]]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((run("It cost 14"), REFERENCE, run(" million.")), "It cost 14 million."),
        ((run("It cost 14 million"), raised("2"), run(" crowns.")), "It cost 14 million crowns."),
        ((run("It has 10"), raised("6"), run(" stones.")), "It has 10⁶ stones."),
        ((run("It has 10"), raised("1"), raised("2"), run(" stones.")), "It has 10¹² stones."),
        ((run("It is 20 m"), raised("2"), run(" wide.")), "It is 20 m² wide."),
        ((run("The 1"), raised("st"), run(" pier.")), "The 1st pier."),
        ((run("CO"), run("2", '<w:vertAlign w:val="subscript"/>'), run(" is measured.")), "CO₂ is measured."),
        ((run("It has 10"), run("3", '<w:position w:val="8"/>'), run(" stones.")), "It has 10³ stones."),
        (
            (
                run("It holds 2×"),
                "<m:oMath><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup></m:oMath>",
            ),
            "It holds 2×10⁴",
        ),
    ],
)
def test_raised_and_lowered_runs_are_no_digits_of_a_number(runs: tuple[str, ...], expected: str) -> None:
    assert texts(paragraph(*runs)) == [expected]


def test_changes_that_are_tracked_are_read_as_accepted() -> None:
    deleted = '<w:del w:id="1" w:author="a"><w:r><w:delText>300</w:delText></w:r></w:del>'
    moved = f'<w:moveFrom w:id="3" w:author="a">{run("today")}</w:moveFrom>'
    inserted = f'<w:ins w:id="2" w:author="a">{run("400")}</w:ins>'
    whole = paragraph(run("The fee is "), deleted, inserted, run(" crowns"), moved, run("."))
    assert texts(whole) == ["The fee is 400 crowns."]


def test_paragraphs_whose_border_was_deleted_are_one() -> None:
    first = paragraph(run("The pier was built "), properties='<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>')
    assert texts(first, paragraph(run("in 1931."))) == ["The pier was built in 1931."]


def test_content_controls_smart_tags_and_links_are_read_in_line() -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Tom Reed')}</w:sdtContent></w:sdt>"
    tag = f'<w:smartTag w:uri="x" w:element="place">{run("Lund")}</w:smartTag>'
    around = f"<w:sdt><w:sdtContent>{paragraph(run('The master is Ada Moss.'))}</w:sdtContent></w:sdt>"
    line = paragraph(run("The clerk is "), control, run(" of "), tag, run("."))
    assert texts(line, around) == ["The clerk is Tom Reed of Lund.", "The master is Ada Moss."]


def test_a_text_box_is_read_once_behind_the_paragraph_it_hangs_on() -> None:
    box = f"<w:txbxContent>{paragraph(run('The crane was a gift.'))}</w:txbxContent>"
    both = f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback><w:pict>{box}</w:pict>"
    anchor = paragraph(run("See beside."), f"{both}</mc:Fallback></mc:AlternateContent></w:r>")
    assert texts(anchor, paragraph(run("That is all."))) == ["See beside.", "The crane was a gift.", "That is all."]


def test_notes_that_are_referred_to_come_last() -> None:
    line = paragraph(run("It cost 14"), REFERENCE, run(" million crowns."))
    expected = ["It cost 14 million crowns.", "That is all.", "Without the crane."]
    assert texts(line, paragraph(run("That is all.")), footnotes=FOOTNOTES) == expected


@pytest.mark.parametrize("hiding", ["<w:vanish/>", "<w:strike/>", '<w:dstrike w:val="true"/>'])
def test_text_that_is_hidden_or_struck_out_is_not_there(hiding: str) -> None:
    assert texts(paragraph(run("Seen."), run(" The mayor is ill.", hiding))) == ["Seen."]
    assert texts(paragraph(run("Seen."), run(" Seen too.", '<w:vanish w:val="0"/>'))) == ["Seen. Seen too."]


def test_numbered_paragraphs_are_items_whatever_their_style() -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    plain = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
    found = texts(paragraph(run("An anchor"), properties=numbered), paragraph(run("A wreck"), properties=plain))
    assert found == ["- An anchor", "A wreck"]


def test_a_place_in_the_outline_makes_a_heading_and_a_line_of_contents_answers_nothing() -> None:
    outlined = paragraph(run("What it cost"), properties='<w:outlineLvl w:val="1"/>')
    document = written(paragraph(run("A report")), outlined, paragraph(run("It cost nine million crowns.")))
    assert passages(article(document, "a.docx"))[1] == ("headline", "What it cost")


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def cell(text: str, properties: str = "") -> str:
    lines = "".join(paragraph(run(line)) for line in text.splitlines() or [""])
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{lines}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def test_rows_keep_empty_cells_in_their_place_and_say_again_what_spans_them() -> None:
    begins, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    found = texts(
        table(
            row(cell("Ferry"), cell("Built"), cell("Cars"), properties="<w:tblHeader/>"),
            row(cell("Sea Rose", begins), cell(""), cell("90")),
            row(cell("", goes_on), cell("1988"), cell("Ida Berg\nAnn Fell")),
            row(cell("Gone"), cell("1"), cell("2"), properties='<w:del w:id="1" w:author="a"/>'),
        )
    )
    assert found == ["Ferry | Built | Cars", "Sea Rose | | 90", "Sea Rose | 1988 | Ida Berg Ann Fell"]


def test_only_rows_that_are_said_to_head_a_table_are_headlines() -> None:
    head = row(cell("Ferry"), cell("Built"), properties="<w:tblHeader/>")
    document = written(paragraph(run("A report of ferries")), table(head, row(cell("Sea Rose"), cell("1962"))))
    assert passages(article(document, "a.docx"))[1:] == [("headline", "Ferry | Built"), ("body", "Sea Rose | 1962")]


def test_a_table_of_one_cell_lays_out_what_stands_in_it() -> None:
    inner = table(row(cell("Sea Rose"), cell("1962")))
    outer = table(row(f"<w:tc>{paragraph(run('All ferries.'))}{inner}{paragraph(run('No more.'))}</w:tc>"))
    assert texts(outer) == ["All ferries.", "Sea Rose | 1962", "No more."]
