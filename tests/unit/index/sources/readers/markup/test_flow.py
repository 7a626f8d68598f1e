from __future__ import annotations

import pytest
from lxml import html

from onrecord.index.records import PassageKind
from onrecord.index.sources.readers.markup.flow import flow, fragment_blocks, line_of
from onrecord.index.sources.readers.markup.marks import set_marks


def blocks(markup: str) -> list[str]:
    return [block.text for block in fragment_blocks(markup)]


def headlines(markup: str) -> list[str]:
    return [block.text for block in fragment_blocks(markup) if block.kind is PassageKind.HEADLINE]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<b>Ada</b> Moss <i>chairs</i> it", ["Ada Moss chairs it"]),
        ("<span>north</span>pier, a wo<wbr>rd, a sha\u00addow", ["northpier, a word, a shadow"]),
        ("<b>Ada<p>Moss</p></b>rest", ["Ada", "Moss", "rest"]),
        ("One<br>two<br><br>three", ["One\ntwo", "three"]),
        ("<p>She said <q>no</q>.</p>", ["She said “no”."]),
        ("<p>It is <del>300</del><ins>400</ins>.</p>", ["It is 400."]),
        ("<p>It <span hidden>was not</span> <span style='display: none'>never</span> is.</p>", ["It is."]),
        ("<pre>keep\n  this<br>too</pre>", ["keep\nthis\ntoo"]),
        ("<blockquote>One<p>two</p>three</blockquote>", ["One", "two", "three"]),
        ("<p>a</p><script>b</script><noscript>c</noscript><p>d</p>", ["a", "d"]),
    ],
)
def test_text_is_parted_as_a_browser_parts_it(markup: str, expected: list[str]) -> None:
    assert blocks(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<ul><li>One</li><li>two</li></ul>", ["- One", "- two"]),
        ("<ul><li><p>One</p><p>two</p></li></ul>", ["- One", "two"]),
        ("<ol><li>Out<ul><li>in</li></ul>tail</li></ol>", ["- Out", "- in", "tail"]),
        (
            "<dl><dt>Adult</dt><dd>60</dd><dt>Child</dt><dd>30</dd><dd>or less</dd></dl>",
            ["Adult | 60", "Child | 30 | or less"],
        ),
        ("<dl><div><dt>Adult</dt><dd>60<br>crowns</dd></div></dl>", ["Adult | 60 crowns"]),
        ("<dl><dt>Who?</dt><dd>Ada Moss.</dd></dl>", ["Who?", "Ada Moss."]),
        ("<details><summary>Who?</summary>Ada Moss.</details>", ["Who?", "Ada Moss."]),
    ],
)
def test_items_have_a_dash_and_terms_their_meaning(markup: str, expected: list[str]) -> None:
    assert blocks(markup) == expected


def test_items_of_one_list_stand_below_each_other() -> None:
    found = list(fragment_blocks("<p>a</p><ul><li>b</li><li>c</li></ul><ul><li>d</li></ul>"))
    assert [block.joins for block in found] == [False, False, True, False]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td>Ida<br>Berg</td><td><p>a</p><p>b</p></td></tr>", ["Ida Berg | a b"]),
        (
            "<tr><td>Notes</td><td><ul><li>No dogs</li><li>no bikes</li></ul></td></tr>",
            ["Notes | - No dogs - no bikes"],
        ),
        ("<tr><td>Rose</td><td></td><td>90</td><td></td></tr>", ["Rose | | 90"]),
        (
            "<tr><td rowspan=2>Rose</td><td>1</td></tr><tr><td>2</td></tr><tr><td>Star</td></tr>",
            ["Rose | 1", "Rose | 2", "Star"],
        ),
        ("<tr><td><table><tr><td>in</td></tr></table></td><td>beside</td></tr>", ["in", "beside"]),
        ("<caption>Fares</caption><tr><td>a<td>b</tr>", ["Fares", "a | b"]),
    ],
)
def test_a_row_is_a_block_and_its_cells_stay_in_their_columns(rows: str, expected: list[str]) -> None:
    assert blocks(f"<table>{rows}</table>") == expected


def test_headings_of_columns_and_of_texts_are_headlines() -> None:
    table = "<table><tr><th></th><th>Built</th></tr><tr><th>Rose</th><td>1962</td></tr></table>"
    assert headlines(table) == ["| Built"]
    assert headlines("<table><tr><th>Only</th><th>these</th></tr></table>") == []
    assert headlines("<h2>One<br>line</h2><p>Text</p><details><summary>More</summary>text</details>") == [
        "One line",
        "More",
    ]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("It cost 14<sup><a href='#n2'>2</a></sup> million.", "It cost 14 million."),
        ("It cost 14<a href='#n2'><sup>2</sup></a> million.", "It cost 14 million."),
        ("It cost 14<sup>2</sup> million.", "It cost 14² million."),
        ("14 million<sup>2</sup> crowns and 10<sup>6</sup> stones", "14 million crowns and 10⁶ stones"),
        ("10<sup><a href='/powers'>6</a></sup> stones", "10⁶ stones"),
        ("<b>14</b><sup>2</sup> and <b>million</b> <sup>2</sup> crowns", "14² and million crowns"),
        ("word<sup>1</sup>next", "word next"),
        ("CO<sub>2</sub> on the 1<sup>st</sup>", "CO₂ on the 1st"),
        ("5<sup>1</sup>/<sub>2</sub> metres", "5¹/₂ metres"),
    ],
)
def test_raised_and_lowered_marks_are_no_digits_of_a_number(markup: str, expected: str) -> None:
    assert blocks(f"<p>{markup}</p>") == [expected]


def test_a_line_has_the_words_of_all_blocks_apart() -> None:
    assert line_of(html.fromstring("<div>One<p>two</p>three<br>four</div>")) == "One two three four"


def test_a_list_between_paragraphs_knows_the_element_around_it() -> None:
    tree = html.fromstring("<div><p>a</p><ul><li>b</li><li>c</li></ul><p>d</p></div>")
    (group,) = flow(tree).groups
    assert (group.start, group.end, group.around_start, group.around_end) == (1, 3, 0, 4)


def test_a_tree_that_is_too_deep_to_read_gives_nothing() -> None:
    tree = html.fromstring("<div>" * 2000 + "text" + "</div>" * 2000)
    set_marks(tree)
    assert flow(tree).shown == []
