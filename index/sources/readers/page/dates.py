"""Days as pages write them.

A time counts for the day that it is where it was written: “2015-06-09T23:55:00-07:00” is the ninth.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import escape

from htmldate import find_date

from onrecord.index.sources.readers.page.statements import plain

LONGEST_DATE_LINE = 160
"""Characters of what is looked at for a date."""

MONTHS = 12

_DAY = timedelta(days=1)
_EARLIEST = date(1600, 1, 1)
_NO_DATES = frozenset({date(1970, 1, 1), date(1900, 1, 1)})
"""What programs write where there is no date."""

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(T?\d{6}Z?)?")
_EPOCH = re.compile(r"\d{10}|\d{13}")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.年]\s?(\d{1,2})[/.月]\s?(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_YEAR = re.compile(r"\d{4}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def day_of(written: str, locale: str | None = None) -> date | None:
    """The day that is written somewhere, None where it is none or may be either of two."""
    text = plain(written)[:LONGEST_DATE_LINE]
    if _EPOCH.fullmatch(text):
        return _possible(datetime.fromtimestamp(int(text[:10]), UTC).date())
    if found := _ISO.search(text) or _COMPACT.fullmatch(text) or _YEAR_FIRST.search(text):
        return day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.search(text):
        return _by_numbers(int(found[1]), int(found[3]), int(found[4]), locale, dotted=found[2] == ".")
    if not _YEAR.search(text):
        return None
    told = find_date(
        f'<html><body><p class="date">{escape(_CLOCK.sub("", text))}</p></body></html>',
        extensive_search=False,
        original_date=True,
        min_date=_EARLIEST.isoformat(),
    )
    return _possible(date.fromisoformat(told)) if told and told[:4] in text else None


def day(year: int, month: int, number: int) -> date | None:
    """A day of the calendar on which something may have been published, else None."""
    try:
        return _possible(date(year, month, number))
    except ValueError:
        return None


def _by_numbers(first: int, second: int, year: int, locale: str | None, *, dotted: bool) -> date | None:
    """A day written as numbers: the day comes first but in the United States, and nobody knows what “en” means."""
    if first > MONTHS or first == second:
        return day(year, second, first)
    if second > MONTHS:
        return day(year, first, second)
    if dotted or (locale and locale.lower() not in ("en", "en-us", "en-ca", "en-ph")):
        return day(year, second, first)
    return day(year, first, second) if locale and locale.lower() == "en-us" else None


def _possible(told: date) -> date | None:
    latest = datetime.now(UTC).date() + _DAY
    return told if _EARLIEST <= told <= latest and told not in _NO_DATES else None
