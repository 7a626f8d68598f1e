"""What on a page is no part of its story: menus, comments, what else the site has to offer."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from onrecord.index.sources.readers.page.text import is_longer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement as Element

LARGEST_SHARE = 0.4
"""How much of a page's text can be called its surroundings by a class name."""

FEWEST_TEASERS = 2
LONGEST_TEASER = 700
FEWEST_WORDS = 3
LEAST_STORY = 200
LEAST_SHARE = 0.25
"""Characters of prose that a page must have besides teasers, at least, and as a share of theirs: else it is a list."""

SHORTEST_PROSE = 60

_OUTSIDE = re.compile(
    r"(^|[-_\s])(related|recommend(ed|ations?)?|teasers?|more-?(stories|news|articles|on|from)|read-?(more|next|also)"
    r"|also-?(read|like)|most-?(read|popular|viewed)|popular|trending|latest|side-?bar|widget|breadcrumbs?|navi?(gation|bar)?"
    r"|menu|foot(er)?|comments?|comment-?list|disqus|respond|promo|newsletter|signup|cookies?|outbrain|taboola)"
    r"($|[-_\s])",
    re.IGNORECASE,
)
_PUBLISHED = ".//*[@itemprop='datePublished']"
_MISLEADING = re.compile(r"(^|[-_\s])(comments?|related|authors?|remarks)($|[-_\s])", re.IGNORECASE)
_MORE = re.compile(
    r"((read|see|find out|learn) more|more|continue( reading)?|(read )?(the )?full (story|article)|weiterlesen"
    r"|mehr( lesen| erfahren)?|lire la suite|leer más)[\s.…›»>→]*",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(jpe?g|png|gif|webp|avif|svg)($|\?)", re.IGNORECASE)
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

    A page that is nothing but such boxes keeps them, and what links to other sites is no teaser but a story's own list.
    """
    found = [item for box in tree.iter(*_BOXES, "main", "article") for item in _teasers(box, url)]
    if not found:
        return
    inside = set(found)
    announced = sum(len(item.text_content()) for item in found)
    if _prose(tree, inside) < max(LEAST_STORY, announced * LEAST_SHARE):
        return
    for item in found:
        if item.getparent() is not None:
            item.drop_tree()


def _prose(tree: Element, without: set[Element]) -> int:
    """How many characters of running text a page has besides some of its elements."""
    length = 0
    for paragraph in tree.iter("p", "blockquote", "div", "td", "section"):
        outer = (paragraph, *paragraph.iterancestors())
        if any(each in without or each.tag in ("nav", "footer") for each in outer):
            continue
        own = [paragraph.text or "", *(child.tail or "" for child in paragraph)]
        length += sum(len(text.strip()) for text in own if len(text.strip()) >= SHORTEST_PROSE)
    return length


def keep_sections(tree: Element) -> None:
    """Take the name from sections of a story that are called like what surrounds one, and hold prose all the same.

    A part called “comments” or “related” with whole sentences and no links is the story's where more of it follows.
    """
    for element in list(tree.iter("div", "section")):
        called = f"{element.get('class') or ''} {element.get('id') or ''}"
        if (
            _MISLEADING.search(called)
            and _is_prose(element)
            and any(map(_is_prose, element.itersiblings("p", "section")))
        ):
            element.attrib.pop("class", None)
            element.attrib.pop("id", None)


def _is_prose(element: Element) -> bool:
    """Whether an element holds sentences, and neither links, nor a form, nor a row of things alike."""
    paragraphs = [element] if element.tag == "p" else list(element.iter("p"))
    whole = any(len(each.text_content().strip()) >= SHORTEST_PROSE for each in paragraphs)
    return whole and all(
        next(element.iter(tag), None) is None for tag in ("a", "form", "input", "time", "li", "article")
    )


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
    if is_longer(item, LONGEST_TEASER):
        return False
    headings = list(item.iter(*_TITLES))
    if len(headings) > 1:
        return False
    links = (_links(headings[0], item) or _leads_on(item)) if headings else _first_link(item)
    return bool(links) and all(_is_elsewhere(link.get("href") or "", url) for link in links)


def _leads_on(item: Element) -> Sequence[Element]:
    """The links “Read more” of an item whose heading is none, or those around its picture."""
    links = [link for link in item.iter("a") if _MORE.fullmatch(link.text_content().strip())]
    framed = [link for link in item.iter("a") if link.find(".//img") is not None and not link.text_content().strip()]
    return links or [link for link in framed if not _PICTURE.search(link.get("href") or "")]


def _first_link(item: Element) -> Sequence[Element]:
    """The link with which an item without a heading begins, where a paragraph follows it."""
    for element in item.iter("a", "p"):
        before = "".join(element.getparent().itertext()) if element.getparent() is not None else ""
        if element.tag == "p" or not before.strip().startswith(element.text_content().strip()):
            return ()
        if element.text_content().strip():
            follows = [each for each in item.iter("p") if len(each.text_content().strip()) >= SHORTEST_PROSE]
            return [element] if follows and len(element.text_content().split()) >= FEWEST_WORDS else ()
    return ()


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
