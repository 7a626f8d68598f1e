"""Articles, passages and hits: the values that travel between the rooms.

Offsets are half-open and count Unicode code points of the stored article text: `text[start:end]` in Python.
`Passage.text` is made in one place, `Passage.of`, by slicing; nothing else ever writes it.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half of a surrogate pair: no character, so no text holds any."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class PassageKind(StrEnum):
    """What a paragraph is to its page, which decides whether it may answer."""

    HEADLINE = "headline"
    BODY = "body"
    CAPTION = "caption"
    CREDIT = "credit"
    BOILERPLATE = "boilerplate"

    @property
    def answers(self) -> bool:
        """Whether a passage of this kind is indexed, and so can be returned or quoted."""
        return self in (PassageKind.BODY, PassageKind.CAPTION)


@dataclass(frozen=True, slots=True)
class Mark:
    """What the source itself says a stretch of its text is, as a page's `figcaption` does; half-open offsets."""

    start: int
    end: int
    kind: PassageKind


@dataclass(frozen=True, slots=True)
class Article:
    """One article exactly as it is stored.

    `source` is canonical (`file:` and a path, or a URL) and decides the id, so adding the
    same source again replaces it. `text` is what every offset indexes; nothing ever changes a character of it.
    `language` is the tag that the source declares (“en-GB”). `marks` stand in text order and do not overlap. `pages`
    holds the offset at which each page of a paged document begins, and nothing for a document without pages.
    """

    id: str
    source: str
    text: str
    title: str
    url: str | None = None
    author: str | None = None
    published: date | None = None
    content_hash: str = field(default="")
    language: str | None = None
    marks: tuple[Mark, ...] = ()
    pages: tuple[int, ...] = ()

    @classmethod
    def create(  # noqa: PLR0913 - one keyword for each field that a source knows
        cls,
        *,
        source: str,
        text: str,
        title: str,
        url: str | None = None,
        author: str | None = None,
        published: date | None = None,
        language: str | None = None,
        marks: tuple[Mark, ...] = (),
        pages: tuple[int, ...] = (),
    ) -> Article:
        """Build an article with its id and content hash derived from what is given."""
        described = "\x1f".join([title, url or "", author or "", published.isoformat() if published else "", text])
        if language or marks or pages:  # what has none of them keeps the hash it was stored with before they existed
            described += f"\x1f{language or ''}\x1f{[(m.start, m.end, m.kind.value) for m in marks]}\x1f{list(pages)}"
        return cls(
            id=article_id(source),
            source=source,
            text=text,
            title=title,
            url=url,
            author=author,
            published=published,
            content_hash=_digest(described),
            language=language,
            marks=marks,
            pages=pages,
        )

    def known_by(self, source: str) -> Article:
        """The same article under another source, and so with another id."""
        return replace(self, id=article_id(source), source=source)

    def page_at(self, offset: int) -> int | None:
        """The number, from 1, of the page on which a character stands; None for a document without pages."""
        return bisect_right(self.pages, offset) or None


@dataclass(frozen=True, slots=True)
class ArticleReference:
    """What it takes to point at an article."""

    id: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Lead:
    """What a passage is read with: half-open offsets of the words before it, equal where there are none."""

    start: int = 0
    end: int = 0

    def of(self, text: str) -> str:
        """The words, of the article's text."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of an article: one paragraph, or one window of a long one.

    `ordinal` numbers the passages of an article from 0 in text order; `paragraph` numbers its paragraphs from
    1, as a reader counts them, and the windows of one long paragraph share it. `lead` is known of passages that are
    stored or about to be; it is how a passage is read, not what it is, and so not compared. `also_in` names
    near-duplicates of the article in which the same words stand; only a search fills it.
    """

    id: str
    article_id: str
    ordinal: int
    paragraph: int
    start: int
    end: int
    kind: PassageKind
    text: str
    lead: Lead = field(default=Lead(), compare=False)
    also_in: tuple[ArticleReference, ...] = ()

    @classmethod
    def of(  # noqa: PLR0913 - one keyword for each field
        cls,
        article: Article,
        *,
        ordinal: int,
        paragraph: int,
        start: int,
        end: int,
        kind: PassageKind,
        lead: Lead = Lead(),
    ) -> Passage:
        """Cut `article.text[start:end]`: the only place where a passage gets its text.

        Raises:
            ValueError: the offsets do not lie inside the article or cover nothing.
        """
        if not 0 <= start < end <= len(article.text):
            raise ValueError(f"passage [{start}, {end}) does not lie in an article of {len(article.text)} characters")
        return cls(
            id=f"{article.id}-{ordinal}",
            article_id=article.id,
            ordinal=ordinal,
            paragraph=paragraph,
            start=start,
            end=end,
            kind=kind,
            text=article.text[start:end],
            lead=lead,
        )


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """What a list of articles shows: everything but the text, and how many of its passages can answer."""

    id: str
    title: str
    url: str | None
    author: str | None
    published: date | None
    passages: int


@dataclass(frozen=True, slots=True)
class ArticleContents:
    """An article with all its passages, of every kind, in text order, and the other articles that tell its story."""

    article: Article
    passages: tuple[Passage, ...]
    near_duplicates: tuple[ArticleReference, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, with its article and the context it is read in.

    `score` is the fused retrieval score in [0, 1]; `dense` the cosine and `lexical` the BM25 score it was made of.
    `lead` is the end of what stands before the passage: it may be read to understand the passage, never quoted.
    """

    passage: Passage
    article: Article
    lead: str
    score: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, all from the one `generation` of the corpus that the search saw.

    `searchable` counts the passages that could have been found (0: nothing is indexed, or the filter keeps nothing).
    """

    hits: tuple[Hit, ...]
    generation: int
    searchable: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles a search may look at; a field left at its default does not restrict.

    `source` is how an article's source or web address begins (`https://news.example/politics/`, `file:reports/`), or a
    host (`news.example`), which stands for all its pages.
    """

    article_ids: tuple[str, ...] | None = None
    published_after: date | None = None
    published_before: date | None = None
    source: str | None = None

    @property
    def restricts(self) -> bool:
        """Whether any field is set."""
        return self != Filter()


@dataclass(frozen=True, slots=True)
class Version:
    """A committed state of the corpus: its generation, and a token that no other commit of any corpus shares.

    A derived index carries the version it was built for. The token tells apart two histories that reached the same
    generation, as after restoring a backup.
    """

    generation: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: articles, and passages to search (one for each that near-duplicates have in common)."""

    articles: int
    passages: int


class Change(StrEnum):
    """What adding an article did to the corpus."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def article_id(source: str) -> str:
    """The id of the article that comes from a canonical source: 16 hexadecimal digits of its SHA-256."""
    return _digest(source)[:16]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
