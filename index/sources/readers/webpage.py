"""HTML → `Article`, by trafilatura: the main text without what surrounds it, and what the page says about itself.

`index.sources.readers.page_tree` prepares the page, so that captions and their credits come through, marked as what
they are. trafilatura says what of a page is its text; how it reads, the page says itself (`readers.markup`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree, html

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.records import PassageKind
from onrecord.index.sources.charset import decode
from onrecord.index.sources.document import Contents
from onrecord.index.sources.readers.composition import Block, compose, tidy, without_controls
from onrecord.index.sources.readers.markup.flow import flow
from onrecord.index.sources.readers.markup.marks import set_marks
from onrecord.index.sources.readers.markup.selection import selected
from onrecord.index.sources.readers.page.about import about_page
from onrecord.index.sources.readers.page.statements import statements
from onrecord.index.sources.readers.page_tree import prepare
from onrecord.index.sources.readers.text import article_from_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from onrecord.index.records import Article
    from onrecord.index.sources.document import Document
    from onrecord.index.sources.readers.page_tree import Side

_UNSAID = ("del", "graphic")
_WEB = ("http://", "https://")
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")
_SAME_SITE = re.compile(r"^(www|amp|m|mobile)\.")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


def read(document: Document) -> Contents:
    """Read a page.

    Raises:
        UnreadableSource: it is not HTML that can be parsed.
        SourceError: it holds no main text.
    """
    return Contents((article_from_html(decode(document.content, document.charset), document),))


@dataclass(frozen=True, slots=True)
class Stated:
    """What is known of a page from around it; goes before what the page says, but for the URL."""

    title: str | None = None
    author: str | None = None
    published: date | None = None
    url: str | None = None


def article_from_html(page: str, document: Document, stated: Stated | None = None) -> Article:
    """Make an article of a page; where it came from, and by what name it is known, `document` says.

    Raises:
        UnreadableSource: it is not HTML that can be parsed.
        SourceError: it holds no main text.
    """
    tree = _parse(page, document.name)
    stated = stated or Stated()
    url = _canonical(tree, document) or _web(stated.url) or _saved_from(page)
    language = _language(tree)
    try:
        set_marks(tree)
        said = statements(tree)
        about = about_page(tree, said, url, language)
        sides = prepare(tree, said, about.title, url)
        shown = flow(tree)
        extracted = trafilatura.bare_extraction(tree, url=url, include_comments=False, include_formatting=True)
    except Exception as error:
        # Markup that is broken in a way it does not expect makes trafilatura fail in one that it does not name.
        raise UnreadableSource(
            f"{document.name} cannot be read as a page: {error}.", hint="Save its text and index that."
        ) from error
    if extracted is None or isinstance(extracted, dict) or extracted.body is None:
        raise _empty(document)
    composed = compose(_with_sides(selected(shown, list(_extracted(extracted.body))), sides))
    if not composed.text:
        raise _empty(document)
    return article_from_text(
        composed.text,
        source=(url if document.url else None) or document.source,
        name=document.stem,
        url=url,
        title=stated.title or about.title,
        author=stated.author or ", ".join(about.authors) or None,
        published=stated.published or about.published,
        language=language,
        marks=composed.marks,
    )


def _parse(page: str, name: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(without_controls(page).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(
            f"{name} is no HTML that can be parsed: {error}.", hint="Save the page again."
        ) from error


def _empty(document: Document) -> SourceError:
    return SourceError(
        f"{document.name} holds no main text.",
        hint="If a script makes its text, save the page from a browser and index the file.",
    )


def _language(tree: html.HtmlElement) -> str | None:
    stated: str = tree.xpath("string((/html/@lang | //meta[@http-equiv='content-language']/@content)[1])").strip()
    return stated.replace("_", "-") if _LANGUAGE.fullmatch(stated) else None


def _canonical(tree: html.HtmlElement, document: Document) -> str | None:
    """The URL that the page says is its own; of a page that was fetched only if it is of the same site.

    Otherwise any page could replace any article by claiming to be it.
    """
    stated: str = tree.xpath(
        "string((//link[@rel='canonical']/@href | //meta[@property='og:url']/@content)[1])"
    ).strip()
    try:
        url = urljoin(document.url or "", stated).partition("#")[0]
        host = urlsplit(url).hostname or ""
        own = urlsplit(document.url).hostname or "" if document.url else host
    except ValueError:
        return document.url
    if not stated or not url.lower().startswith(_WEB) or _SAME_SITE.sub("", host) != _SAME_SITE.sub("", own):
        return document.url
    return url


def _saved_from(page: str) -> str | None:
    """The URL in the comment that browsers write into a page they save."""
    found = _SAVED_FROM.search(page[:4_096])
    return _web(found[1]) if found else None


def _web(url: str | None) -> str | None:
    return url if url and url.lower().startswith(_WEB) else None


def _with_sides(blocks: list[Block], sides: Sequence[Side]) -> list[Block]:
    """Say which paragraphs stand beside the story, and put those that the extraction lost before what follows them."""
    for side in sides:
        at = [i for i, block in enumerate(blocks) if block.text == side.text]
        if at:
            blocks[at[0]] = Block(side.text, side.kind)
            continue
        following = set(side.before)
        place = next((i for i, block in enumerate(blocks) if block.text.removeprefix("- ") in following), None)
        if place is not None:
            blocks.insert(place, Block(side.text, side.kind))
    return blocks


def _extracted(parent: etree._Element) -> Iterator[Block]:
    """The paragraphs of an extraction, by which those of the page are chosen."""
    yield from _block(tidy(parent.text or ""))
    for element in parent:
        if element.tag in ("list", "table", "row", "quote"):
            yield from _extracted(element)
        elif element.tag not in _UNSAID:
            kind = PassageKind.HEADLINE if element.tag == "head" else None
            yield from _block(tidy(" ".join(element.itertext())), kind)
        yield from _block(tidy(element.tail or ""))


def _block(text: str, kind: PassageKind | None = None) -> Iterator[Block]:
    if text:
        yield Block(text, kind)
