from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.api.http.messages.links import LONGEST_EXACT, text_fragment_url

URL = "https://news.example/story"


def link(text: str, quoted: str, url: str | None = URL, *, occurrence: int = 0) -> str | None:
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(quoted, start + 1)
    return text_fragment_url(url, text, start, start + len(quoted))


def directive(made: str | None) -> str:
    assert made is not None
    return made.partition(":~:text=")[2]


def test_a_short_unique_text_stands_whole_in_the_link() -> None:
    assert link("First words. The bridge closes. Last words.", "The bridge closes.") == (
        "https://news.example/story#:~:text=The%20bridge%20closes."
    )


def test_an_article_without_url_has_no_link() -> None:
    assert link("The bridge closes.", "The bridge closes.", None) is None


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "news.example/story", "", "http://[", "//x"],
)
def test_only_web_addresses_are_linked(url: str) -> None:
    assert link("The bridge closes.", "The bridge closes.", url) is None


@pytest.mark.parametrize(
    ("character", "encoded"),
    [
        ("-", "%2D"),
        (",", "%2C"),
        ("&", "%26"),
        ("#", "%23"),
        ("%", "%25"),
        ("+", "%2B"),
        ("“", "%E2%80%9C"),
        ("🚢", "%F0%9F%9A%A2"),
        ("~", "~"),
    ],
)
def test_what_has_a_meaning_in_a_directive_is_percent_encoded(character: str, encoded: str) -> None:
    text = f"Say: left{character}right now."
    assert directive(link(text, f"left{character}right")) == f"left{encoded}right"


def test_the_fragment_of_the_url_is_kept() -> None:
    assert link("The bridge closes.", "The bridge", f"{URL}?a=b#part-2") == f"{URL}?a=b#part-2:~:text=The%20bridge"


def test_a_directive_of_the_url_is_replaced() -> None:
    assert link("The bridge closes.", "The bridge", f"{URL}#part:~:text=old") == f"{URL}#part:~:text=The%20bridge"


def test_white_space_inside_a_line_is_collapsed() -> None:
    assert directive(link("A  b\t c\u00a0d.", "A  b\t c\u00a0d.")) == "A%20b%20c%20d."


def test_a_text_over_several_lines_is_given_by_its_first_and_last_line() -> None:
    text = "Before.\n\nThe first line.\r\nSomething between.\n\nThe last line.\n\nAfter."
    quoted = text[text.index("The first") : text.index("\n\nAfter")]
    assert directive(link(text, quoted)) == "The%20first%20line.,The%20last%20line."


def test_a_long_text_is_given_by_whole_words_of_its_start_and_end() -> None:
    quoted = " ".join(f"word{number}" for number in range(60))
    assert len(quoted) > LONGEST_EXACT
    start, end = (unquote(part) for part in directive(link(f"Intro. {quoted} Outro.", quoted)).split(","))
    assert quoted.startswith(f"{start} ")
    assert quoted.endswith(f" {end}")


def test_a_text_of_exactly_the_longest_length_stands_whole() -> None:
    quoted = "x" * LONGEST_EXACT
    assert directive(link(f"Intro {quoted} outro", quoted)) == quoted


def test_a_long_text_without_spaces_is_cut_beside_punctuation() -> None:
    quoted = "".join(f"第{number}号渡轮每十分钟一班，" for number in range(40))
    start, end = (unquote(part) for part in directive(link(quoted, quoted)).split(","))
    assert start.startswith("第0号")
    assert start.endswith("，")
    assert end.startswith("，第")


@pytest.mark.parametrize("occurrence", [0, 1])
def test_a_repeated_text_is_told_apart_by_what_stands_around_it(occurrence: int) -> None:
    text = "On Monday he said: “No comment.” Nobody asked again.\n\nOn Friday she said: “No comment.” That was all."
    prefix, start, suffix = (
        unquote(part) for part in directive(link(text, "“No comment.”", occurrence=occurrence)).split(",")
    )
    assert start == "“No comment.”"
    assert prefix.endswith(("On Monday he said:-", "On Friday she said:-")[occurrence])
    assert suffix.startswith(("-Nobody asked", "-That was")[occurrence])


def test_letters_that_fold_alike_count_as_the_same_text() -> None:
    assert "-," in directive(link("THE BRIDGE CLOSES. Later: The bridge closes.", "The bridge closes."))


def test_context_grows_until_it_tells_the_places_apart() -> None:
    same = "the very same words stand before it each time"
    text = f"Alpha, {same}, then: yes. Beta, {same}, then: yes."
    prefix = directive(link(text, "yes", occurrence=1)).split(",")[0]
    assert "Beta" in unquote(prefix)


def test_the_end_of_a_long_text_is_told_apart_from_the_same_words_inside_it() -> None:
    tail = "and so the harbour authority of the old town said once more on that cold Monday morning."
    quoted = f"It began in the spring. {'Filler words stand here. ' * 10}{tail} More was said, {tail}"
    made = directive(link(f"{quoted} A new sentence follows.", quoted))
    assert unquote(made.rpartition(",")[2]) == "-A new sentence follows."


def test_at_the_edges_of_the_article_context_stands_on_one_side_only() -> None:
    text = "Yes. He said it once more. Yes."
    assert directive(link(text, "Yes.")).startswith("Yes.,-He")
    assert directive(link(text, "Yes.", occurrence=1)).endswith("more.-,Yes.")


def test_a_span_of_white_space_links_to_the_page() -> None:
    assert text_fragment_url(URL, "a \n b", 1, 4) == URL


@given(st.text(min_size=1, max_size=500), st.data())
def test_every_link_is_plain_ascii_and_its_parts_are_words_of_the_article(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = text_fragment_url(URL, text, start, end)
    assert made is not None
    assert made.isascii()
    assert urlsplit(made).path == "/story"
    page = " ".join(text.split())
    for part in directive(made).split(","):
        assert unquote(part.removeprefix("-").removesuffix("-")) in page
