"""Sitemaps (sitemaps.org) → the URLs they list, in order; of a sitemap index those of its sitemaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.sources.document import Contents

if TYPE_CHECKING:
    from onrecord.index.sources.document import Document

_WEB = ("http://", "https://")


def read(document: Document) -> Contents:
    """Read a sitemap.

    Raises:
        UnreadableSource: it is no XML.
        SourceError: it lists nothing.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(document.content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(f"{document.name} is a damaged sitemap: {error}.", hint="Get it again.") from error
    stated = (
        (each.text for each in root.iterfind("{*}url/{*}loc")),
        (each.text for each in root.iterfind("{*}sitemap/{*}loc")),
    )
    links = [text.strip() for found in stated for text in found if text]
    links = [link for link in dict.fromkeys(links) if link.lower().startswith(_WEB)]
    if not links:
        raise SourceError(f"{document.name} is a sitemap that lists nothing.", hint="Check its address.")
    return Contents(links=tuple(links))
