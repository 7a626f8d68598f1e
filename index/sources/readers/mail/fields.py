"""What the header of a mail says: its subject, its sender and its day, however they are encoded."""

from __future__ import annotations

import re
from email.header import decode_header
from email.utils import getaddresses
from typing import TYPE_CHECKING

from onrecord.index.sources.charset import decode
from onrecord.index.sources.readers.days import day_of

if TYPE_CHECKING:
    from datetime import date
    from email.message import Message


def subject(message: Message) -> str | None:
    """Its subject in words, on one line."""
    return " ".join(decoded(_raw(message, "subject")).split()) or None


def sender(message: Message) -> str | None:
    """Who sent it; see `names`."""
    return names(_raw(message, "from"))


def day(message: Message) -> date | None:
    """The day on which it was sent, where its sender was; None where it does not say."""
    return day_of(decoded(_raw(message, "date")))


def names(addresses: str) -> str | None:
    """The names in a list of addresses, of one without a name the address itself; names alone stay as they are."""
    addresses = re.sub(r"\s*\[mailto:[^]]*\]", "", addresses)
    if "@" not in addresses:
        return decoded(addresses).strip(" '\"<>") or None
    found = (decoded(name).strip(" '\"") or address for name, address in getaddresses([addresses]))
    return ", ".join(filter(None, found)) or None


def decoded(raw: str) -> str:
    """A header field in words, its encoded words decoded as browsers read their charset.

    Mail programs call Windows-1252 “iso-8859-1” as pages do.
    """
    return "".join(_part(text, charset) for text, charset in decode_header(raw))


def _part(text: str | bytes, charset: str | None) -> str:
    if isinstance(text, str):
        return text
    return decode(text, charset) if charset else text.decode("raw-unicode-escape", "replace")  # as it was encoded


def _raw(message: Message, name: str) -> str:
    """A field as it stands in the mail, unfolded; bytes that none may hold are UTF-8, else Windows-1252."""
    value = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    return decode(re.sub(r"[\r\n]+", "", value).encode("utf-8", "surrogateescape"), "windows-1252")
