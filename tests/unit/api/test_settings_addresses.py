from __future__ import annotations

import pytest
from pydantic import SecretStr

from onrecord.api.settings import checked_key, origins, site


def test_origins_are_written_as_browsers_send_them_each_once() -> None:
    given = " https://News.Example:443 ,http://intranet.example:8080,, http://localhost:80,https://news.example"
    assert origins(given) == ("https://news.example", "http://intranet.example:8080", "http://localhost")
    assert origins("") == ()


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "news.example",
        "https://",
        "https://*.news.example",
        "https://news.example/",
        "https://a.example/b",
        "https://a.example?b",
        "https://a.example#b",
        "https://user@a.example",
        "ftp://a.example",
        "javascript:alert(1)",
        "https://a.example:99999",
        "https://a.example:x",
        "https://a.example; script-src *",
        "https://a b.example",
        "https://é.example",
        "https://[::1",
    ],
)
def test_what_is_no_origin_is_refused_by_name(origin: str) -> None:
    with pytest.raises(ValueError, match=r"write|leave out|cannot be") as refused:
        origins(f"https://fine.example, {origin}")
    assert repr(origin) in str(refused.value)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://Ask.Example/", "https://ask.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://news.example/on/record/", "https://news.example/on/record"),
    ],
)
def test_a_site_may_lie_under_a_path(address: str, written: str) -> None:
    assert site(address) == written


@pytest.mark.parametrize(
    "address",
    [
        "ask.example",
        "/here",
        "https://a.example/?b",
        "https://a.example/#b",
        "https://a.example/b c",
        "https://a.example/)",
    ],
)
def test_what_is_no_site_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"write|leave out|characters"):
        site(address)


@pytest.mark.parametrize("key", ["a b", "schlüssel", "line\nbreak", "\x7f"])
def test_a_key_that_no_header_can_carry_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="visible ASCII"):
        checked_key(SecretStr(key))


def test_any_other_key_will_do() -> None:
    assert checked_key(SecretStr("sk-Az09~!")).get_secret_value() == "sk-Az09~!"
