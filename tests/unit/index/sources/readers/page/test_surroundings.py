"""Teasers of other stories are none of this one; parts of it that are called like end matter are."""

from __future__ import annotations

import pytest

from tests.unit.index.sources.readers.page.story import PROSE, STORY, answering, page

OTHERS = {
    "Mayor of Holm charged": "The mayor of Holm was charged with fraud after nine million crowns went missing.",
    "School burns down": "The school of Holm burned down in the night to Sunday, and its pupils stay at home.",
    "New film opens": "The new film of Eva Krantz opens in all houses of the county on Friday, our critic writes.",
}


def row(item: str, around: str = "div") -> str:
    items = "".join(item.format(title=title, text=text) for title, text in OTHERS.items())
    return f"<{around}>{items}</{around.partition(' ')[0]}>"


TEASERS = [
    row('<li class="s-item"><div><h3><a href="/a">{title}</a></h3><p>{text}</p></div></li>', "ul class='stream'"),
    row('<div class="card"><a href="/b"><h3>{title}</h3></a><p>{text}</p></div>'),
    row('<a href="/c" class="box"><h4>{title}</h4><p>{text}</p></a>'),
    row(
        '<article><h2><a href="https://coast.example/d"><span>{title}</span></a></h2><p>{text}</p></article>', "section"
    ),
    row('<li><a href="/e">{title}</a><p>{text}</p></li>', "ul"),
    row('<div class="promo"><h4>{title}</h4><p>{text}</p><a href="/f">Read more …</a></div>'),
    row('<div class="tile"><a href="/g"><img src="/g.jpg"></a><h4>{title}</h4><p>{text}</p></div>'),
]


@pytest.mark.parametrize("teasers", TEASERS)
@pytest.mark.parametrize("inside", [True, False])
def test_teasers_of_other_stories_are_no_part_of_this_one(teasers: str, *, inside: bool) -> None:
    markup = page(STORY + teasers) if inside else page().replace("</main>", f"</main><div>{teasers}</div>")
    assert answering(markup, url="https://coast.example/slipway") == list(PROSE)


def test_what_links_to_other_sites_is_a_list_of_the_story() -> None:
    hotels = row('<div class="hotel"><h3><a href="https://{title}.example/">{title}</a></h3><p>{text}</p></div>')
    read = answering(page(STORY + hotels), url="https://coast.example/hotels")
    assert all(any(text in passage for passage in read) for text in OTHERS.values())


def test_pictures_that_open_larger_are_no_teasers() -> None:
    steps = row(
        '<section class="step"><a href="/large.jpg"><img src="/s.jpg"></a><h3>{title}</h3><p>{text}</p></section>'
    )
    read = answering(page(STORY + steps))
    assert all(any(text in passage for passage in read) for text in OTHERS.values())


def test_questions_that_link_to_themselves_are_no_teasers() -> None:
    questions = row('<div class="faq"><h3><a href="#q">{title}?</a></h3><p>{text}</p></div>')
    read = answering(page(STORY + questions))
    assert all(any(text in passage for passage in read) for text in OTHERS.values())


def test_a_page_of_nothing_but_teasers_keeps_them() -> None:
    read = " ".join(answering(f"<html><body><main><h1>News</h1>{TEASERS[1]}</main></body></html>"))
    assert all(text in read for text in OTHERS.values())


@pytest.mark.parametrize("name", ["Comments", "Comment", "Related", "Author"])
@pytest.mark.parametrize("section", ["{}", '<section id="comments">{}</section>', '<div class="related">{}</div>'])
def test_a_part_that_is_called_like_end_matter_silences_nothing(name: str, section: str) -> None:
    remark = "The engineer of the town remarks that the ramp needs forty piles, each of them nine metres long."
    part = section.format(f"<h2>{name}</h2><p>{remark}</p>")
    first, *others = PROSE
    more = "".join(f"<p>{paragraph}</p>" for paragraph in others)
    assert answering(page(f"<p>{first}</p>{part}<h2>Costs</h2>{more}")) == [first, remark, *others]


def test_a_cell_that_is_called_like_end_matter_silences_nothing() -> None:
    table = "<table><tr><td>Comment</td></tr><tr><td>Related</td></tr><tr><td>Author</td></tr></table>"
    read = answering(page(f"<p>{PROSE[0]}</p><p>{PROSE[1]}</p>{table}<p>{PROSE[2]}</p><p>{PROSE[3]}</p>"))
    assert [passage for passage in read if passage in PROSE] == list(PROSE)


def test_comments_of_readers_are_left_out() -> None:
    comment = "<li><b>Pekka</b> says: <p>I do not believe that it will be ready in August, it never is.</p></li>"
    markup = page(f'{STORY}<section class="comments"><h2>Comments</h2><ol>{comment * 3}</ol></section>')
    assert answering(markup) == list(PROSE)
