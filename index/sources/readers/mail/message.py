"""Mail (.eml) and pages that browsers save in one file (.mhtml) → articles.

A mail is one article: its subject is the title, its sender the author, and its text what the sender wrote, without
what is quoted of others. Mails that are forwarded in it, as text or attached, are articles of their own, with their own
senders and days. Of a mail its plain text is read, else its HTML; of a saved page its HTML. Other attachments are not.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import groupby
from typing import TYPE_CHECKING, cast

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.sources.charset import decode
from onrecord.index.sources.document import Contents
from onrecord.index.sources.readers.composition import Block, compose
from onrecord.index.sources.readers.days import day_of
from onrecord.index.sources.readers.mail import fields, marked_up, plain
from onrecord.index.sources.readers.mail.quoting import letters, without_forwarding
from onrecord.index.sources.readers.text import article_from_text
from onrecord.index.sources.readers.webpage import Stated, article_from_html

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from email.message import MIMEPart

    from onrecord.index.records import Article
    from onrecord.index.sources.document import Document
    from onrecord.index.sources.readers.composition import Composed
    from onrecord.index.sources.readers.mail.quoting import Letter, Line


MOST_PARTS = 2_000
"""Lines that can part a mail; making a message of each takes time."""

_ENVELOPE = re.compile(rb"^From \S+ .*\d\d:\d\d.*\d{4}\r?\n(?=[A-Za-z-]+:)", re.MULTILINE)

DEEPEST_ATTACHED = 10
"""How often a mail can be attached to one that is attached."""


@dataclass(frozen=True, slots=True)
class _Mail:
    """What one sender wrote, and what is known of it."""

    composed: Composed
    title: str | None
    author: str | None
    published: date | None


def read(document: Document) -> Contents:
    """Read a mail with those that are forwarded in it, or a saved page.

    Raises:
        UnreadableSource: its HTML cannot be parsed.
        SourceError: it holds no text, or only attachments.
    """
    if document.content.count(b"\n--") > MOST_PARTS:
        raise UnreadableSource(
            f"{document.name} has more than {MOST_PARTS:,} parts.", hint="Save the text of the mail and index that."
        )
    if len(_ENVELOPE.findall(document.content)) > 1:
        raise UnreadableSource(
            f"{document.name} is a mailbox of several mails.", hint="Save each as a file of its own."
        )
    message = _message(document.content)
    try:
        saved = str(message.get("Snapshot-Content-Location") or "")
        page = _page(message) if saved else ""
        mails = [] if saved else list(_mails(message, document.name))
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        # What the email package raises for header fields and encodings that follow no standard.
        raise UnreadableSource(f"{document.name} is a damaged mail: {error}.", hint="Save it again.") from error
    if page:
        return Contents((article_from_html(page, document, Stated(url=saved)),))
    if not mails:
        raise SourceError(f"{document.name} holds no text of its own.", hint="Save its attachments and index those.")
    return Contents(tuple(_article(mail, document, number) for number, mail in enumerate(mails, start=1)))


def _article(mail: _Mail, document: Document, number: int) -> Article:
    return article_from_text(
        mail.composed.text,
        source=document.source if number == 1 else f"{document.source}#{number}",
        name=document.stem,
        url=document.url,
        title=mail.title,
        author=mail.author,
        published=mail.published,
        marks=mail.composed.marks,
    )


def _mails(message: EmailMessage, name: str, attached: int = 0) -> Iterator[_Mail]:
    """What the sender of a message wrote, what is forwarded in its text, and what is attached to it."""
    subject = fields.subject(message)
    lines = _lines(message, name)
    for letter in letters(lines, subject):
        composed = _composed(lines, letter)
        if not any(character.isalnum() for character in composed.text):
            continue
        if letter.fields is None:
            yield _Mail(composed, subject, fields.sender(message), fields.day(message))
        else:
            about = letter.fields.get("subject") or without_forwarding(subject or "") or None
            day = day_of(letter.fields.get("date", ""))
            yield _Mail(composed, about, fields.names(letter.fields["from"]), day)
    if attached < DEEPEST_ATTACHED:
        for each in _attached(message):
            yield from _mails(each, name, attached + 1)


def _attached(message: EmailMessage) -> Iterator[EmailMessage]:
    """The mails that are attached to one, but for those attached to these."""
    for part in message.iter_parts() if message.is_multipart() else ():
        if not isinstance(part, EmailMessage):
            continue
        if part.get_content_type() == "message/rfc822":
            yield _unpacked(part)
        elif (part.get_filename() or "").lower().endswith(".eml"):
            packed = part.get_payload(decode=True)
            if isinstance(packed, bytes):
                yield _message(packed)
        elif part.get_content_maintype() == "multipart":
            yield from _attached(part)


def _unpacked(part: EmailMessage) -> EmailMessage:
    """The mail in an attachment; some programs pack it, though no standard lets them."""
    inside = part.get_content()
    packed = str(part.get("Content-Transfer-Encoding") or "").strip().lower() == "base64"
    if packed and not inside.keys():
        return _message(b64decode(inside.get_payload().encode("ascii", "replace")))
    return cast("EmailMessage", inside)


def _message(content: bytes) -> EmailMessage:
    return message_from_bytes(content, _class=EmailMessage, policy=policy.default)


def _page(message: EmailMessage) -> str:
    body = message.get_body(("html", "plain"))
    return _content(body) if body is not None else ""


def _lines(message: EmailMessage, name: str) -> list[Line]:
    """The lines of its text: of the plain one, else of the HTML, and of further texts that stand in it."""
    found: list[Line] = []
    body = message.get_body(("plain", "html"))
    if body is not None and body.get_content_type() == "text/plain" and not _content(body).strip():
        body = message.get_body(("html",)) or body
    for part in (body, *_further(message, body)):
        if part is None:
            continue
        if part.get_content_type() == "text/html":
            found += marked_up.lines(_content(part), name)
        else:
            flowed = str(part.get_param("format") or "").lower() == "flowed"
            closely = str(part.get_param("delsp") or "").lower() == "yes"
            found += plain.lines(_content(part), flowed=flowed, joined_closely=closely)
    return found


def _further(message: EmailMessage, body: MIMEPart | None) -> Iterator[MIMEPart]:
    """Texts that stand between or behind attachments, as mail programs write them that put pictures into a text."""
    parts = list(message.iter_parts()) if message.get_content_type() == "multipart/mixed" else []
    for part in parts if body in parts else ():
        shown = part.get_content_disposition() != "attachment" and not part.get_filename()
        if part is not body and shown and part.get_content_type() == "text/plain":
            yield part


def _content(body: MIMEPart) -> str:
    packed = body.get_payload(decode=True)
    return decode(packed, body.get_content_charset()) if isinstance(packed, bytes) else ""


def _composed(lines: Sequence[Line], letter: Letter) -> Composed:
    """A letter's paragraphs: a new one begins where a line says so, or where lines before it are not the sender's."""
    paragraphs: list[list[Line]] = []
    before = -2
    for number in letter.lines:
        line = lines[number]
        if not line.text.strip():
            continue
        if line.opens or number != before + 1 or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(line)
        before = number
    blocks = [
        Block("\n".join(line.text.strip() for line in group), kind)
        for paragraph in paragraphs
        for kind, group in groupby(paragraph, key=lambda line: line.kind)
    ]
    return compose(blocks)
