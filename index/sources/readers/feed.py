"""RSS and Atom → the URLs of a feed's entries, or articles of what the entries themselves hold, by feedparser.

A feed that was fetched stands for its pages: the entries' links. Of one in a file, or of an entry without a link, the
article is what the feed holds of it: the whole text where it gives that, else the summary.
"""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import feedparser
from lxml import etree, html

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.sources.document import Contents
from onrecord.index.sources.readers.composition import tidy, without_controls
from onrecord.index.sources.readers.text import article_from_text

if TYPE_CHECKING:
    from onrecord.index.records import Article
    from onrecord.index.sources.document import Document

_WEB = ("http://", "https://")
_BREAKS = frozenset(
    {"p", "div", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "figure", "section"}
)


def read(document: Document) -> Contents:
    """Read a feed.

    Raises:
        UnreadableSource: it is no feed that can be parsed.
        SourceError: it has no entries.
    """
    # As a stream: what looks like an address or a path, feedparser would open.
    try:
        parsed = feedparser.parse(io.BytesIO(document.content), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        # It tells most damage in its result; damage to the XML declaration raises what it does not name.
        raise UnreadableSource(f"{document.name} is a damaged feed: {error}.", hint="Get it again.") from error
    entries = parsed.get("entries", [])
    if not entries and parsed.get("bozo"):
        problem = parsed.get("bozo_exception")
        raise UnreadableSource(f"{document.name} is a damaged feed: {problem}.", hint="Get it again.")
    if not entries:
        raise SourceError(f"{document.name} is a feed without entries.", hint="Check its address, or try again later.")
    links = [_link(entry, document.url) for entry in entries] if document.url else []
    articles: list[Article] = []
    refused: list[SourceError] = []
    for number, entry in enumerate(entries, start=1):
        if links and links[number - 1]:
            continue
        try:
            articles.append(_article(entry, document, number, parsed.get("feed", {}).get("language")))
        except SourceError as error:
            refused.append(error)
    return Contents(tuple(articles), tuple(refused), tuple(filter(None, links)))


def _link(entry: Any, base: str | None) -> str | None:
    link = str(entry.get("link") or "")
    try:
        url = urljoin(base or "", link)
    except ValueError:  # “http://[”
        return None
    return url if link and url.lower().startswith(_WEB) else None


def _article(entry: Any, document: Document, number: int, language: str | None) -> Article:
    where = f"{document.name}, entry {number}"
    contents = [each.get("value") or "" for each in entry.get("content", [])]
    title = _plain(entry.get("title") or "")
    text = _plain(max([*contents, entry.get("summary") or ""], key=len)) or title
    url = _link(entry, None)
    identity = entry.get("id") or (title if url is None else None)
    # By dict's own get: feedparser's warns where it takes one date for the other.
    published = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    return article_from_text(
        text,
        source=url or f"{document.source}#{identity or number}",
        name=where,
        url=url,
        title=title or None,
        author=tidy(str(entry.get("author") or "")) or None,
        published=date(*published[:3]) if published else None,
        language=str(language) if language else None,
    )


def _plain(markup: str) -> str:
    """The text of a piece of HTML, its paragraphs parted by blank lines."""
    markup = without_controls(markup)
    if "<" not in markup:
        return tidy(html.fromstring(f"<p>{markup}</p>").text_content()) if "&" in markup else tidy(markup)
    try:
        tree = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, ValueError):
        return tidy(markup)
    for element in tree.iter(etree.Element):
        # A numeric reference can put back what lxml then refuses to take.
        text, tail = without_controls(element.text or ""), without_controls(element.tail or "")
        if element.tag in ("script", "style"):
            element.text = ""
        elif element.tag == "br":
            element.tail = f"\n{tail}"
        elif element.tag in _BREAKS:
            element.text, element.tail = f"\u2029{text}", f"\u2029{tail}"
    paragraphs = (tidy(part) for part in tree.text_content().split("\u2029"))
    return "\n\n".join(filter(None, paragraphs))
