"""Article → passages. Pure: every passage is `article.text[start:end]`, its kind comes from `index.passages.kinds`.

A paragraph is one passage unless it is longer than `WINDOW` characters; then it is cut into windows that end where
sentences end. A single sentence longer than that is cut at white space, and where there is none between grapheme
clusters, so that no accent, emoji or combining mark is ever torn off its letter. The windows of a paragraph lie side by
side: nothing stands in two passages, so nothing is answered twice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import regex

from onrecord.index.passages.kinds import classify
from onrecord.index.passages.paragraphs import paragraphs
from onrecord.index.passages.sentences import SPACE, sentences
from onrecord.index.records import Article, Passage, PassageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onrecord.index.passages.paragraphs import Paragraph

WINDOW = 900
"""Longest passage, in code points: about 200 word pieces of English, inside what the default embedder reads (256)."""

_CLUSTER = regex.compile(r"\X")
_NO_SPACE = re.compile(r"\S")


def split(article: Article) -> tuple[Passage, ...]:
    """Cut an article into passages of every kind, in text order."""
    found = paragraphs(article.text)
    kinds = _marked(article, found, classify(article.text, found, title=article.title))
    passages: list[Passage] = []
    for number, (paragraph, kind) in enumerate(zip(found, kinds, strict=True)):
        for start, end in _windows(article.text, paragraph.start, paragraph.end):
            passages.append(
                Passage.of(article, ordinal=len(passages), paragraph=number + 1, start=start, end=end, kind=kind)
            )
    return tuple(passages)


def _marked(article: Article, found: Sequence[Paragraph], kinds: Sequence[PassageKind]) -> list[PassageKind]:
    """The kinds of paragraphs where the source says some of them; what reads like furniture stays furniture."""
    said = iter(article.marks)
    mark = next(said, None)
    decided: list[PassageKind] = []
    for paragraph, kind in zip(found, kinds, strict=True):
        while mark is not None and mark.end <= paragraph.start:
            mark = next(said, None)
        covered = mark is not None and mark.start <= paragraph.start and paragraph.end <= mark.end
        furniture = kind in (PassageKind.CREDIT, PassageKind.BOILERPLATE)
        decided.append(mark.kind if mark is not None and covered and not furniture else kind)
    return decided


def _windows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut `[start, end)` into stretches of at most `WINDOW` characters, at sentence ends where that is possible."""
    if end - start <= WINDOW:
        yield start, end
        return
    open_start: int | None = None
    open_end = start
    for sentence in sentences(text[start:end]):
        sentence_start, sentence_end = start + sentence.start, start + sentence.end
        if open_start is not None and sentence_end - open_start > WINDOW:
            yield open_start, open_end
            open_start = None
        if sentence_end - sentence_start > WINDOW:
            *pieces, (sentence_start, sentence_end) = _pieces(text, sentence_start, sentence_end)
            yield from pieces
        if open_start is None:
            open_start = sentence_start
        open_end = sentence_end
    if open_start is not None:
        yield open_start, open_end


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut one overlong sentence, at white space if the last half of a window has any, else between clusters."""
    pieces: list[tuple[int, int]] = []
    while end - start > WINDOW:
        spaces = list(SPACE.finditer(text, start + WINDOW // 2, start + WINDOW))
        cut = spaces[-1].start() if spaces else _cluster_boundary(text, start, start + WINDOW)
        pieces.append((start, cut))
        following = _NO_SPACE.search(text, cut, end)
        start = following.start() if following else end
    pieces.append((start, end))
    return pieces


def _cluster_boundary(text: str, start: int, limit: int) -> int:
    """The last boundary between grapheme clusters at or before `limit`; `limit` where a single cluster is longer."""
    boundary = start
    for cluster in _CLUSTER.finditer(text, start, min(len(text), limit + 64)):
        if cluster.end() > limit:
            break
        boundary = cluster.end()
    return boundary if boundary > start else limit
