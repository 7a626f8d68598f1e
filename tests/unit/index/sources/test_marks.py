from __future__ import annotations

import pytest

from onrecord.index.passages.split import split
from onrecord.index.records import Article, Mark, PassageKind

BODY = "The harbour of Larnholm was dredged in spring, and the work cost four million crowns in all."
LAST = "The next dredging is planned for 2031, when the contract with the present contractor runs out."


def kinds_of(*paragraphs: tuple[str, PassageKind | None]) -> list[str]:
    """The kinds that paragraphs get, each marked by its source as said."""
    text, marks = "", []
    for paragraph, kind in paragraphs:
        text += "\n\n" if text else ""
        if kind:
            marks.append(Mark(len(text), len(text) + len(paragraph), kind))
        text += paragraph
    return [
        passage.kind.value for passage in split(Article.create(source="a", text=text, title="", marks=tuple(marks)))
    ]


@pytest.mark.parametrize(
    "kind", [PassageKind.CAPTION, PassageKind.HEADLINE, PassageKind.CREDIT, PassageKind.BOILERPLATE]
)
def test_what_the_source_says_a_paragraph_is_goes_before_its_words(kind: PassageKind) -> None:
    assert kinds_of((BODY, None), ("The ferry calls twice a day.", kind), (LAST, None)) == [
        "body",
        kind.value,
        "body",
    ]


def test_what_reads_like_furniture_stays_furniture() -> None:
    assert kinds_of(
        (f"{BODY} {LAST} So it was said.", None),
        ("Getty Images", PassageKind.CAPTION),
        ("Share this article", PassageKind.HEADLINE),
    ) == [
        "body",
        "credit",
        "boilerplate",
    ]


def test_a_mark_covers_every_paragraph_inside_it_and_none_that_it_only_touches() -> None:
    first, second = "A boat lies at the quay.", "Another one has left."
    article = Article.create(
        source="a",
        text=f"{first}\n\n{second}\n\n{BODY}",
        title="",
        marks=(Mark(0, len(first) + len(second) + 5, PassageKind.CAPTION),),
    )
    assert [passage.kind.value for passage in split(article)] == ["caption", "caption", "body"]


def test_marks_pages_and_language_are_part_of_what_an_article_is() -> None:
    plain = Article.create(source="a", text=BODY, title="t")
    known = [
        Article.create(source="a", text=BODY, title="t", language="en"),
        Article.create(source="a", text=BODY, title="t", pages=(0,)),
        Article.create(source="a", text=BODY, title="t", marks=(Mark(0, 3, PassageKind.CAPTION),)),
    ]
    assert len({each.content_hash for each in (plain, *known)}) == 4
    assert plain.page_at(0) is None
