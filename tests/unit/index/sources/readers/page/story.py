"""Made-up pages: a story with a head, and what a test puts around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.index import sources
from onrecord.index.passages.split import split

if TYPE_CHECKING:
    from onrecord.index.records import Article, PassageKind

PROSE = (
    "The harbour board of Lund approved the new slipway on Monday after a debate that went on until midnight, it said.",
    "The slipway will cost nine million crowns and is to open in August, according to the plan that was published.",
    "Fishermen of the east bank had asked for a wider ramp, but only two of the nine members voted for it, they said.",
    "A second vote is planned for the autumn, when the survey of the sea bed is ready, the engineer told the board.",
)
STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)


def page(body: str = STORY, *, head: str = "<title>Slipway approved</title>", lang: str = "en") -> str:
    """A page whose story has the headline “Slipway approved”."""
    return (
        f'<html lang="{lang}"><head>{head}</head><body><main><article><h1>Slipway approved</h1>{body}</article></main>'
        "</body></html>"
    )


def read(markup: str, url: str | None = None) -> Article:
    """The article of a page."""
    document = sources.Document(markup.encode(), source=url or "file:page.html", name=url or "page.html", url=url)
    (article,) = sources.read_document(document).articles
    return article


def answering(markup: str, url: str | None = None) -> list[str]:
    """The passages of a page that may answer."""
    return [passage.text for passage in split(read(markup, url)) if passage.kind.answers]


def kind_of(text: str, markup: str) -> PassageKind | None:
    """The kind of the passage with a text; None where the page has none."""
    return next((passage.kind for passage in split(read(markup)) if passage.text == text), None)
