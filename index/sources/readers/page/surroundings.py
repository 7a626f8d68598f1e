"""What on a page is no part of its story: menus, comments, what else the site has to offer."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement as Element

LARGEST_SHARE = 0.4
"""How much of a page's text can be called its surroundings by a class name."""

FEWEST_TEASERS = 2
LONGEST_TEASER = 700
LEAST_STORY = 200
"""Characters of prose that a page must have besides teasers: one that has less is a list of links."""

_OUTSIDE = re.compile(
    r"(^|[-_\s])(related|recommend(ed|ations?)?|teasers?|more-?(stories|news|articles|on|from)|read-?(more|next|also)"
    r"|also-?(read|like)|most-?(read|popular|viewed)|popular|trending|latest|side-?bar|widget|breadcrumbs?|navi?(gation|bar)?"
    r"|menu|foot(er)?|comments?|comment-?list|disqus|respond|promo|newsletter|signup|cookies?|outbrain|taboola)"
    r"($|[-_\s])",
    re.IGNORECASE,
)
_PUBLISHED = ".//*[@itemprop='datePublished']"
_BOXES = ("div", "section", "aside", "nav", "ul", "ol", "table", "li", "p", "span", "form")
_ITEMS = ("li", "article", "div", "section", "a")
_TITLES = ("h1", "h2", "h3", "h4", "h5", "h6")


def without_surroundings(tree: Element) -> Element:
    """A copy of a page's tree with only what can tell of its story."""
    copy = deepcopy(tree)
    whole = len(copy.text_content()) or 1
    for element in list(copy.iter("nav", "aside", "footer", "script", "style", "noscript", "template", *_BOXES)):
        if element.getparent() is None or element.find(".//h1") is not None or element.find(_PUBLISHED) is not None:
            continue
        named = _OUTSIDE.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        outside = element.tag in ("nav", "aside", "script", "style", "noscript", "template") or (
            element.tag == "footer" and not any(outer.tag == "article" for outer in element.iterancestors())
        )
        if outside or (named and len(element.text_content()) <= whole * LARGEST_SHARE):
            element.drop_tree()
    drop_teasers(copy, None)
    return copy


def drop_teasers(tree: Element, url: str | None) -> None:
    """Take out rows of boxes that each announce another page of the site: a linked headline, and a few words.

    A page that is nothing but such boxes keeps them.
    """
    found = [(box, items) for box in tree.iter(*_BOXES, "main", "article") if (items := list(_teasers(box, url)))]
    if not found:
        return
    inside = {item for _, items in found for item in items}
    prose = sum(
        len(paragraph.text_content().strip())
        for paragraph in tree.iter("p", "blockquote")
        if not any(outer in inside for outer in paragraph.iterancestors())
    )
    if prose < LEAST_STORY:
        return
    for _, items in found:
        for item in items:
            if item.getparent() is not None:
                item.drop_tree()


def _teasers(box: Element, url: str | None) -> Iterator[Element]:
    """The children of a box that announce other pages, if they stand in a row."""
    rows: dict[tuple[str, str], list[Element]] = {}
    for child in box.iterchildren(*_ITEMS):
        rows.setdefault((str(child.tag), (child.get("class") or "").split(" ")[0]), []).append(child)
    for row in rows.values():
        teasers = [child for child in row if _announces(child, url)]
        if len(teasers) >= FEWEST_TEASERS and len(teasers) * 2 > len(row):
            yield from teasers


def _announces(item: Element, url: str | None) -> bool:
    """Whether an item is short and headed by a link to another page of the same site."""
    if len(item.text_content()) > LONGEST_TEASER:
        return False
    headings = list(item.iter(*_TITLES))
    if len(headings) != 1:
        return False
    links = _links(headings[0], item)
    return bool(links) and all(_is_elsewhere(link.get("href") or "", url) for link in links)


def _links(heading: Element, item: Element) -> Sequence[Element]:
    """The links that make up a heading: in it, or around it."""
    around = [outer for outer in (item, *heading.iterancestors()) if outer.tag == "a"]
    inside = list(heading.iter("a"))
    words = "".join(heading.text_content().split())
    linked = "".join("".join(link.text_content().split()) for link in inside)
    return inside if inside and linked == words else around[:1]


def _is_elsewhere(link: str, url: str | None) -> bool:
    """Whether a link leads to another page of this site."""
    try:
        target, here = urlsplit(link.strip()), urlsplit(url or "")
    except ValueError:
        return False
    if target.scheme not in ("", "http", "https") or not (target.path or target.query):
        return False
    return not target.hostname or not here.hostname or _site(target.hostname) == _site(here.hostname)


def _site(host: str) -> str:
    return ".".join(host.split(".")[-2:])
