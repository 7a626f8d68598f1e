from __future__ import annotations

from datetime import date

import pytest

from onrecord.index.errors import SourceError
from tests.unit.index.sources.documents import article, contents, passages

NOTE = """---
title: Keeping bees
author: [Jane Roe, {name: John Doe}]
date: 2024-03-05
lang: en
url: https://bees.example/city
---
# Keeping bees in the **city**

Bees do *surprisingly* well in [cities](https://x.example "t"), where something
is in flower from March to ~~May~~ October.[^1]

![A hive on a roof](hive.jpg)

> A quote with `code`
> over two lines.

1. First
2. Second
   - nested

   Further on.

| Hive | Price |
|---|---|
| Langstroth | 90 & more |

```sh
make honey
```

<details><summary>Where</summary>In <b>Ghent</b> &amp; Larnholm.</details>

Moving
------
Move it at night.\\
In winter.
"""


def test_a_note_reads_as_its_page_would_and_headings_and_pictures_are_told() -> None:
    found = article(NOTE, "bees.md")
    assert passages(found) == [
        ("headline", "Keeping bees in the city"),
        ("body", "Bees do surprisingly well in cities, where something is in flower from March to October.[^1]"),
        ("caption", "A hive on a roof"),
        ("body", "A quote with code over two lines."),
        ("body", "1. First"),
        ("body", "2. Second"),
        ("body", "- nested"),
        ("body", "Further on."),
        ("headline", "Hive | Price"),
        ("body", "Langstroth | 90 & more"),
        ("body", "make honey"),
        ("headline", "Where"),
        ("body", "In Ghent & Larnholm."),
        ("headline", "Moving"),
        ("body", "Move it at night."),
        ("body", "In winter."),
    ]


def test_front_matter_says_who_and_when() -> None:
    found = article(NOTE, "bees.txt")
    assert (found.title, found.author, found.published) == ("Keeping bees", "Jane Roe, John Doe", date(2024, 3, 5))
    assert (found.language, found.url) == ("en", "https://bees.example/city")


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    assert article("Harbour *news*\n==============\n\nIt was dredged.", "a.md").title == "Harbour news"
    assert article("It was dredged in spring.\n\n# Later", "the-harbour.md").title == "the harbour"


@pytest.mark.parametrize("block", ["- just\n- a list", "a scalar", "title:", "date: 2024-99-99", "title: {a: b}"])
def test_odd_front_matter_says_nothing(block: str) -> None:
    assert article(f"---\n{block}\n---\nIt was dredged in spring.", "the-harbour.md").published is None


def test_front_matter_that_is_no_yaml_is_refused_by_name() -> None:
    with pytest.raises(SourceError, match=r"front matter of bees\.md is no YAML"):
        contents("---\ntitle: [unclosed\n---\nText.", "bees.md")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("tangle", ["[" * 1_000_000, "*a " * 500_000, "> " * 100_000 + "a", "`a" * 500_000])
def test_markdown_that_would_take_hours_is_read_as_plain_text_or_refused(tangle: str) -> None:
    try:
        told = article(f"The harbour was dredged. {tangle}", "a.md").text
    except SourceError as error:
        told = str(error)
    assert told


def bodies(text: str) -> list[str]:
    return [text for _, text in passages(article(f"# Ferries of Arvik\n\n{text}", "a.md"))[1:]]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("It cost 14<sup>[2](#n2)</sup> million.", "It cost 14 million."),
        ("It cost 14[<sup>2</sup>](#n2) million.", "It cost 14 million."),
        ('It cost 14<sup><a href="#n2">2</a></sup> million.', "It cost 14 million."),
        ("It cost 14 million<sup>2</sup> crowns.", "It cost 14 million crowns."),
        ("It has 10<sup>6</sup> stones.", "It has 10⁶ stones."),
        ("H<sub>2</sub>O on the 1<sup>st</sup>.", "H₂O on the 1st."),
        ("It costs <del>300</del> <ins>400</ins> crowns.", "It costs 400 crowns."),
        ("The <span>north</span>pier, a wo<wbr>rd<!-- note -->.", "The northpier, a word."),
    ],
)
def test_inline_html_reads_as_on_its_page(written: str, expected: str) -> None:
    assert bodies(written) == [expected]


def test_a_notes_mark_is_no_text_and_the_note_comes_last() -> None:
    assert bodies("It cost 14[^a] million.\n\n[^a]: Without the crane.\n\nThat is all.") == [
        "It cost 14 million.",
        "That is all.",
        "Without the crane.",
    ]


def test_line_ends_of_html_part_words_and_a_sentence_goes_on_behind_them() -> None:
    assert bodies("It is sailed by Ida Berg<br>and her deputy is Ann Fell<br />of Lund.") == [
        "It is sailed by Ida Berg\nand her deputy is Ann Fell\nof Lund."
    ]
    assert bodies("Monday to Friday<br/>Saturday") == ["Monday to Friday", "Saturday"]


def test_cells_keep_their_lists_lines_and_places() -> None:
    table = (
        "| Ferry | Crew | Notes |\n|---|---|---|\n| Rose | Ida<br>Ann | <ul><li>No dogs</li><li>no bikes</li></ul> |\n"
    )
    assert bodies(f"{table}| Star | | 90 |") == [
        "Ferry | Crew | Notes",
        "Rose | Ida Ann | - No dogs - no bikes",
        "Star | | 90",
    ]


def test_terms_stand_with_their_meaning_and_questions_above_it() -> None:
    assert bodies("Adult\n: 60 crowns\n\nWho may travel free?\n: Children under six.") == [
        "Adult | 60 crowns",
        "Who may travel free?",
        "Children under six.",
    ]


def test_a_block_of_html_reads_as_a_page_does() -> None:
    assert bodies("<table><tr><td>Rose<td>10<sup>6</sup></table>\n\n<ul><li>One</li><li>Two</li></ul>") == [
        "Rose | 10⁶",
        "- One",
        "- Two",
    ]
