"""What the articles of one document are known by, so that none takes the place of another of it. Pure."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onrecord.index.records import Article


class Identities:
    """The sources given so far in one document, each with the content that is known by it."""

    def __init__(self) -> None:
        self._content: dict[str, str] = {}

    def distinct(self, article: Article, others: Iterable[str]) -> Article:
        """The article, under the first of `others` that is free where another article has its source already.

        What stands in a document twice, word for word, keeps its source: it is one article.
        """
        numbered = (f"{article.source} ({number})" for number in count(2))
        sources = chain([article.source], others, numbered)
        free = next(each for each in sources if self._is_of(article, each))
        return article if free == article.source else article.known_by(free)

    def _is_of(self, article: Article, source: str) -> bool:
        return self._content.setdefault(source, article.content_hash) == article.content_hash
