from __future__ import annotations

import re

import pytest

from onrecord.index.passages.rows import worded

COLUMNS = "Ferries\n\nFerry | Built | Cars"


def test_cells_are_read_behind_the_headings_of_their_columns() -> None:
    row = worded(COLUMNS, "Sea Rose | 1962 | 90")
    assert row is not None
    assert (row.lead, row.text) == ("Ferries", "Ferry: Sea Rose. Built: 1962. Cars: 90.")


@pytest.mark.parametrize(
    ("columns", "row", "expected"),
    [
        ("Ferry | Built | Cars", "Sea Rose | | 90", "Ferry: Sea Rose. Cars: 90."),
        ("| Adult | Child", "Day ticket | 60 | 30", "Day ticket. Adult: 60. Child: 30."),
        ("Ferry | Built | Cars", "Sea Rose | 1962", "Ferry: Sea Rose. Built: 1962."),
        ("", "Captain | Erik Lund", "Captain: Erik Lund."),
        ("Facts", "Captain | Erik Lund", "Captain: Erik Lund."),
    ],
)
def test_empty_cells_and_terms_are_understood(columns: str, row: str, expected: str) -> None:
    found = worded(columns, row)
    assert found is not None
    assert found.text == expected


@pytest.mark.parametrize(("lead", "row"), [("A | B", "It is no row."), ("", "a | b | c"), ("A | B", "a | b | c")])
def test_what_no_headings_belong_to_is_read_as_it_stands(lead: str, row: str) -> None:
    assert worded(lead, row) is None


@pytest.mark.parametrize("row", ["Sea Rose | 1962 | 90", "Sea Rose | | 90", "| 1962 | 90"])
def test_every_character_has_its_place_in_the_row_and_what_is_added_has_none(row: str) -> None:
    found = worded(COLUMNS, row)
    assert found is not None
    assert len(found.places) == len(found.text)
    said = "".join(c for c, (start, end) in zip(found.text, found.places, strict=True) if start < end)
    assert said == re.sub(r" ?\| ?", "", row)
    for character, (start, end) in zip(found.text, found.places, strict=True):
        assert row[start:end] in ("", character)
    starts = [start for start, _ in found.places]
    assert starts == sorted(starts)
    assert all(0 <= start <= end <= len(row) for start, end in found.places)
