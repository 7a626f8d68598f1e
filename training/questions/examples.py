"""Rows → training examples: answerable crops, yes/no questions, and passages that do not answer."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from training.data.lexicon import Lexicon
from training.data.negatives import PieceIndex
from training.data.packed import Example
from training.data.repair import clean_title, content_words, typographic
from training.data.sentences import Crop, crop_around, crops_of, sentence_of, sentence_spans
from training.data.splits import Row, Span
from training.questions import polar, speech
from training.questions.swaps import SwapKind, Swaps, in_passage
from training.questions.transplants import Transplants, patterns
from training.questions.traps import EntityPool, Trap, trap

KINDS = (
    "answerable",
    "polar",
    "polar_sibling",
    "condition",
    "speech",
    "speech_other",
    "sibling",
    "retrieved",
    "human",
    "removed",
    "transplant",
    "changed",
    "both",
    *(kind.value for kind in SwapKind),
    *(kind.value for kind in Trap),
)
CORE = frozenset({"squad2", "squad1.1", "squad", "squadshifts_new_wiki", "squad2_dev16"})
FIRST_OCCURRENCE = frozenset({"squad", "squad1.1_tok", "fairytaleqa", "squad2", "squad2_dev16"})
# How many windows of each kind a question of a source gives, on average.
COPIES = {
    "squad2": 1.2, "squad1.1": 1.2, "squad": 1.2, "squadshifts_new_wiki": 1.0, "squad2_dev16": 4.0, "nq_qed": 1.2,
    "squadshifts_amazon_reviews": 0.3, "squadshifts_reddit": 0.4, "fairytaleqa": 0.6, "policyqa": 0.15,
    "qamr_wikinews": 0.4, "qamr_wikipedia": 0.15, "unansq": 1.5,
}  # fmt: skip
SIBLINGS = {
    "squadshifts_amazon_reviews": 0.12,
    "squadshifts_reddit": 0.12,
    "fairytaleqa": 0.3,
    "nq_qed": 0.2,
    "unansq": 0.4,
} | dict.fromkeys(CORE, 0.4)
RETRIEVED = {"nq_qed": 0.5, "unansq": 0.4} | dict.fromkeys(CORE, 0.45)
TRAPPED = {"nq_qed": 0.4, "qamr_wikinews": 0.08, "squadshifts_reddit": 0.1} | dict.fromkeys(CORE, 0.25)
TRAP_WEIGHTS = {Trap.ENTITY: 8, Trap.NEGATION: 2, Trap.WH_WORD: 1}
# How often a question is asked with a word swapped; the same with the swap in the passage alone, and in both.
SWAPPED = {"nq_qed": 0.5} | dict.fromkeys(CORE, 0.5)
CHANGED, BOTH, SAME = 0.8, 0.8, 0.1
TRANSPLANTED = {"nq_qed": 0.2, "qamr_wikinews": 0.15} | dict.fromkeys(CORE, 0.2)
HUMAN_COPIES = 5
REMOVED_SHARE = 0.15


def sizes(rng: random.Random) -> int:
    """Return how many characters a passage shall have: mostly a news paragraph, sometimes a long one."""
    draw = rng.random()
    if draw < 0.62:
        return rng.randint(90, 520)
    return rng.randint(520, 900) if draw < 0.86 else rng.randint(900, 1500)


class Maker:
    """Turns rows into examples, at random from one seed."""

    def __init__(
        self, rows: Sequence[Row], index: PieceIndex | None, contexts: dict[str, int], lexicon: Lexicon, seed: int
    ) -> None:
        self._pool = EntityPool.of(rows)
        self._index = index
        self._contexts = contexts
        self._rng = random.Random(seed)
        self._swaps = Swaps(lexicon, self._rng)
        self._transplants = Transplants(patterns(row for row in rows if row.source in CORE), self._rng)

    def examples(self, row: Row) -> Iterator[Example]:
        """Yield every example made from one row."""
        sentences = sentence_spans(row.context)
        if not sentences:
            return
        if not row.answers:
            yield from self._human(row, sentences)
            return
        answer = chosen_answer(row, sentences)
        if answer is None:
            return
        row = replace(row, answers=(answer, *row.answers))
        for _ in range(self._count(COPIES[row.source])):
            yield self._answerable(row, sentences, answer)
        yield from self._siblings(row, sentences)
        yield from self._retrieved(row)
        yield from self._traps(row, sentences, answer)
        yield from self._swapped(row, sentences, answer)
        yield from self._transplanted(row, sentences)

    def polar(self, row: Row) -> Iterator[Example]:
        """Yield a yes/no question on the row's context, and sometimes the same on a part that does not decide it."""
        sentences = sentence_spans(row.context)
        made = [
            (found, index) for index, span in enumerate(sentences) if (found := polar.ask(row.context, span, self._rng))
        ]
        if not made:
            return
        found, index = self._rng.choice(made)
        part = crop_around(row.context, sentences, (index, index), sizes(self._rng), self._rng)
        yield self._example("polar", found.question, row, part, found.span)
        others = [part for part in crops_of(row.context, sentences, sizes(self._rng)) if not part.holds(found.span)]
        if others and self._rng.random() < 0.5:
            yield self._example("polar_sibling", found.question, row, _closest(found.question, others), None)

    def speech(self, row: Row) -> Iterator[Example]:
        """Yield questions on what somebody says in a passage made of the row's sentences, and on its conditions."""
        spans = sentence_spans(row.context)
        for index, span in enumerate(spans):
            found = speech.condition(row.context, span, self._rng)
            if found is not None:
                part = crop_around(row.context, spans, (index, index), sizes(self._rng), self._rng)
                yield self._example("condition", found[0], row, part, found[1])
        first = self._rng.randrange(len(spans)) if spans else 0
        some = [row.context[span.start : span.end] for span in spans[first : first + self._rng.randint(1, 3)]]
        for made in speech.reported(some, self._rng) if some else ():
            kind = "speech" if made.answer else "speech_other"
            yield self._example(kind, made.question, row, Crop(0, made.passage, ""), made.answer)

    def _answerable(self, row: Row, sentences: list[Span], answer: Span) -> Example:
        first, last = sentence_of(sentences, answer.start), sentence_of(sentences, answer.end - 1)
        part = crop_around(row.context, sentences, (first, last), sizes(self._rng), self._rng)
        return self._example("answerable", row.question, row, part, answer)

    def _human(self, row: Row, sentences: list[Span]) -> Iterator[Example]:
        asked = content_words(row.question)
        best = max(range(len(sentences)), key=lambda index: len(asked & _words(row, sentences[index])))
        for _ in range(HUMAN_COPIES):
            part = crop_around(row.context, sentences, (best, best), sizes(self._rng), self._rng)
            yield self._example("human", row.question, row, part, None)

    def _siblings(self, row: Row, sentences: list[Span]) -> Iterator[Example]:
        parts = [
            part
            for part in crops_of(row.context, sentences, min(sizes(self._rng), 600))
            if not any(text.lower() in part.text.lower() for text in row.texts())
        ]
        if parts and self._rng.random() < SIBLINGS.get(row.source, 0.0):
            yield self._example("sibling", row.question, row, _closest(row.question, parts), None)

    def _retrieved(self, row: Row) -> Iterator[Example]:
        if self._index is None or self._rng.random() >= RETRIEVED.get(row.source, 0.0):
            return
        found = self._index.negatives(row, self._contexts[row.context], 4)
        if found:
            piece = self._rng.choice(found)
            part = Crop(0, piece.text, piece.lead)
            yield self._example(
                "retrieved", row.question, replace(row, title=piece.title, source=piece.source), part, None
            )

    def _traps(self, row: Row, sentences: list[Span], answer: Span) -> Iterator[Example]:
        if self._rng.random() >= TRAPPED.get(row.source, 0.0):
            return
        first, last = sentence_of(sentences, answer.start), sentence_of(sentences, answer.end - 1)
        part = crop_around(row.context, sentences, (first, last), sizes(self._rng), self._rng)
        if self._rng.random() < REMOVED_SHARE:
            cut = _without(row, sentences, first, last, part)
            if cut is not None:
                yield self._example("removed", row.question, row, cut, None)
            return
        kinds = list(Trap)
        kinds.sort(key=lambda kind: self._rng.random() ** (1 / TRAP_WEIGHTS[kind]), reverse=True)
        for kind in kinds:
            question = trap(row, kind, self._pool, self._rng)
            if question is not None:
                yield self._example(kind.value, question, row, part, None)
                return

    def _swapped(self, row: Row, sentences: list[Span], answer: Span) -> Iterator[Example]:
        rng, share = self._rng, SWAPPED.get(row.source, 0.0)
        first, last = sentence_of(sentences, answer.start), sentence_of(sentences, answer.end - 1)
        part = crop_around(row.context, sentences, (first, last), sizes(rng), rng)
        swap = self._swaps.turning(row)
        if swap is not None:
            question = swap.applied(row.question)
            if rng.random() < share:
                yield self._example(swap.kind.value, question, row, part, None)
            turned = None if swap.kind is SwapKind.THING else in_passage(row, part, swap, answer)
            if turned is not None and rng.random() < share * CHANGED:
                yield self._example("changed", row.question, row, turned[0], None)
            if turned is not None and rng.random() < share * BOTH:
                yield self._example("both", question, row, *turned)
        same = self._swaps.of(row, SwapKind.SAME) if rng.random() < share * SAME else None
        if same is not None:
            yield self._example("same", same.applied(row.question), row, part, answer)

    def _transplanted(self, row: Row, sentences: list[Span]) -> Iterator[Example]:
        rng = self._rng
        if rng.random() < TRANSPLANTED.get(row.source, 0.0):
            part = rng.choice(crops_of(row.context, sentences, sizes(rng)))
            question = self._transplants.ask(part.text)
            if question is not None:
                yield self._example("transplant", question, row, part, None)

    def _example(self, kind: str, question: str, row: Row, part: Crop, answer: Span | None) -> Example:
        rng = self._rng
        title = clean_title(row.title, row.source) if rng.random() < 0.7 else ""
        lead = part.lead if rng.random() < 0.4 else ""
        curly = rng.random() < 0.4
        return Example(
            kind=kind,
            question=typographic(question) if curly and rng.random() < 0.3 else question,
            title=typographic(title) if curly else title,
            lead=typographic(lead) if curly else lead,
            passage=typographic(part.text) if curly else part.text,
            answer=None if answer is None else Span(answer.start - part.start, answer.end - part.start),
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
        if row.context.startswith(text, start) and _whole(row.context, start, text)
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


def _whole(text: str, start: int, part: str) -> bool:
    end = start + len(part)
    left = start == 0 or not (text[start - 1].isalnum() and part[0].isalnum())
    return left and (end == len(text) or not (text[end].isalnum() and part[-1].isalnum()))


def _words(row: Row, span: Span) -> set[str]:
    return content_words(row.context[span.start : span.end])


def _closest(question: str, parts: Sequence[Crop]) -> Crop:
    asked = content_words(question)
    return max(parts, key=lambda part: len(asked & content_words(part.text)))


def _without(row: Row, sentences: list[Span], first: int, last: int, part: Crop) -> Crop | None:
    """Return the crop with the answer's sentences cut out, or None where little or a gold answer is left."""
    before = row.context[part.start : max(part.start, sentences[first].start)]
    after = row.context[sentences[last].end : part.start + len(part.text)]
    text = f"{before.strip()} {after.strip()}".strip()
    if len(text) < 60 or any(answer.lower() in text.lower() for answer in row.texts()):
        return None
    return Crop(part.start, text, part.lead)
