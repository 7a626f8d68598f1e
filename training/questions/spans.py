"""Rows of the public span sets as examples: what people asked of a passage, what they asked to fool, and near misses.

A passage is cropped at sentence ends to the length of a news paragraph, with the sentence before it as lead, because
that is what serving feeds. Where only the title names what is asked about, the title stays; under another title and
lead the same passage answers nothing.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from training.data.negatives import Piece, PieceIndex
from training.data.packed import Example
from training.data.repair import clean_title, content_words, repair, typographic
from training.data.sentences import Crop, crop_around, crops_of, sentence_of, sentence_spans
from training.data.splits import Row, Span, Split, read_rows, spans_rows, spans_split, squad2_rows
from training.questions.traps import EntityPool, names_elsewhere, swapped_entity

SPAN_KINDS = ("answerable", "human", "sibling", "retrieved", "entity", "title")
CORE = frozenset({"squad2", "squad1.1", "squad", "squadshifts_new_wiki", "squad2_dev16"})
FIRST_OCCURRENCE = frozenset({"squad", "squad1.1_tok", "fairytaleqa", "squad2", "squad2_dev16"})

# How many windows a question of a source gives, on average: where it is answered, and where it is not.
ANSWERED = {
    "squad2": 1.2, "squad1.1": 1.2, "squad": 1.2, "squadshifts_new_wiki": 1.0, "squad2_dev16": 2.0, "nq_qed": 1.2,
    "squadshifts_amazon_reviews": 0.3, "squadshifts_reddit": 0.5, "fairytaleqa": 0.8, "policyqa": 0.3,
    "qamr_wikinews": 0.4, "qamr_wikipedia": 0.2, "qadiscourse": 1.0, "causal_news_corpus": 0.7, "timeqa_human": 1.0,
    "onestopqa": 1.0,
}  # fmt: skip
UNANSWERED = {"squad": 2.5, "squad2": 2.5, "squad2_dev16": 2.5, "timeqa_human": 1.0}
SIBLING, RETRIEVED, ENTITY, TITLE = 0.35, 0.3, 0.15, 1.0
TITLED, LED, TYPED, CURLED = 0.7, 0.4, 0.2, 0.4
PIECE_CHARACTERS = 420
LONGEST = 6000


def read_spans(data: Path, seed: int) -> list[Row]:
    """Return the repaired rows that train, those of single sentences grown to short paragraphs."""
    rows = [repair(row) for row in spans_rows(data, Split.TRAIN)]
    single = [row for row in rows if row.source.startswith("qamr")]
    rows = [row for row in rows if not row.source.startswith("qamr")]
    rows += with_neighbours(single, random.Random(seed))
    rows += [replace(row, source="squad2_dev16") for row in squad2_rows(data, Split.TRAIN)]
    more = (repair(row) for row in read_rows(data / "more_spans.jsonl.gz"))
    rows += [
        replace(row, source="squad") if row.source.startswith("squad") else row
        for row in more
        if spans_split(row.context) is Split.TRAIN
    ]
    return [row for row in rows if 0 < len(row.context) < LONGEST]


def with_neighbours(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """Return rows of single sentences as rows of short paragraphs: up to two sentences of their source beside each."""
    contexts = list(dict.fromkeys(row.context for row in rows))
    grown: list[Row] = []
    for row in rows:
        others = [text for text in rng.sample(contexts, rng.choice((0, 1, 2))) if text != row.context]
        place = rng.randint(0, len(others))
        before = "".join(f"{text} " for text in others[:place])
        after = "".join(f" {text}" for text in others[place:])
        spans = tuple(Span(span.start + len(before), span.end + len(before)) for span in row.answers)
        grown.append(replace(row, context=before + row.context + after, answers=spans))
    return grown


def sizes(rng: random.Random) -> int:
    """Return how many characters a passage shall have: mostly a news paragraph, sometimes a long one."""
    draw = rng.random()
    if draw < 0.62:
        return rng.randint(90, 520)
    return rng.randint(520, 900) if draw < 0.86 else rng.randint(900, 1500)


class SpanMaker:
    """Turns rows into examples, at random from one seed."""

    def __init__(self, rows: Sequence[Row], seed: int) -> None:
        self._rng = random.Random(seed)
        self._rows = rows
        self._contexts = {context: number for number, context in enumerate(dict.fromkeys(row.context for row in rows))}
        self._pool = EntityPool.of(row for row in rows if row.answers)
        first = {row.context: row for row in reversed(rows) if row.source in CORE}
        self._pieces = PieceIndex(
            [
                Piece(row.source, row.title, self._contexts[context], part.lead, part.text)
                for context, row in first.items()
                for part in crops_of(context, sentence_spans(context), PIECE_CHARACTERS)
            ]
        )

    def examples(self) -> Iterator[Example]:
        """Yield every example."""
        for row in self._rows:
            sentences = sentence_spans(row.context)
            if not sentences:
                continue
            yield from self._answered(row, sentences) if row.answers else self._unanswered(row, sentences)

    def _answered(self, row: Row, sentences: list[Span]) -> Iterator[Example]:
        answer = chosen_answer(row, sentences)
        if answer is None:
            return
        rng, row = self._rng, replace(row, answers=(answer, *row.answers))
        core = sentence_of(sentences, answer.start), sentence_of(sentences, answer.end - 1)
        for _ in range(self._count(ANSWERED[row.source])):
            part = crop_around(row.context, sentences, core, sizes(rng), rng)
            told = Span(answer.start - part.start, answer.end - part.start)
            titled = names_elsewhere(row.question, clean_title(row.title, row.source), part.text)
            yield self._example("answerable", row.question, row, part, told, titled=titled)
            if titled and rng.random() < TITLE:
                stranger = rng.choice(self._rows)
                if stranger.title != row.title and not content_words(stranger.title) & content_words(row.question):
                    yield self._example("title", row.question, replace(row, title=stranger.title), part, None)
        if row.source not in CORE:
            return
        if rng.random() < SIBLING:
            yield from self._sibling(row, sentences)
        if rng.random() < RETRIEVED:
            yield from self._retrieved(row)
        twisted = swapped_entity(row, self._pool, rng) if rng.random() < ENTITY else None
        if twisted is not None:
            part = crop_around(row.context, sentences, core, sizes(rng), rng)
            yield self._example("entity", twisted, row, part, None)

    def _unanswered(self, row: Row, sentences: list[Span]) -> Iterator[Example]:
        asked = content_words(row.question)
        near = max(range(len(sentences)), key=lambda at: len(asked & _words(row, sentences[at])))
        for _ in range(self._count(UNANSWERED[row.source])):
            part = crop_around(row.context, sentences, (near, near), sizes(self._rng), self._rng)
            yield self._example("human", row.question, row, part, None)

    def _sibling(self, row: Row, sentences: list[Span]) -> Iterator[Example]:
        parts = [
            part
            for part in crops_of(row.context, sentences, min(sizes(self._rng), 600))
            if not any(text.lower() in part.text.lower() for text in row.texts())
        ]
        if parts:
            asked = content_words(row.question)
            closest = max(parts, key=lambda part: len(asked & content_words(part.text)))
            yield self._example("sibling", row.question, row, closest, None)

    def _retrieved(self, row: Row) -> Iterator[Example]:
        found = self._pieces.negatives(row, self._contexts[row.context], 4)
        if found:
            piece = self._rng.choice(found)
            other = replace(row, title=piece.title, source=piece.source)
            yield self._example("retrieved", row.question, other, Crop(0, piece.text, piece.lead), None)

    def _example(  # noqa: PLR0913 - one for each part of an example
        self, kind: str, question: str, row: Row, part: Crop, answer: Span | None, *, titled: bool = False
    ) -> Example:
        rng = self._rng
        curl = typographic if rng.random() < CURLED else str
        return Example(
            kind=kind,
            question=question.lower().rstrip("?") if rng.random() < TYPED else question,
            title=curl(clean_title(row.title, row.source)) if titled or rng.random() < TITLED else "",
            lead=curl(part.lead) if rng.random() < LED and kind != "title" else "",
            passage=curl(part.text),
            answer=answer,
        )

    def _count(self, mean: float) -> int:
        return int(mean) + (self._rng.random() < mean % 1)


def chosen_answer(row: Row, sentences: list[Span]) -> Span | None:
    """Return the answer of median length, at the occurrence whose sentence is most like the question.

    None where the occurrences cannot be told apart.
    """
    if row.source not in FIRST_OCCURRENCE:
        return sorted(row.answers, key=lambda span: span.end - span.start)[(len(row.answers) - 1) // 2]
    spans = sorted(row.answers, key=lambda span: (span.end - span.start, span.start))
    answer = spans[(len(spans) - 1) // 2]
    text = row.context[answer.start : answer.end]
    places = [
        start
        for start in range(len(row.context))
        if row.context.startswith(text, start) and _apart(row.context, start, text)
    ]
    if len(places) <= 1:
        return answer
    asked = content_words(row.question)
    scored = [(len(asked & _words(row, sentences[sentence_of(sentences, start)])), -start) for start in places]
    top = max(scored)
    ties = {sentence_of(sentences, -place) for score, place in scored if score == top[0]}
    return Span(-top[1], -top[1] + len(text)) if len(ties) == 1 else None


def whole(rows: Sequence[Row]) -> Iterator[Example]:
    """Yield each row as it stands: the whole context, its title, no lead."""
    for row in rows:
        answer = chosen_answer(row, sentence_spans(row.context)) if row.answers else None
        if answer is not None or not row.answers:
            kind = "answerable" if answer else "human"
            yield Example(kind, row.question, clean_title(row.title, row.source), "", row.context, answer)


def _apart(text: str, start: int, part: str) -> bool:
    end = start + len(part)
    left = start == 0 or not (text[start - 1].isalnum() and part[0].isalnum())
    return left and (end == len(text) or not (text[end].isalnum() and part[-1].isalnum()))


def _words(row: Row, span: Span) -> set[str]:
    return content_words(row.context[span.start : span.end])
