"""Article → passages. Pure: every passage is `article.text[start:end]`, its kind comes from `index.kinds`.

A paragraph is one passage unless it is longer than `WINDOW` characters; then it is cut into windows that end where
sentences end. A single sentence longer than that is cut at white space, and where there is none between grapheme
clusters, so that no accent, emoji or combining mark is ever torn off its letter. The windows of a paragraph lie side by
side: nothing stands in two passages, so nothing is answered twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from onrecord.index.kinds import classify
from onrecord.index.paragraphs import paragraphs
from onrecord.index.records import Article, Passage, PassageKind
from onrecord.index.sentences import sentences
from onrecord.index.speakers import speaker_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onrecord.index.paragraphs import Paragraph

WINDOW = 900
"""Longest passage, in code points: about 200 word pieces of English, inside what the default embedder reads (256)."""

LEAD = 240
"""Longest context before a passage, in code points; whole sentences where one fits."""

_CLUSTER = regex.compile(r"\X")
# Of re: to regex the separators U+001C to U+001F, which strip() takes off, are no white space.
_SPACE = re.compile(r"\s+")
_NO_SPACE = re.compile(r"\S")
_LEANING = regex.compile(
    r"""^["“”'‘’(\[]*
    (and|but|or|so|yet|then|it|its|it[’']s|he|she|they|his|her|their|this|that|that[’']s|these|those|such|both|however
    |also|still|instead|meanwhile|moreover|in\ addition|more\ importantly|at\ the\ time|the\ latter|the\ former
    |according\ to\ (him|her|them)|days\ later|later|afterwards?|another|others?|we|our|i)\b""",
    flags=regex.IGNORECASE | regex.VERBOSE,
)
_ATTRIBUTION = regex.compile(
    r"[”\"’',]\s*(he|she|they|it|the \w+) (also )?(said|added|told|continued|wrote|warned|noted|explained)",
    regex.IGNORECASE,
)


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


def leans(text: str) -> bool:
    """Whether a passage needs what stands before it to be understood (“And if it does not …,” he added)."""
    return bool(_LEANING.search(text) or _ATTRIBUTION.search(text))


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


@dataclass(frozen=True, slots=True)
class Lead:
    """Half-open offsets of the context before a passage; equal where it has none."""

    start: int
    end: int


def leads(article: Article, passages: Sequence[Passage]) -> tuple[Lead, ...]:
    """For each passage the end of the body passage before it: context for reading, never for quoting.

    Where the passage calls a speaker “he” or “she”, it is the words that name them last. Captions interrupt a text
    without belonging to it: they get no lead and are no lead. The first passage of an article has none.
    """
    found: list[Lead] = []
    before: list[Passage] = []
    for passage in passages:
        body = passage.kind is PassageKind.BODY
        found.append(_lead(article.text, passage, before) if body and before else Lead(0, 0))
        if body:
            before.append(passage)
    return tuple(found)


def _lead(text: str, passage: Passage, before: Sequence[Passage]) -> Lead:
    tail = _tail(text, before[-1])
    named = speaker_of(text, passage, (tail.start, tail.end), before)
    return tail if named is None else Lead(named[0], min(named[1], named[0] + LEAD))


def embedding_text(title: str, lead: str, passage: str) -> str:
    """What is embedded for a passage: its title, the lead if the passage leans on it, and the passage."""
    return "\n".join(part for part in (title, lead if leans(passage) else "", passage) if part)


def _tail(text: str, passage: Passage) -> Lead:
    """The last sentences of a passage, as many as fit in `LEAD`; of a single longer one its last words that fit."""
    earliest = passage.end - LEAD
    for sentence in sentences(passage.text):
        if passage.start + sentence.start >= earliest:
            return Lead(passage.start + sentence.start, passage.end)
    space = _SPACE.search(text, earliest, passage.end)
    return Lead(space.end() if space else earliest, passage.end)


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
        spaces = list(_SPACE.finditer(text, start + WINDOW // 2, start + WINDOW))
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
