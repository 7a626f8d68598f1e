from __future__ import annotations

import pytest

from onrecord.rag.cases.importers.folder import printable, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Super_Bowl_50", "super_bowl_50"),
        ("../../etc/passwd", "etc-passwd"),
        ("Beyoncé — “live”", "beyonce-live"),
        ("CON", "con"),
        (".hidden", "hidden"),
        ("a" * 100, "a" * 60),
        ("新聞", ""),
        ("a\0b\nc", "a-b-c"),
    ],
)
def test_names_are_safe_on_every_file_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_comment_stays_on_its_line() -> None:
    assert printable("a\nb\u2028c") == "a\ufffdb\ufffdc"
