"""Documents with random damage: each is read or refused with what to do, and nothing else ever comes out."""
# ruff: noqa: E501 - documents stand as they come

from __future__ import annotations

import random
from pathlib import Path

import pytest

from onrecord.index.errors import SourceError
from onrecord.index.passages.split import split
from onrecord.index.sources import Document, read_document
from tests.unit.index.sources.documents import column, pdf
from tests.unit.index.sources.readers.test_feed import ATOM, RSS
from tests.unit.index.sources.readers.test_json_lines import LINES
from tests.unit.index.sources.readers.test_markdown import NOTE
from tests.unit.index.sources.readers.test_word import written

ROUNDS = 12

PAGES = Path(__file__).parents[3] / "pages"
WHOLE = {
    "live.html": (PAGES / "live-blog.html").read_bytes(),
    "blog.html": (PAGES / "newsletter-blog.html").read_bytes(),
    "old.html": (PAGES / "agency.html").read_bytes(),
    "feed.rss": RSS.encode(),
    "feed.atom": ATOM.encode(),
    "a.jsonl": LINES.encode(),
    "a.md": NOTE.encode(),
    "a.pdf": pdf(column("The harbour was dredged in spring.\n\nDivers found eleven anchors.")),
    "a.docx": written(),
    "a.eml": b"From: Jane <j@x.example>\nSubject: =?utf-8?q?Caf=C3=A9?=\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>Hi.</p>",
    "sitemap.xml": b"<urlset><url><loc>https://x.example/1</loc></url></urlset>",
}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content with bytes changed, cut out, doubled or put in."""
    hurt = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(hurt))
        length = chance.choice((1, 1, 4, 60))
        match chance.randrange(4):
            case 0:
                hurt[at] = chance.randrange(256)
            case 1 if len(hurt) > 2 * length:
                del hurt[at : at + length]
            case 2:
                hurt[at:at] = hurt[at : at + length]
            case _:
                hurt[at:at] = chance.choice(
                    (b"\x00", b"\x0c", b"\xff\xfe", b"&#1;", b"<", b"]]>", b"\xed\xa0\x80", b"://[")
                )
    return bytes(hurt)


@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_document_is_read_or_refused(name: str) -> None:
    hints: list[str] = []
    for seed in range(ROUNDS):
        content = damaged(WHOLE[name], random.Random(f"{name} {seed}"))
        try:
            found = read_document(
                Document(content, source="test:a", name=name, url="https://x.example/a" if seed % 2 else None)
            )
        except SourceError as error:
            hints.append(error.hint)
            continue
        for article in found.articles:
            assert all(passage.text.strip() for passage in split(article)), seed
    assert all(hints)
