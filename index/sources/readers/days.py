"""Dates as programs write them → days. Pure."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_tz

EPOCH = date(1970, 1, 1)
"""What programs write that do not know the day."""

FIRST_NEWS = 1600
"""Before this year nothing was published that is read here: such a date is a slip."""

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
_NO_YEAR = re.compile(r"\b00\d\d\b(?!:)")
_WRITTEN = (
    re.compile(r"\b(?P<day>1[3-9]|2\d|3[01])/(?P<month>\d{1,2})/(?P<year>\d{4})\b"),
    re.compile(r"\b(?P<month>\d{1,2})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})\b"),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)\b"),
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})\b"),
    re.compile(rf"\b{_DAY}\s+(?:of\s+|de\s+)?{_MONTH},?\s+(?:de\s+)?(?P<year>\d{{4}})\b"),
    re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})\b"),
)


def day_of(written: str) -> date | None:
    """The day in a date as mail and feeds have it, where it was written; None where it could be another one."""
    parsed = None if _NO_YEAR.search(written) else parsedate_tz(written)
    for year, month, number in [parsed[:3]] if parsed else _written(written):
        try:
            found = date(year, month, number)
        except ValueError:
            continue
        return None if found == EPOCH or found.year < FIRST_NEWS else found
    return None


def _written(text: str) -> list[tuple[int, int, int]]:
    found = []
    for pattern in _WRITTEN:
        for each in pattern.finditer(text):
            month = int(each["month"]) if each["month"].isdigit() else _MONTHS.get(each["month"][:3].lower(), 0)
            found.append((int(each["year"]), month, int(each["day"])))
    return found
