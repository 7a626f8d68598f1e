"""Dates as mail programs and feeds write them."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.index.sources.readers.days import day_of


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Mon, 06 May 2024 23:40:00 -0700", date(2024, 5, 6)),
        ("6 May 2024 10:00", date(2024, 5, 6)),
        ("Monday, May 6, 2024 10:00 AM", date(2024, 5, 6)),
        ("May 6, 2024 at 10:00:00 AM GMT+2", date(2024, 5, 6)),
        ("Montag, 6. Mai 2024 um 10:00", date(2024, 5, 6)),
        ("den 6 maj 2024 10:00", date(2024, 5, 6)),
        ("6 de mayo de 2024", date(2024, 5, 6)),
        ("2024-05-06 10:00", date(2024, 5, 6)),
        ("06.05.2024 10:00", date(2024, 5, 6)),
        ("05/06/2024 10:00", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Mon, 00 Jan 0001 00:00:00 GMT", None),
        ("Fri, 03 May 2024 23:30:00 -0800", date(2024, 5, 3)),
        ("2024-05-03T23:30:00.123-08:00", date(2024, 5, 3)),
        ("20240503", date(2024, 5, 3)),
        ("vendredi, 03 mai 2024 10:00:00 +0200", date(2024, 5, 3)),
        ("Thu, 09 Jun 24 08:00 EST", date(2024, 6, 9)),
        ("28/10/2024", date(2024, 10, 28)),
        ("1714723200", None),
        ("2024-W18", None),
        ("0001-01-01T00:00:00Z", None),
        ("31 February 2024", None),
        ("whenever", None),
        ("", None),
    ],
)
def test_a_day_is_read_only_where_it_can_be_no_other(written: str, day: date | None) -> None:
    assert day_of(written) == day
