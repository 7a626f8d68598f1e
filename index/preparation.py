"""Articles → what is stored of them: cut, embedded and described. Pure, but for the embedder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from onrecord.index.passages.context import embedding_text, leads, leans
from onrecord.index.passages.split import split
from onrecord.index.store.duplicates import signature
from onrecord.index.store.rows import NewArticle, NewPassage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onrecord.index.embedding.embedder import Embedder, Vectors
    from onrecord.index.records import Article, Passage, Progress
    from onrecord.index.store.rows import StoredPassage

_EMBEDDED_AT_ONCE = 512

RULES = 2
"""The number of the rules by which articles are cut, led and embedded.

Whoever changes what is stored of an article that stays as it is makes it one larger: directories of a smaller number
are then cut anew when they are opened. By 1 a lead was embedded only where its passage leans on it.
"""


def made_by(embedder: Embedder, rules: int = RULES) -> str:
    """Names all that decides what is stored of an article: the embedder and the rules, which 1 left unsaid."""
    return embedder.fingerprint if rules == 1 else f"{embedder.fingerprint}, rules {rules}"


def known_before(article: Article, stored: Sequence[StoredPassage]) -> dict[str, Vectors]:
    """The vectors that rules 1 made of an article, by what was embedded."""
    known = {}
    for each in stored:
        if each.vector is not None:
            text, lead = each.passage.text, each.passage.lead.of(article.text)
            known["\n".join(filter(None, (article.title, lead if leans(text) else "", text)))] = each.vector
    return known


def prepare(
    articles: Sequence[Article], embedder: Embedder, known: Mapping[str, Vectors], progress: Progress
) -> list[NewArticle]:
    """Split and embed articles; a passage whose embedded text is known brings its vector along."""
    cut = [_cut(article) for article in articles]
    texts = [embedded_texts(article, passages) for article, passages in zip(articles, cut, strict=True)]
    vectors = dict(known)
    missing = [text for text in dict.fromkeys(text for each in texts for text in each.values()) if text not in vectors]
    for done in range(0, len(missing), _EMBEDDED_AT_ONCE):
        progress("embedding", done, len(missing))
        block = missing[done : done + _EMBEDDED_AT_ONCE]
        vectors |= dict(zip(block, embedder.encode_passages(block), strict=True))
    progress("embedding", len(missing), len(missing))
    return [
        _new_article(article, passages, {ordinal: vectors[text] for ordinal, text in embedded.items()})
        for article, passages, embedded in zip(articles, cut, texts, strict=True)
    ]


def embedded_texts(article: Article, passages: Sequence[Passage]) -> dict[int, str]:
    """What is embedded for each passage that can answer, by ordinal; the passages know their leads."""
    return {
        passage.ordinal: embedding_text(article.title, passage.lead.of(article.text), passage.text)
        for passage in passages
        if passage.kind.answers
    }


def _cut(article: Article) -> tuple[Passage, ...]:
    """An article's passages, each with its lead. Finding leads takes longer than cutting: once is enough."""
    passages = split(article)
    found = leads(article, passages)
    return tuple(replace(passage, lead=lead) for passage, lead in zip(passages, found, strict=True))


def _new_article(article: Article, passages: Sequence[Passage], vectors: Mapping[int, Vectors]) -> NewArticle:
    new = tuple(NewPassage(passage, vectors.get(passage.ordinal)) for passage in passages)
    answering = [each.passage.text for each in new if each.vector is not None]
    return NewArticle(article, new, signature(answering) if answering else None)
