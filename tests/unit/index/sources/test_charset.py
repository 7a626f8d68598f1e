from __future__ import annotations

import time

import pytest

from onrecord.index.sources.charset import decode

TEXT = "“Das Café schließt” – Jürgen zahlt 5 € für Öl."


@pytest.mark.parametrize(
    ("encoding", "declared", "inside"),
    [
        ("utf-8", None, ""),
        ("utf-8", "iso-8859-1", ""),
        ("utf-8-sig", "windows-1252", ""),
        ("cp1252", "iso-8859-1", ""),
        ("cp1252", None, '<meta charset="windows-1252">'),
        ("cp1252", "utf-8", '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'),
        ("cp1252", "no-such-thing", '<?xml version="1.0" encoding="latin1"?>'),
        ("utf-16", "utf-8", ""),
        ("utf-16-le", "utf-16le", ""),
        ("utf-32", None, ""),
    ],
)
def test_the_encoding_is_what_the_bytes_fit(encoding: str, declared: str | None, inside: str) -> None:
    assert decode((inside + TEXT).encode(encoding), declared) == inside + TEXT


@pytest.mark.parametrize(
    ("encoding", "label", "text"),
    [
        ("cp932", "Shift_JIS", "港が静かだった。①"),
        ("gb18030", "gb2312", "港口很安静，朱镕基。"),
        ("cp949", "euc-kr", "항구는 조용했다. 똠방각하"),
        ("iso2022_jp", "iso-2022-jp", "港が静かだった。"),
        ("koi8-r", "koi8-r", "В порту было тихо."),
        ("cp1254", "iso-8859-9", "Liman sessizdi – ‘İstanbul’ğ."),
    ],
)
def test_labels_mean_what_browsers_take_them_for(encoding: str, label: str, text: str) -> None:
    assert decode(text.encode(encoding), label) == text


def test_an_encoding_that_nobody_names_is_guessed() -> None:
    text = "Сегодня в порту было тихо, и все суда стояли у причала. Капитан вышел на берег и купил хлеба. " * 5
    assert decode(text.encode("cp1251")) == text


def test_a_few_broken_bytes_do_not_make_a_page_another_encoding() -> None:
    page = "Das Café an der Mole schließt im Winter. " * 20
    assert decode(page.encode() + b"\xff", "utf-8") == page + "\ufffd"


@pytest.mark.parametrize("label", ["punycode", "base64", "rot13", "unicode_escape", "utf-7", "idna", "undefined"])
def test_what_is_no_encoding_of_pages_is_passed_over(label: str) -> None:
    begun = time.monotonic()
    content = b"a-" + b"b" * 200_000 + b" \\u0041 +AGE- caf\xe9"
    assert "\\u0041 +AGE-" in decode(content, label)
    assert time.monotonic() - begun < 5


def test_bytes_may_end_inside_a_character() -> None:
    assert decode("schließt".encode()[:7], cut=True) == "schlie"
    assert decode(b"\xff\xfea\x00b", cut=True) == "a"
