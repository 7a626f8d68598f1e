"""Rows of ``more_spans`` as examples: SQuAD as it is asked and as it was written to fool, why, conditions and time."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from training.data.packed import Example
from training.data.repair import clean_title, content_words, repair
from training.data.sentences import crop_around, sentence_of, sentence_spans
from training.data.splits import Row, Span, Split, read_rows, spans_split
from training.questions.examples import chosen_answer, sizes
from training.questions.traps import EntityPool, Trap, trap

# How many rows of each source are drawn, answered ones and others.
ANSWERED = {
    "squad_train_parts16_19": 2600, "squad_train_mrqa_fewshot": 600, "qadiscourse": 1200, "causal_news_corpus": 500,
    "timeqa_human": 200, "onestopqa": 100,
}  # fmt: skip
UNANSWERED = {
    "squad2_train_unanswerable_new": 3600, "squad2_train_unanswerable_ours": 1200,
    "squad2_train_unanswerable_aligned": 800, "timeqa_human": 200,
}  # fmt: skip
ENTITIES = 900
TYPED, TITLED, LED = 0.12, 0.7, 0.3
LONGEST = 6000


def more_rows(data: Path) -> list[Row]:
    """Return the repaired rows of ``more_spans`` that train."""
    rows = [repair(row) for row in read_rows(data / "more_spans.jsonl.gz")]
    return [row for row in rows if 0 < len(row.context) < LONGEST and spans_split(row.context) is Split.TRAIN]


def more_examples(rows: Sequence[Row], rng: random.Random) -> Iterator[Example]:
    """Yield the examples of a draw: as many rows of each source as the tables above say, then swapped names."""
    for table, answered in ((ANSWERED, True), (UNANSWERED, False)):
        for source, count in table.items():
            those = [row for row in rows if row.source == source and bool(row.answers) is answered]
            for row in rng.sample(those, min(count, len(those))):
                yield from _example(row, rng)
    squad = [row for row in rows if row.answers and row.source.startswith("squad")]
    pool = EntityPool.of(squad)
    made = 0
    for row in rng.sample(squad, len(squad)):
        question = trap(row, Trap.ENTITY, pool, rng) if made < ENTITIES else None
        if question is not None:
            made += 1
            yield from _example(row, rng, twisted=question)


def _example(row: Row, rng: random.Random, *, twisted: str | None = None) -> Iterator[Example]:
    sentences = sentence_spans(row.context)
    source = "squad" if row.source.startswith("squad") else row.source
    answer = chosen_answer(replace(row, source=source), sentences) if row.answers and sentences else None
    if not sentences or (row.answers and answer is None):
        return
    if answer is None:
        asked = content_words(row.question)
        near = max(range(len(sentences)), key=lambda at: len(asked & _words(row, sentences[at])))
        core = near, near
    else:
        core = sentence_of(sentences, answer.start), sentence_of(sentences, answer.end - 1)
    part = crop_around(row.context, sentences, core, sizes(rng), rng)
    question = twisted or row.question
    kept = None if twisted or answer is None else Span(answer.start - part.start, answer.end - part.start)
    yield Example(
        kind=Trap.ENTITY.value if twisted else "answerable" if answer else "human",
        question=question.lower().rstrip("?") if rng.random() < TYPED else question,
        title=clean_title(row.title, row.source) if rng.random() < TITLED else "",
        lead=part.lead if rng.random() < LED else "",
        passage=part.text,
        answer=kept,
    )


def _words(row: Row, span: Span) -> set[str]:
    return content_words(row.context[span.start : span.end])
