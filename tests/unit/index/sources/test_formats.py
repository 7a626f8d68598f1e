# ruff: noqa: E501 - documents stand as they come
from __future__ import annotations

import gzip
import subprocess
import sys
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from onrecord.index import sources
from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.sources.document import LARGEST_DOCUMENT
from onrecord.index.sources.formats import SUFFIXES, Format, format_of
from tests.unit.index.sources.documents import article, column, contents, pdf

if TYPE_CHECKING:
    from pathlib import Path

RSS = '<?xml version="1.0"?>\n<!-- made by hand -->\n<rss version="2.0"><channel></channel></rss>'
MAIL = "Received: from a\n by b\nFrom: Jane Roe <jane@x.example>\nSubject: Harbour\nDate: Mon, 04 Nov 2024 10:00:00 +0000\n\nHi.\n"


@pytest.mark.parametrize(
    ("head", "suffix", "kind"),
    [
        (b"%PDF-1.7\n", ".txt", Format.PDF),
        (b"junk %PDF-1.7\n", ".pdf", Format.PDF),
        (b"A text about %PDF-1.7\n", ".txt", Format.TEXT),
        (b"PK\x03\x04\x14\x00[Content_Types].xml", "", Format.WORD),
        (b"<!doctype html><p>a", ".txt", Format.HTML),
        (b"\xef\xbb\xbf  \n<!-- saved from url=(0013)http://x.test -->\n<html>", ".md", Format.HTML),
        ("\ufeff<html><p>a".encode("utf-16-le"), ".txt", Format.HTML),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', ".xml", Format.HTML),
        (b"<p>Only a paragraph", "", Format.HTML),
        (b"Words first, then <b>tags</b>", ".html", Format.HTML),
        (b"Words first, then <b>tags</b>", ".txt", Format.TEXT),
        (b"Words only", ".html", Format.TEXT),
        (b"<3 is a heart", ".txt", Format.TEXT),
        (b"<quote>", ".txt", Format.TEXT),
        (RSS.encode(), ".html", Format.FEED),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', "", Format.FEED),
        (b'<rdf:RDF xmlns:rdf="x">', ".xml", Format.FEED),
        (b"<urlset>", ".txt", Format.SITEMAP),
        (b'<?xml version="1.0"?><sitemapindex >', "", Format.SITEMAP),
        (b'{"text": "a"}\n', ".txt", Format.JSON_LINES),
        (b'{ "title" : "a", "text"', ".jsonl", Format.JSON_LINES),
        (b"{braces} in a text", ".txt", Format.TEXT),
        (MAIL.encode(), ".txt", Format.MAIL),
        (MAIL.replace("\n", "\r\n").encode(), "", Format.MAIL),
        (b"From: Jane\nSubject: Harbour\n\nHi.", ".eml", Format.MAIL),
        (b"From: Jane\nSubject: Harbour\n\nHi.", ".txt", Format.TEXT),
        (b"Note: mind the step\n\nFrom: here", ".txt", Format.TEXT),
        (b"---\ntitle: Bees\n---\nText", ".txt", Format.MARKDOWN),
        (b"---\nno front matter\n---\nText", ".txt", Format.TEXT),
        (b"# Heading", ".md", Format.MARKDOWN),
        (b"# Heading", ".txt", Format.TEXT),
        ("é".encode()[:1], ".txt", Format.TEXT),
        (b"", ".txt", Format.TEXT),
    ],
)
def test_the_bytes_tell_the_kind_and_the_suffix_only_where_kinds_look_alike(
    head: bytes, suffix: str, kind: Format
) -> None:
    assert format_of(head, suffix, name="a") is kind


@pytest.mark.parametrize(
    ("head", "suffix", "message"),
    [
        (b"\x89PNG\r\n\x1a\n", ".txt", "a picture"),
        (b"\xff\xd8\xff\xe0", ".html", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ".doc", "an old Office file"),
        (b"{\\rtf1\\ansi", ".txt", "a rich text file"),
        (b"PK\x03\x04mimetypeapplication/epub+zip", ".txt", "an e-book"),
        (b"PK\x03\x04photos/1.jpg", ".docx", "an archive"),
        (b"SQLite format 3\x00", ".db", "a database"),
        (b'<?xml version="1.0"?><catalog>', ".xml", "neither a feed, a sitemap nor XHTML"),
        (b'[{"text": "a"}]', ".json", "not one article a line"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(head: bytes, suffix: str, message: str) -> None:
    with pytest.raises(UnreadableSource, match=message) as refused:
        format_of(head, suffix, name="news/a.x")
    assert "news/a.x" in refused.value.message
    assert refused.value.hint


def test_a_packed_document_is_unpacked_and_then_told() -> None:
    assert article(gzip.compress(b"<!doctype html><p>The ferry returned on Monday.</p>"), "a.html.gz").text
    assert article(gzip.compress(b"# Harbour\n\nIt was dredged."), "notes.md.gz").title == "Harbour"
    with pytest.raises(UnreadableSource, match="unpacks to more than 20 MiB"):
        contents(gzip.compress(bytes(LARGEST_DOCUMENT + 1)), "bomb.gz")
    with pytest.raises(UnreadableSource, match="does not unpack"):
        contents(b"\x1f\x8b\x08\x00" + b"x" * 40, "broken.gz")


def test_a_directory_gives_every_readable_kind_and_each_loads_by_what_it_is(tmp_path: Path) -> None:
    page = "<html><title>Ferry</title><p>The ferry between Larnholm and the islands returned on Monday.</p></html>"
    files = {
        "a.html": page.encode(),
        "b.pdf": pdf(column("The harbour was dredged.")),
        "c.txt": pdf(column("The bridge is closed.")),
        "d.md": page.encode(),
        "e.eml": MAIL.encode(),
        "f.png": b"\x89PNG",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = sources.discover(tmp_path)
    assert [file.name for file in found] == [name for name in files if name != "f.png"]
    texts = [sources.load(file).text for file in found]
    sentence = "The ferry between Larnholm and the islands returned on Monday."
    assert texts == [sentence, "The harbour was dredged.", "The bridge is closed.", sentence, "Hi."]


def test_a_file_that_is_named_itself_may_have_any_suffix(tmp_path: Path) -> None:
    for name in ("notes", "notes.old", "notes.png"):
        (tmp_path / name).write_text("The harbour was dredged.")
        assert sources.discover(tmp_path / name) == [tmp_path / name]
        assert sources.load(tmp_path / name).text == "The harbour was dredged."


@pytest.mark.parametrize("content", [b"A", b"7", b"\x07", b"\xff", b"", b"PK", b"AB\x01CD\x02 EF gh", b"deadbeef00"])
@pytest.mark.parametrize("name", ["a.bin", "a.dat", "a.exe"])
def test_bytes_that_only_happen_to_decode_are_no_article(name: str, content: bytes) -> None:
    with pytest.raises(SourceError, match=r"a\.\w+ is (of no kind|not)"):
        contents(content, name)


@pytest.mark.parametrize("name", ["a.log", "a.rst", "a.old", "a"])
@pytest.mark.parametrize("text", ["It opened.", "港は閉じた。"])
def test_words_are_read_whatever_a_file_is_called(name: str, text: str) -> None:
    assert article(text.encode(), name).text == text


def test_a_file_of_several_articles_is_no_single_one(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n')
    with pytest.raises(SourceError, match="holds 2 articles"):
        sources.load(tmp_path / "a.jsonl")
    assert len(list(sources.load_all(tmp_path / "a.jsonl"))) == 2


def test_json_lines_may_be_larger_than_any_other_document(tmp_path: Path) -> None:
    line = b'{"text": "The harbour was dredged.", "passed over": "%s"}\n' % (b"x" * (LARGEST_DOCUMENT // 2))
    (tmp_path / "large.jsonl").write_bytes(line * 3)
    assert (tmp_path / "large.jsonl").stat().st_size > LARGEST_DOCUMENT
    assert sum(1 for _ in sources.load_all(tmp_path / "large.jsonl")) == 3


def test_a_sitemap_in_a_file_says_where_its_articles_are(tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_text("<urlset><url><loc>https://x.example/1</loc></url></urlset>")
    with pytest.raises(SourceError, match="lists addresses") as refused:
        sources.load(tmp_path / "sitemap.xml")
    assert "URL" in refused.value.hint


def test_every_readable_kind_has_a_suffix_or_is_told_by_its_bytes() -> None:
    assert set(Format) - set(SUFFIXES.values()) == {Format.SITEMAP}


def test_reading_text_loads_no_library_of_another_format() -> None:
    script = (
        "import sys; from onrecord.index.sources import Document, read_document;"
        "read_document(Document(b'The harbour was dredged.', source='a', name='a.txt'));"
        "print(sorted({'docx', 'feedparser', 'httpx', 'lxml', 'markdown_it', 'pypdfium2', 'spellchecker', 'trafilatura'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_archive_that_calls_itself_word_is_refused() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(UnreadableSource, match=r"table\.xlsx is no Word document"):
        contents(packed.getvalue(), "table.xlsx")
