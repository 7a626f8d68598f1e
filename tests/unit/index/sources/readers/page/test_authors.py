"""Who wrote a page: names without what stands around them, each once."""

from __future__ import annotations

import pytest

from onrecord.index.sources.readers.page.authors import names_of
from tests.unit.index.sources.readers.page.story import STORY, page, read


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ada Moss", ["Ada Moss"]),
        ("By Ada Moss\nMarch 11, 2015 3:46 PM", ["Ada Moss"]),
        ("By Ada Moss March 11, 2015", ["Ada Moss"]),
        ("Ada Moss | 11 March 2015", ["Ada Moss"]),
        ("Ada Moss\nGames Editor", ["Ada Moss"]),
        ("Ada Moss, Senior Political Correspondent", ["Ada Moss"]),
        ("Ada Moss Games Editor", ["Ada Moss"]),
        ("Written by Ada Moss and Tom Reed", ["Ada Moss", "Tom Reed"]),
        ("Ada Moss, Tom Reed & Eva Krantz", ["Ada Moss", "Tom Reed", "Eva Krantz"]),
        ("Von Ada Moss und Tom Reed", ["Ada Moss", "Tom Reed"]),
        ("By Ada Moss for The Coast Courier", ["Ada Moss"]),
        ("Ada Moss (ada@coast.example)", ["Ada Moss"]),
        ("ada@coast.example (Ada Moss)", ["Ada Moss"]),
        ("View all posts by Ada Moss", ["Ada Moss"]),
        ("Moss, Ada", ["Ada Moss"]),
        ("Ada B. Moss", ["Ada B. Moss"]),
        ("Ada O’Moss-Reed", ["Ada O’Moss-Reed"]),
        ("A.Moss", ["A.Moss"]),
        ("Ada Moss, PhD", ["Ada Moss"]),
        ("Posted by Ada Moss on 11 March 2015 at 10:30", ["Ada Moss"]),
        ("Username", []),
        ("admin", []),
        ("By Staff Writers", []),
        ("Last updated: January 7, 2025", []),
        ("March 11, 2015", []),
        ("Editor", []),
        ("Ada Moss\nSaturday\nMarch", ["Ada Moss"]),
        ("coastcourier.example.com", []),
        ("wordpressadmin", []),
    ],
)
def test_a_byline_is_its_names(byline: str, expected: list[str]) -> None:
    assert names_of(byline) == expected


@pytest.mark.parametrize(
    "markup",
    [
        page('<div class="byline">By Ada Moss<br>March 11, 2015 3:46 PM</div>' + STORY),
        page('<p class="byline"><span>Ada Moss</span> <span>11 March 2015</span></p>' + STORY),
        page('<p>By <a rel="author" href="/p">Ada Moss</a></p>' + STORY),
        page('<span itemprop="author"><span itemprop="name">Ada Moss</span>, Editor</span>' + STORY),
        page('<div class="author">Ada Moss<br>Games Editor</div>' + STORY),
        page('<div class="storyByline">By <a href="/p">Ada Moss</a></div>' + STORY),
        page('<div class="pb-byline">By Ada Moss</div>' + STORY).replace(
            "<main>", '<header><span class="username">Username</span></header><main>'
        ),
        page(head='<meta name="author" content="Ada Moss"><meta name="byl" content="By ADA MOSS">'),
        page(head='<meta name="author" content="https://coast.example/moss"><meta name="byl" content="By Ada Moss">'),
    ],
)
def test_a_page_has_its_author_once(markup: str) -> None:
    assert read(markup).author == "Ada Moss"


def stated(author: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{author}}}</script>'


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ('{"@type":"Person","name":"Ada Moss"}', "Ada Moss"),
        ('[{"@type":"Person","name":"Ada Moss"},{"@type":"Person","name":"Tom Reed"}]', "Ada Moss, Tom Reed"),
        ('[{"@type":"Person","name":"Ada Moss"},{"@type":"Organization","name":"Coast Press"}]', "Ada Moss"),
        ('[{"name":"Ada Moss"},{"name":"ADA MOSS"}]', "Ada Moss"),
        ('["Ada Moss", "Tom Reed"]', "Ada Moss, Tom Reed"),
        ('{"@type":"Person","givenName":"Ada","familyName":"Moss"}', "Ada Moss"),
        ('{"@type":"Person","name":"Username"}', None),
    ],
)
def test_json_ld_names_authors(author: str, expected: str | None) -> None:
    assert read(page(head=stated(author))).author == expected


def test_an_author_that_json_ld_refers_to_is_found() -> None:
    graph = '{"@graph":[{"@type":"Article","author":{"@id":"#ada"}},{"@type":"Person","@id":"#ada","name":"Ada Moss"}]}'
    assert read(page(head=f'<script type="application/ld+json">{graph}</script>')).author == "Ada Moss"


def test_the_site_and_who_comments_are_no_authors() -> None:
    head = '<meta property="og:site_name" content="Coast Press"><meta name="author" content="Coast Press">'
    comments = '<div class="comments"><p class="author">Pekka Holm</p><p>Great.</p></div>'
    assert read(page(STORY + comments, head=head)).author is None


def test_a_person_may_have_named_the_site() -> None:
    head = '<meta property="og:site_name" content="Ada Moss">' + stated('{"@type":"Person","name":"Ada Moss"}')
    assert read(page(head=head)).author == "Ada Moss"
