"""Questions that people wrote on news articles, as windows: each article cut and led as serving cuts it.

An answered question gives the passage that answers it, the passages of its article most like it that do not, and now
and then one of another article. One that is not answered gives the passage that comes nearest to it and others most
like it. A passage under another article's title and lead, where only those name what is asked about, and a question
with another name in it, answer nothing: a passage answers only if it is about what is asked.
"""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from onrecord.index.passages.context import leads
from onrecord.index.passages.split import split
from onrecord.index.records import Article
from training.data.negatives import Piece, PieceIndex
from training.data.packed import Example
from training.data.repair import typographic
from training.data.splits import Row, Span
from training.questions.traps import EntityPool, names_elsewhere, swapped_entity

NEWS_KINDS = ("news", "news_near", "news_own", "news_other", "news_title", "news_entity")
PAIR = "pair"
"""The kind of a window that nobody has labelled: a question with a passage, for a teacher to read."""
OWN, OWN_SECOND, OTHER, TITLE, ENTITY = 0.8, 0.4, 0.25, 1.0, 0.3
TITLED, LED, TYPED, CURLED = 0.85, 0.6, 0.2, 0.3
OTHERS_PAIRED, LIBRARY_PAIRED = 5, 3

_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """A question on an article. ``answers``: any of them is right; ``near``: the passage that seems to answer it.

    Spans are half-open offsets into the article's text; ``near`` is a paragraph's, and None where answers are told.
    """

    text: str
    kind: str
    answers: tuple[Span, ...]
    near: Span | None


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """An article as it would be stored, with the questions that were written on it."""

    article: Article
    questions: tuple[NewsQuestion, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """A passage as the reader gets it, with its offset in the article."""

    start: int
    end: int
    title: str
    lead: str
    text: str

    def holds(self, span: Span) -> bool:
        """Say whether a span of the article lies wholly inside."""
        return self.start <= span.start and span.end <= self.end


def read_news(data: Path, split_name: str) -> list[NewsArticle]:
    """Return the articles of ``news_questions`` in a split, "train" or "validation".

    Raises:
        ValueError: an answer does not stand where it is said to stand.
    """
    with gzip.open(data / "news_questions.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [_article(row) for row in rows if row["split"] == split_name]


def _article(row: dict[str, Any]) -> NewsArticle:
    paragraphs = [paragraph.strip() for paragraph in row["paragraphs"]]
    shifts = [len(old) - len(old.lstrip()) for old in row["paragraphs"]]
    starts = [0]
    for paragraph in paragraphs:
        starts.append(starts[-1] + len(paragraph) + len(_BREAK))
    text = _BREAK.join(paragraphs)
    questions = []
    for asked in row["questions"]:
        spans = []
        for answer in asked.get("answers", ()):
            place = answer["paragraph"] - 1
            start = starts[place] + answer["start"] - shifts[place]
            if text[start : start + len(answer["text"])] != answer["text"]:
                raise ValueError(f"{row['id']}: the answer {answer['text']!r} does not stand at {answer['start']}")
            spans.append(Span(start, start + len(answer["text"])))
        near = asked.get("near")
        nearest = Span(starts[near - 1], starts[near - 1] + len(paragraphs[near - 1])) if near and not spans else None
        questions.append(NewsQuestion(asked["question"].strip(), asked["kind"], tuple(spans), nearest))
    article = Article.create(source=f"news:{row['id']}", text=text, title=row["title"], url=row["url"])
    return NewsArticle(article, tuple(questions))


def served(article: Article) -> list[Served]:
    """Return the passages of an article that may answer, cut and led as serving does it."""
    passages = split(article)
    return [
        Served(each.start, each.end, article.title, article.text[lead.start : lead.end], each.text)
        for each, lead in zip(passages, leads(article, passages), strict=True)
        if each.kind.answers
    ]


class NewsMaker:
    """Turns articles with their questions into examples, at random from one seed."""

    def __init__(self, articles: Sequence[NewsArticle], seed: int) -> None:
        self._rng = random.Random(seed)
        self._articles = articles
        self._served = [served(each.article) for each in articles]
        self._pieces = [
            Piece("news", "", number, part.lead, part.text)
            for number, parts in enumerate(self._served)
            for part in parts
        ]
        self._all = [part for parts in self._served for part in parts]
        self._index = PieceIndex(self._pieces)
        rows = [
            Row("news", each.article.title, each.article.text, asked.text, asked.answers)
            for each in articles
            for asked in each.questions
        ]
        self._entities = EntityPool.of(rows)

    def examples(self) -> Iterator[Example]:
        """Yield every example."""
        for number, each in enumerate(self._articles):
            for asked in each.questions:
                ranked = self._ranked(asked.text)
                own = [self._all[row] for row in ranked if self._pieces[row].context == number]
                own += [part for part in self._served[number] if part not in own]
                other = next((self._all[row] for row in ranked if self._pieces[row].context != number), None)
                yield from self._answered(asked, own) if asked.answers else self._unanswered(asked, own)
                if other is not None and self._rng.random() < OTHER:
                    yield self._example("news_other", asked.text, other, None)

    def pairs(self, library: Sequence[Served]) -> Iterator[Example]:
        """Yield every question with every passage of its article, and with those most like it of other articles.

        Args:
            library: passages of articles on which no question was written.
        """
        elsewhere = PieceIndex([Piece("library", "", 0, part.lead, part.text) for part in library])
        for number, each in enumerate(self._articles):
            for asked in each.questions:
                ranked = self._ranked(asked.text)
                others = [self._all[row] for row in ranked if self._pieces[row].context != number]
                found = [library[row] for _, row in elsewhere.search(asked.text, LIBRARY_PAIRED)] if library else []
                for part in (*self._served[number], *others[:OTHERS_PAIRED], *found):
                    yield Example(PAIR, asked.text, part.title, part.lead, part.text, None)

    def _ranked(self, question: str) -> list[int]:
        return [row for _, row in self._index.search(question, len(self._pieces))]

    def _answered(self, asked: NewsQuestion, own: Sequence[Served]) -> Iterator[Example]:
        rng = self._rng
        found = [(part, span) for part in own for span in asked.answers if part.holds(span)]
        for part, span in found[:2]:
            answer = Span(span.start - part.start, span.end - part.start)
            titled = names_elsewhere(asked.text, f"{part.title} {part.lead}", part.text)
            yield self._example("news", asked.text, part, answer, bare=not titled)
            if titled and rng.random() < TITLE:
                stranger = rng.choice(self._all)
                yield self._example(
                    "news_title", asked.text, replace(part, title=stranger.title, lead=stranger.lead), None, bare=False
                )
            if rng.random() < ENTITY:
                row = Row("news", part.title, part.text, asked.text, (answer,))
                twisted = swapped_entity(row, self._entities, rng)
                if twisted is not None:
                    yield self._example("news_entity", twisted, part, None)
        silent = [part for part in own if not any(_meets(part, span) for span in asked.answers)]
        if silent and rng.random() < OWN:
            yield self._example("news_own", asked.text, silent[0], None)

    def _unanswered(self, asked: NewsQuestion, own: Sequence[Served]) -> Iterator[Example]:
        near = [part for part in own if asked.near is not None and _meets(part, asked.near)] or list(own[:1])
        for part in near[:1]:
            yield self._example("news_near", asked.text, part, None)
        rest = [part for part in own if part not in near[:1]]
        if rest and self._rng.random() < OWN_SECOND:
            yield self._example("news_own", asked.text, rest[0], None)

    def _example(self, kind: str, question: str, part: Served, answer: Span | None, *, bare: bool = True) -> Example:
        rng = self._rng
        if rng.random() < TYPED:
            question = question.lower().rstrip("?")
        curl = typographic if rng.random() < CURLED else str
        return Example(
            kind=kind,
            question=question,
            title=curl(part.title) if not bare or rng.random() < TITLED else "",
            lead=curl(part.lead) if not bare or rng.random() < LED else "",
            passage=curl(part.text),
            answer=answer,
        )


def _meets(part: Served, span: Span) -> bool:
    return part.start < span.end and span.start < part.end
