"""A web page's tree, before trafilatura reads it: what it would lose is moved where it stays, what it would keep goes.

It drops figures with their captions: each caption becomes a paragraph behind its figure, and so does the credit inside
it. It drops summaries above a story's body, and text without an element of its own. It takes the first entry of a live
blog for the story, and a page that is laid out with tables for a table. It keeps bylines, numbers of footnotes, pull
quotes and teasers: these are taken out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree, html

from onrecord.index.records import PassageKind
from onrecord.index.sources.readers.composition import without_controls
from onrecord.index.sources.readers.markup.flow import line_of
from onrecord.index.sources.readers.page.loose import frame_loose_text
from onrecord.index.sources.readers.page.standfirst import standfirsts
from onrecord.index.sources.readers.page.surroundings import drop_teasers, keep_sections

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lxml.html import HtmlElement as Element

    from onrecord.index.sources.readers.page.statements import Statements

LONGEST_CAPTION = 1_000
LONGEST_FURNITURE = 200
LONGEST_CELL = 300

_NEARBY = 40

# Words of class names: “wp-caption-text”, “image__caption”, “c-figure__credit”.
_CAPTION = re.compile(r"(^|[-_\s])(fig)?caption(s|[-_]?text)?($|[-_\s])", re.IGNORECASE)
_CREDIT = re.compile(r"(^|[-_\s])(credits?|copyright|photographer|attribution)($|[-_\s])", re.IGNORECASE)
_PULL_QUOTE = re.compile(r"(^|[-_\s])pull-?(ed-?)?quote($|[-_\s])", re.IGNORECASE)
_LIVE = re.compile(r"(^|[-_\s])live-?(blog|feed|posts?|updates?)($|[-_\s])", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(^|[-_\s])(byline|dateline|timestamp|credits?|(story|article|post)-(info|meta)|scoreboard|share|social|ad-slot)"
    r"($|[-_\s])",
    re.IGNORECASE,
)
_FOOTNOTE_NUMBER = re.compile(r"(^|[-_\s])footnote-(anchor|number|ref(erence)?)($|[-_\s])", re.IGNORECASE)
_NUMBER = re.compile(r"\[?\d{1,3}\]?|[*†‡]")
_OUTSIDE = frozenset({"nav", "aside", "footer"})
_CONTAINERS = frozenset({"article", "main"})
_AMP_FURNITURE = ("amp-ad", "amp-consent", "amp-sidebar", "amp-social-share", "amp-iframe", "amp-embed")
_PARAGRAPHS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "blockquote", "div")
_PLAIN_QUOTES = str.maketrans("", "", "“”\"‘’'„«»")


@dataclass(frozen=True, slots=True)
class Side:
    """A paragraph beside the story: a caption, the credit of a picture, a summary, which is body.

    `before` holds the next texts of the same story, in order.
    """

    text: str
    kind: PassageKind | None
    before: tuple[str, ...]


def prepare(tree: Element, said: Statements, title: str | None, url: str | None) -> tuple[Side, ...]:
    """Change a page's tree as said above. Returns what stands beside the story, in order."""
    _drop_furniture(tree)
    drop_teasers(tree, url)
    keep_sections(tree)
    _open_layout_tables(tree)
    _join_live_posts(tree)
    kinds = {**_free_captions(tree), **dict(standfirsts(tree, said, title))}
    frame_loose_text(tree)
    return tuple(_sides(tree, kinds))


def text_of(element: Element) -> str:
    """The text of an element in one line."""
    # A numeric reference in the page can put back what lxml then refuses to take.
    return without_controls(line_of(element))


def _named(element: Element, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.search(element.get("class") or ""))


def _inside(element: Element, tags: Collection[str]) -> bool:
    return any(outer.tag in tags for outer in element.iterancestors())


def _drop(element: Element) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _drop_furniture(tree: Element) -> None:
    whole = text_of(tree).translate(_PLAIN_QUOTES)
    for element in list(tree.iter(etree.Element)):
        if element.tag in _AMP_FURNITURE or (element.tag in ("sup", "a") and _is_footnote_number(element)):
            _drop(element)
        elif (
            _named(element, _FURNITURE)
            and element.tag not in ("body", "article", "main")
            and not _inside(element, ("figure",))
        ):
            if len(element.text_content()) <= LONGEST_FURNITURE and element.find(".//h1") is None:
                _drop(element)
        elif _named(element, _PULL_QUOTE):
            quoted = text_of(element).translate(_PLAIN_QUOTES)
            if whole.count(quoted) > 1:
                _drop(element)


def _is_footnote_number(element: Element) -> bool:
    if not _NUMBER.fullmatch(element.text_content().strip()):
        return False
    link = element if element.tag == "a" else element.find(".//a")
    return link is not None and (element.tag == "sup" or _named(link, _FOOTNOTE_NUMBER) or _inside(link, ("sup",)))


def _open_layout_tables(tree: Element) -> None:
    """Make boxes of tables that hold a page's columns: no headings, and more text in a cell than data has."""
    for table in list(tree.iter("table")):
        cells = [cell for cell in table.iter("td") if cell.find(".//table") is None]
        data = table.find(".//th") is not None or table.find(".//caption") is not None
        if not data and any(len(cell.text_content()) > LONGEST_CELL for cell in cells):
            for part in (table, *table.iterdescendants("tbody", "tr", "td")):
                part.tag = "div"


def _join_live_posts(tree: Element) -> None:
    """Make one story of a live blog's posts, the time of each a heading."""
    if not any(_named(element, _LIVE) for element in tree.iter("body", "main", "div", "section", "article")):
        return
    for post in list(tree.iter("article")):
        if not any(_named(outer, _LIVE) for outer in post.iterancestors()):
            continue
        post.tag = "section"
        for header in list(post.iter("header")):
            header.tag = "div"
        for time in list(post.iter("time")):
            time.tag = "h4"


def _free_captions(tree: Element) -> dict[Element, PassageKind]:
    """Take captions and credits out of their figures, as paragraphs behind them."""
    found: dict[Element, PassageKind] = {}
    for caption in _captions(tree):
        parts = []
        for inside in [each for each in caption.iterdescendants() if _is_credit(each)]:
            if caption in inside.iterancestors() and (credit := text_of(inside)):
                parts.append((credit, PassageKind.CREDIT))
                _drop(inside)
        if 0 < len(text := text_of(caption)) <= LONGEST_CAPTION:
            parts.insert(0, (text, PassageKind.CAPTION))
        figure = _figure(caption)
        for content, kind in reversed(parts):
            paragraph = html.Element("p")
            paragraph.text, paragraph.tail, figure.tail = content, figure.tail, None
            figure.addnext(paragraph)
            found[paragraph] = kind
        _drop(caption)
    return found


def _captions(tree: Element) -> list[Element]:
    """The outermost elements that caption a picture: `figcaption`, or what a class name calls so beside an image."""
    found: dict[Element, None] = {}
    for each in tree.iter("figcaption", "p", "div", "span"):
        named = each.tag == "figcaption" or (_named(each, _CAPTION) and _is_beside_image(each))
        if named and not any(outer in found for outer in each.iterancestors()):
            found[each] = None
    return list(found)


def _is_beside_image(element: Element) -> bool:
    parent = element.getparent()
    if parent is None or element.find(".//img") is not None:
        return False
    return parent.find(".//img") is not None or parent.find(".//amp-img") is not None


def _is_credit(element: Element) -> bool:
    named = _named(element, _CREDIT) or element.get("itemprop") in ("copyrightHolder", "creditText")
    return named or element.tag in ("small", "cite")


def _figure(caption: Element) -> Element:
    """The outermost element around a caption that holds no other text."""
    outermost = next(caption.iterancestors("figure"), caption)
    own = text_of(outermost)
    for outer in outermost.iterancestors():
        if outer.tag in ("body", "html", *_CONTAINERS) or text_of(outer) != own:
            break
        outermost = outer
    return outermost


def _sides(tree: Element, kinds: dict[Element, PassageKind | None]) -> Iterator[Side]:
    """What stands beside the story, each with what follows it in the story; that of menus and teasers is left out."""
    order = [element for element in tree.iter(*_PARAGRAPHS) if element.tag != "div" or (element.text or "").strip()]
    texts = [text_of(element) for element in order]
    headline = next((i for i, element in enumerate(order) if element.tag == "h1"), 0)
    for i, element in enumerate(order):
        if element not in kinds or _inside(element, _OUTSIDE):
            continue
        story = next((outer for outer in element.iterancestors() if outer.tag in _CONTAINERS), None)
        if story is None and i < headline:
            continue
        following = (
            texts[j]
            for j in range(i + 1, len(order))
            if kinds.get(order[j], PassageKind.BODY) is PassageKind.BODY
            and (story is None or story in order[j].iterancestors())
        )
        yield Side(texts[i], kinds[element], tuple(islice(following, _NEARBY)))
