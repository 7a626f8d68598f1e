"""Articles → what is stored of them: cut, embedded and described. Pure, but for the embedder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.index.passages.context import embedding_text, leads
from onrecord.index.passages.split import split
from onrecord.index.store.duplicates import signature
from onrecord.index.store.rows import NewArticle, NewPassage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onrecord.index.embedding.embedder import Embedder, Vectors
    from onrecord.index.records import Article, Passage, Progress

_EMBEDDED_AT_ONCE = 512


def prepare(
    articles: Sequence[Article], embedder: Embedder, known: Mapping[str, Vectors], progress: Progress
) -> list[NewArticle]:
    """Split and embed articles; a passage whose embedded text is known brings its vector along."""
    cut = [(article, split(article)) for article in articles]
    vectors = dict(known)
    texts = dict.fromkeys(text for article, passages in cut for text in embedded_texts(article, passages).values())
    missing = [text for text in texts if text not in vectors]
    for done in range(0, len(missing), _EMBEDDED_AT_ONCE):
        progress("embedding", done, len(missing))
        block = missing[done : done + _EMBEDDED_AT_ONCE]
        vectors |= dict(zip(block, embedder.encode_passages(block), strict=True))
    progress("embedding", len(missing), len(missing))
    return [_new_article(article, passages, vectors) for article, passages in cut]


def embedded_texts(article: Article, passages: Sequence[Passage]) -> dict[int, str]:
    """What is embedded for each passage that can answer, by ordinal."""
    return {
        passage.ordinal: embedding_text(article.title, article.text[lead.start : lead.end], passage.text)
        for passage, lead in zip(passages, leads(article, passages), strict=True)
        if passage.kind.answers
    }


def _new_article(article: Article, passages: Sequence[Passage], vectors: Mapping[str, Vectors]) -> NewArticle:
    texts = embedded_texts(article, passages)
    new = tuple(
        NewPassage(passage, lead.start, lead.end, vectors[texts[passage.ordinal]] if passage.ordinal in texts else None)
        for passage, lead in zip(passages, leads(article, passages), strict=True)
    )
    answering = [each.passage.text for each in new if each.vector is not None]
    return NewArticle(article, new, signature(answering) if answering else None)
