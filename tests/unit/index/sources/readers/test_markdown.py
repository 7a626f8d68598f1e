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
