"""Mail (.eml) and pages that browsers save in one file (.mhtml) → `Article`.

The subject is the title, the sender the author. Of a mail its plain text is read, else its HTML; of a saved page its
HTML. Attachments are not read.
"""

from __future__ import annotations

from email import message_from_bytes, policy
from email.utils import parseaddr, parsedate_to_datetime
from typing import TYPE_CHECKING

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.sources.charset import decode
from onrecord.index.sources.document import Contents
from onrecord.index.sources.readers.text import article_from_text
from onrecord.index.sources.readers.webpage import Stated, article_from_html

if TYPE_CHECKING:
    from datetime import date
    from email.message import EmailMessage, MIMEPart

    from onrecord.index.sources.document import Document


MOST_PARTS = 2_000
"""Lines that can part a mail; making a message of each takes time."""


def read(document: Document) -> Contents:
    """Read a mail or a saved page.

    Raises:
        UnreadableSource: its HTML cannot be parsed.
        SourceError: it holds no text, or only attachments.
    """
    if document.content.count(b"\n--") > MOST_PARTS:
        raise UnreadableSource(
            f"{document.name} has more than {MOST_PARTS:,} parts.", hint="Save the text of the mail and index that."
        )
    message = message_from_bytes(document.content, policy=policy.default)
    try:
        saved = str(message.get("Snapshot-Content-Location") or "")
        body = message.get_body(("html", "plain") if saved else ("plain", "html"))
        content = _content(body) if body else ""
        html = body is not None and body.get_content_type() == "text/html"
        title, author, day = _subject(message), _sender(message), _day(message)
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        # What the email package raises for header fields and encodings that follow no standard.
        raise UnreadableSource(f"{document.name} is a damaged mail: {error}.", hint="Save it again.") from error
    if not content.strip():
        raise SourceError(f"{document.name} holds no text of its own.", hint="Save its attachments and index those.")
    if html:
        stated = Stated(url=saved) if saved else Stated(title=title, author=author, published=day)
        return Contents((article_from_html(content, document, stated),))
    plain = article_from_text(
        content.replace("\r\n", "\n"),
        source=document.source,
        name=document.stem,
        url=document.url,
        title=title,
        author=author,
        published=day,
    )
    return Contents((plain,))


def _content(body: MIMEPart) -> str:
    packed = body.get_payload(decode=True)
    return decode(packed, body.get_content_charset()) if isinstance(packed, bytes) else ""


def _subject(message: EmailMessage) -> str | None:
    return " ".join(str(message.get("Subject") or "").split()) or None


def _sender(message: EmailMessage) -> str | None:
    name, address = parseaddr(str(message.get("From") or ""))
    return name or address or None


def _day(message: EmailMessage) -> date | None:
    written = message.get("Date")
    try:
        return parsedate_to_datetime(str(written)).date() if written else None
    except ValueError:
        return None
