# ruff: noqa: E501 - documents stand as they come
from __future__ import annotations

from datetime import date
from email.message import EmailMessage

import pytest

from onrecord.index.errors import SourceError, UnreadableSource
from tests.unit.index.sources.documents import article, contents, passages

PAGE = (
    "<html><head><title>Ferry returns</title></head><body><article><h1>Ferry returns</h1><p>The ferry between Larnholm and "
    "the islands returned on Monday, nine years after the last crossing.</p><p>Tickets cost twelve crowns.</p></article></body></html>"
)


def mail(**fields: str) -> EmailMessage:
    message = EmailMessage()
    stated = {
        "From": "Jane Roe <jane@x.example>",
        "Subject": "Café at the harbour",
        "Date": "Mon, 04 Nov 2024 23:30:00 -0500",
        "Message-ID": "<1@x.example>",
        **fields,
    }
    for name, value in stated.items():
        message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize("name", ["a.eml", "a.txt", "a"])
def test_a_mail_gives_its_plain_text_subject_sender_and_day(name: str) -> None:
    message = mail()
    message.set_content("The café opened.\n\nIt is small and dear.\n", charset="iso-8859-1")
    message.add_alternative(PAGE, subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    found = article(message.as_bytes(), name)
    assert passages(found) == [("body", "The café opened."), ("body", "It is small and dear.")]
    assert (found.title, found.author, found.published) == ("Café at the harbour", "Jane Roe", date(2024, 11, 4))


def test_a_mail_without_plain_text_is_read_from_its_html() -> None:
    message = mail()
    message.set_content(PAGE, subtype="html")
    found = article(message.as_bytes(), "a.eml")
    assert "Tickets cost twelve crowns." in found.text
    assert "<p>" not in found.text
    assert found.title == "Café at the harbour"


def test_a_page_that_a_browser_saved_in_one_file_is_that_page() -> None:
    message = mail(From="<Saved by Blink>", Subject="Saved title", Snapshot_Content_Location="https://x.example/ferry")
    message.set_content(PAGE, subtype="html")
    found = article(message.as_bytes(), "a.mhtml")
    assert (found.title, found.author, found.url) == ("Ferry returns", None, "https://x.example/ferry")


def test_a_mail_without_text_is_refused() -> None:
    message = mail()
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    with pytest.raises(SourceError, match=r"a\.eml holds no text of its own"):
        contents(message.as_bytes(), "a.eml")


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a\nSubject: =?bad?x?=\nDate: whenever\nMIME-Version: 1.0\n\nWords here.",
        b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Type: text/plain; charset=nonsense\n\nWords here.",
        b"From: @@@ <\nTo: b\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\nWords here.",
        b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n--x\n",
    ],
)
def test_a_mail_that_follows_no_standard_is_read_or_refused_by_name(raw: bytes) -> None:
    try:
        told = article(raw, "odd.eml").text
    except SourceError as error:
        told = str(error)
    assert told.strip() == "Words here." or "odd" in told


def test_a_mail_of_very_many_parts_is_refused_at_once() -> None:
    raw = b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 200_000
    with pytest.raises(UnreadableSource, match=r"a\.eml has more than 2,000 parts"):
        contents(raw, "a.eml")


def test_a_mail_as_a_mailbox_keeps_it_is_read_and_a_mailbox_of_several_is_refused() -> None:
    one = b"From ada@x.example Mon May  6 10:00:00 2024\n" + mail().as_bytes() + b"Words.\n"
    found = article(one, "a.eml")
    assert (found.text, found.author) == ("Words.", "Jane Roe")
    with pytest.raises(UnreadableSource, match="mailbox of several"):
        contents(one + b"\n" + one, "a.mbox")
