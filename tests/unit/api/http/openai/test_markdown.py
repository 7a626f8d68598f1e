"""What `api.http.openai.markdown` writes is read back by a CommonMark renderer with tables and strikethrough."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from onrecord.api.http.openai.markdown import destination, escaped

_RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_LINE_BREAKS = re.compile(r"[ \t]*[\r\n][ \t\r\n\f\v]*")
_MARK = "[1](https://news.example)"

# Characters that mean something to Markdown, to HTML or to a chat UI, more often than chance would give them.
_MARKUP = st.sampled_from([*"\\`*_~{}[]()<>#+-=.!|&;:/$\"'@ \t\n\r0123456789aw", "http://", "www.", "&lt;", "\n\n"])
_TEXTS = st.lists(_MARKUP | st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40).map("".join)


class _Shown(HTMLParser):
    """The text of a page and the elements it is in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.text += "\n" if tag == "br" else ""
        assert tag != "a" or attrs == [("href", "https://news.example")]

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(text: str) -> _Shown:
    return _Shown(_RENDERER.render(f"“{escaped(text)}” {_MARK}"))


@given(_TEXTS)
@example("<script>alert(1)</script>")
@example("a\n- b\n1. c\n12) d\n# e\n> f\n| g | h |\n| - | - |\n===\n---\n```\ni")
@example("a\n\n    code\n\n[x]: https://evil.example\n[x]")
@example("&amp; &#60; &lt;b&gt; \\&amp;")
@example("a  \nb\\\nc")
def test_any_text_is_shown_as_it_is_in_one_paragraph_with_no_link_but_the_mark(text: str) -> None:
    page = shown(text)
    assert set(page.elements) <= {"p", "a", "br"}
    assert page.elements.count("p") == page.elements.count("a") == 1
    expected = _LINE_BREAKS.sub("\n", text)
    without_closers = re.sub(r"[\u202c\u2069]+(?=” 1\n$)", "", page.text)
    assert re.sub(r"[\u202c\u2069]+$", "", expected) == without_closers.removeprefix("“").removesuffix("” 1\n")


@pytest.mark.parametrize(
    "text",
    [
        "The harbour bridge will close on 3 March, the port authority said on Monday.",
        "“And if it does not,” he added — it “must” (by law) cost $5 million; AT&T's share: 20% + 3 = #1!",
        "Zum Beispiel: 10:30 Uhr, e.g. a/b, x-y, 1.5, 2) and C:\tD",
    ],
)
def test_ordinary_prose_stays_as_it_is(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("[he] said", r"[he\] said"),
        ("a[1] b[^2]", r"a[1\] b[^2\]"),
        ("$5 and $6", r"\$5 and \$6"),
        ("https://x.example/a_b", r"https\://x.example/a\_b"),
        ("www.x.example or me@x.example", r"www\.x.example or me\@x.example"),
        ("{{user}} <@U1> :::note", r"\{\{user}} \<@U1> :::note"),
        ("one\n:::note", "one\n\\:::note"),
    ],
)
def test_what_chat_uis_add_to_markdown_is_escaped_too(text: str, written: str) -> None:
    assert escaped(text) == written


def test_no_escape_begins_a_formula() -> None:
    pairs = re.findall(r"\\.", escaped(r"\(x\) \[y\] [z] (w) \\[a] $$b$$ {c}"))
    assert pairs
    assert not {r"\(", r"\["} & set(pairs)


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        ("a\u202eb", "\u202c"),
        ("a\u202eb\u202cc", ""),
        ("\u2067\u202ab\u2069", ""),
        ("\u202a\u2067b\u202c", "\u2069\u202c"),
        ("\u2069\u202c", ""),
        ("\u2066\u2067\u2068", "\u2069\u2069\u2069"),
    ],
)
def test_changes_of_direction_end_with_the_text(text: str, closing: str) -> None:
    assert escaped(text) == text + closing


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a-b_c/~d?e=f&g=h,i#:~:text=the%20bridge,-on%20Monday",
        "http://[::1]:8000/articles/x#1-2-abc",
    ],
)
def test_an_ordinary_address_stays_as_it_is(url: str) -> None:
    assert destination(url) == url


@given(_TEXTS)
@example(") [x](javascript:alert(1)")
@example("a\nb <c> \"d\" 'e' (f) \\g &copy;")
def test_any_address_stays_inside_its_link(rest: str) -> None:
    page = _RENDERER.render(f"“a” [1]({destination(f'https://news.example/{rest}')}) b")
    found = re.findall(r'<a href="([^"]*)">1</a>', page)
    assert len(found) == 1
    assert found[0].startswith("https://news.example/")
    assert page.startswith("<p>“a” <a ")
    assert page.endswith("</a> b</p>\n")
