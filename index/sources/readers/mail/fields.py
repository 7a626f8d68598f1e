"""What the header of a mail says: its subject, its sender and its day, however they are encoded."""

from __future__ import annotations

import re
from datetime import date
from email.header import decode_header
from email.utils import getaddresses, parsedate_tz
from typing import TYPE_CHECKING

from onrecord.index.sources.charset import decode

if TYPE_CHECKING:
    from email.message import Message

EPOCH = date(1970, 1, 1)
"""What programs write that do not know the day."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan ene gen", "feb fév", "mar mär", "apr avr abr", "may mai maj mag", "jun giu"),
            *("jul lug", "aug aoû ago", "sep set", "oct okt ott out", "nov", "dec dez dic déc des"),
        ),
        start=1,
    )
    for name in names.split()
}
"""The first three letters of months in languages in which mail programs write them."""

_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_WRITTEN = (
    re.compile(r"\b(?P<day>1[3-9]|2\d|3[01])/(?P<month>\d{1,2})/(?P<year>\d{4})\b"),
    re.compile(r"\b(?P<month>\d{1,2})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})\b"),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})\b"),
    re.compile(rf"\b{_DAY}\s+(?:of\s+|de\s+)?{_MONTH},?\s+(?:de\s+)?(?P<year>\d{{4}})\b"),
    re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})\b"),
)


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


def day_of(written: str) -> date | None:
    """The day in a date as mail programs write it; None where it could be either of two, or is the first of 1970."""
    parsed = parsedate_tz(written)
    for year, month, number in [parsed[:3]] if parsed else _written(written):
        try:
            found = date(year, month, number)
        except ValueError:
            continue
        return None if found == EPOCH else found
    return None


def _written(text: str) -> list[tuple[int, int, int]]:
    found = []
    for pattern in _WRITTEN:
        for each in pattern.finditer(text):
            month = int(each["month"]) if each["month"].isdigit() else _MONTHS.get(each["month"][:3].lower(), 0)
            found.append((int(each["year"]), month, int(each["day"])))
    return found


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
