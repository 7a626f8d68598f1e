"""RSS and Atom → the URLs of a feed's entries, or articles of what the entries themselves hold, by feedparser.

A feed that was fetched stands for its pages: the entries' links. Of one in a file, or of an entry without a link, the
article is what the feed holds of it: the whole text where it gives that, else the summary.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import feedparser
from lxml import etree, html

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.sources.document import Contents
from onrecord.index.sources.identity import Identities
from onrecord.index.sources.readers.composition import tidy, without_controls
from onrecord.index.sources.readers.days import day_of
from onrecord.index.sources.readers.text import article_from_text

if TYPE_CHECKING:
    from datetime import date

    from onrecord.index.records import Article
    from onrecord.index.sources.document import Document

_WEB = ("http://", "https://")
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|div|br|ul|ol|li|a|b|i|em|strong|h[1-6])\b[^<>]*&gt;", re.IGNORECASE)
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
    base = _base(parsed.get("feed", {}), document.url)
    urls = [_url(entry, base) for entry in entries]
    times = Counter(urls)
    known = Identities()
    articles: list[Article] = []
    refused: list[SourceError] = []
    for number, (entry, url) in enumerate(zip(entries, urls, strict=True), start=1):
        # A page that several entries share says nothing of them: it is fetched, and what they say taken from the feed.
        if document.url and url and (times[url] == 1 or not _text(entry)):
            continue
        try:
            article = _article(entry, document, number, url, parsed.get("feed", {}).get("language"))
        except SourceError as error:
            refused.append(error)
        else:
            articles.append(known.distinct(article, _others(entry, document, number)))
    return Contents(tuple(articles), tuple(refused), tuple(filter(None, times)) if document.url else ())


def _base(channel: Any, url: str | None) -> str:
    """What relative links of entries stand against: where the channel says it is, else where it was fetched from.

    A feed is often fetched from another host than it speaks of.
    """
    own = (each.get("href") for each in channel.get("links", []) if each.get("rel") == "self")
    stated = (str(each or "") for each in (channel.get("link"), *own, url))
    return next((each for each in stated if each.lower().startswith(_WEB)), "")


def _url(entry: Any, base: str) -> str | None:
    """The page of an entry. An id that is no address is none, though feedparser offers it as a link."""
    alternates = (str(each.get("href") or "") for each in entry.get("links", []) if each.get("rel") == "alternate")
    link = next(filter(None, alternates), "")
    try:
        url = urljoin(base, link) if link else str(entry.get("link") or "")
    except ValueError:  # “http://[”
        return None
    return url if url.lower().startswith(_WEB) else None


def _article(entry: Any, document: Document, number: int, url: str | None, language: str | None) -> Article:
    title = _title(entry)
    text = _text(entry) or title
    identity = entry.get("id") or (title if url is None else None)
    fetched = document.url is not None
    return article_from_text(
        text,
        source=url if url and not fetched else f"{document.source}#{identity or number}",
        name=f"{document.name}, entry {number}",
        url=url,
        title=title or None,
        author=_authors(entry),
        published=_day(entry),
        language=str(language) if language else None,
    )


def _text(entry: Any) -> str:
    contents = [each.get("value") or "" for each in entry.get("content", [])]
    return _plain(max([*contents, entry.get("summary") or ""], key=len))


def _others(entry: Any, document: Document, number: int) -> list[str]:
    """What else an entry can be known by, where its link or its id is that of another one."""
    names = (entry.get("id"), _title(entry), f"entry {number}")
    return [f"{document.source}#{name}" for name in names if name]


def _title(entry: Any) -> str:
    return _plain(entry.get("title") or "")


def _authors(entry: Any) -> str | None:
    names = []
    for author in entry.get("authors", []):
        name, address = tidy(str(author.get("name") or "")), str(author.get("email") or "")
        # “jo@x.example (Jo Berg)”, which feedparser may cut inside the address.
        names.append(name.rpartition("(")[2].rstrip(")") if address and "(" in name else name or address)
    return ", ".join(dict.fromkeys(filter(None, names))) or None


def _day(entry: Any) -> date | None:
    """The day of an entry where it was written; that of its update where it says no more.

    What feedparser makes of it is not asked: it is the day in Greenwich, and of “1714723200” one seven years before.
    """
    # By dict's own get: feedparser's warns where it takes one date for the other.
    return day_of(str(dict.get(entry, "published") or dict.get(entry, "updated") or ""))


def _plain(markup: str) -> str:
    """The text of a piece of HTML, its paragraphs parted by blank lines."""
    markup = without_controls(markup)
    if "<" not in markup and _ESCAPED_TAG.search(markup):
        markup = unescape(markup)  # it was escaped twice
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
