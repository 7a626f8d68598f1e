"""What a page says about itself: its title, who wrote it, and when it was published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.index.sources.readers.page.authors import authors_of
from onrecord.index.sources.readers.page.published import published_on
from onrecord.index.sources.readers.page.surroundings import without_surroundings
from onrecord.index.sources.readers.page.title import title_of

if TYPE_CHECKING:
    from datetime import date

    from lxml.html import HtmlElement as Element

    from onrecord.index.sources.readers.page.statements import Statements


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of itself."""

    title: str | None
    authors: tuple[str, ...]
    published: date | None


def about_page(tree: Element, said: Statements, url: str | None, language: str | None) -> About:
    """Read what a page says, given what its head states; its tree stays as it is."""
    story = without_surroundings(tree)
    title = title_of(tree, said, url)
    return About(
        title=title,
        authors=authors_of(said, story),
        published=published_on(said, story, title=title, url=url, language=language),
    )
