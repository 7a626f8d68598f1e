"""Subjects and senders as mail programs write them, and mails attached to mails."""

from __future__ import annotations

from base64 import b64encode
from datetime import date

import pytest

from tests.unit.index.sources.documents import article, contents

FORWARDED = b"From: Tom Ek <t@c.example>\nSubject: Fee\nDate: Sun, 05 May 2024 09:00:00 +0200\n\nThe fee is nine."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"=?iso-8859-1?Q?Caf=E9_=96_=93dear=94?=", "Café – “dear”"),
        (b"=?us-ascii?Q?It=92s_nine?=", "It’s nine"),
        (b"=?windows-1252?B?" + b64encode("5 € – now".encode("cp1252")) + b"?=", "5 € – now"),
        (
            b"=?utf-8?B?" + b64encode("Kö".encode()[:2]) + b"?=\n =?utf-8?B?" + b64encode("Kö".encode()[2:]) + b"?=",
            "Kö",
        ),
        (b"Re: =?utf-8?q?K=C3=B6?= and bath", "Re: Kö and bath"),
        ("Kö – bath".encode("cp1252"), "Kö – bath"),
        ("Kö – bath".encode(), "Kö – bath"),
        (b"=?nonsense?Q?Bath?=", "Bath"),
        (b"A subject that is\n folded", "A subject that is folded"),
    ],
)
def test_a_subject_is_read_in_whatever_it_is_encoded(written: bytes, read: str) -> None:
    raw = b"From: Ada Holm <a@x.example>\nMIME-Version: 1.0\nSubject: " + written + b"\n\nWords."
    assert article(raw, "a.eml").title == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"=?utf-8?q?Ada_H=C3=B6lm?= <a@x.example>", "Ada Hölm"),
        (b'"Holm, Ada" <a@x.example>', "Holm, Ada"),
        (b'"=?iso-8859-1?Q?H=F6lm=2C_Ada?=" <a@x.example>', "Hölm, Ada"),
        (b"a@x.example", "a@x.example"),
        (b"Ada Holm <a@x.example>, Tom Ek <t@x.example>", "Ada Holm, Tom Ek"),
        ("Ada Hölm <a@x.example>".encode("latin-1"), "Ada Hölm"),
    ],
)
def test_a_sender_is_read_by_name(written: bytes, read: str) -> None:
    assert article(b"From: " + written + b"\nSubject: a\nMIME-Version: 1.0\n\nWords.", "a.eml").author == read


def attached(part: bytes) -> bytes:
    note = b"--b\nContent-Type: text/plain\n\nFor you.\n\n"
    head = b"From: Ada Holm <a@x.example>\nSubject: Fwd: Fee\nMIME-Version: 1.0\n"
    head += b'Content-Type: multipart/mixed; boundary="b"'
    return head + b"\n\n" + note + b"--b\n" + part + b"\n--b--\n"


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: message/rfc822\n\n" + FORWARDED,
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + b64encode(FORWARDED),
        b'Content-Type: application/octet-stream; name="fee.eml"\nContent-Transfer-Encoding: base64\n\n'
        + b64encode(FORWARDED),
        b'Content-Type: multipart/digest; boundary="c"\n\n--c\n\n' + FORWARDED + b"\n--c--\n",
    ],
)
def test_a_mail_that_is_attached_is_its_own_senders_with_its_own_day(part: bytes) -> None:
    note, fee = contents(attached(part), "a.eml").articles
    assert (note.text, note.author, note.title) == ("For you.", "Ada Holm", "Fwd: Fee")
    assert (fee.text, fee.author, fee.title) == ("The fee is nine.", "Tom Ek", "Fee")
    assert (fee.published, fee.source) == (date(2024, 5, 5), "test:a.eml#2")


def test_a_mail_that_only_passes_another_on_is_that_one() -> None:
    raw = attached(b"Content-Type: message/rfc822\n\n" + FORWARDED).replace(b"For you.", b"")
    fee = article(raw, "a.eml")
    assert (fee.author, fee.source) == ("Tom Ek", "test:a.eml")


def test_a_text_that_goes_on_behind_a_picture_is_read_whole() -> None:
    picture = b"Content-Type: image/png\nContent-Disposition: inline\n\nx\n--b\nContent-Type: text/plain\n\nIt is nine."
    assert article(attached(picture), "a.eml").text == "For you.\n\nIt is nine."


def test_mails_attached_to_each_other_end_somewhere() -> None:
    raw = FORWARDED
    for _ in range(40):
        raw = b"From: a@x.example\nTo: b\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n" + raw
    assert len(contents(attached(b"Content-Type: message/rfc822\n\n" + raw), "a.eml").articles) == 1
