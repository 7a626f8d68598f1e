"""Questions that look answerable and are not, made from questions that are.

After Rajpurkar et al. 2018 (SQuAD 2.0), table 2: entity swap and negation; opposites and numbers are in
`training.questions.swaps`. Entities are typed by the word before them in the question ("in", "did", "of"), which needs
no tagger. Every trap keeps its passage.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from training.data.repair import content_words, words
from training.data.sentences import sentence_of, sentence_spans
from training.data.splits import Row


class Trap(Enum):
    """How a question was made unanswerable."""

    ENTITY = "entity"
    NEGATION = "negation"
    WH_WORD = "wh_word"


_ENTITY = re.compile(r"(?<=\w )[A-Z][\w’'.-]*\w(?: (?:of (?:the )?|the |de |von |van )?[A-Z][\w’'.-]*\w)*")
_NOT_ENTITY = words("What Who When Where Which Why How Is Are Was Were Did Do Does In The I Mr Mrs")
_AUXILIARY = re.compile(r"\b(did|does|do|is|was|were|are|could|would|should|has|had|have|can|will)\b", re.IGNORECASE)
_NEGATED = {"can": "can't", "will": "won't"}
_REASON = re.compile(
    r"\b(because|due|since|so|to|for|after|cause|caused|reason|as|therefore|led|in response)\b", re.IGNORECASE
)
_TIME = re.compile(
    r"\d|\b(January|February|March|April|May|June|July|August|September|October|November|December|year|years|day|days|century"
    r"|when|after|before|during|until|since|while|then|now|later|\w+day)\b"
)
NEGATION_SHARE = 0.3  # most questions can be negated; few who ask do


@dataclass(frozen=True, slots=True)
class EntityPool:
    """Entities that questions name, by (title or source, word before)."""

    entities: dict[tuple[str, str], list[str]]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "EntityPool":
        """Collect the entities of the rows' questions."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in rows:
            for start, _, entity in question_entities(row.question):
                left = _word_before(row.question, start)
                for group in (row.title, f"source:{row.source}"):
                    found[group, left].append(entity)
        return cls(dict(found))

    def like(self, row: Row, start: int, rng: random.Random) -> list[str]:
        """Return candidates for the entity at ``start``, those of the same article first."""
        left = _word_before(row.question, start)
        near = self.entities.get((row.title, left), []) if row.title else []
        far = self.entities.get((f"source:{row.source}", left), [])
        return rng.sample(near, min(12, len(near))) + rng.sample(far, min(12, len(far)))


def question_entities(question: str) -> list[tuple[int, int, str]]:
    """Return (start, end, text) of each capitalised name that does not open the question."""
    return [
        (found.start(), found.end(), found.group())
        for found in _ENTITY.finditer(question)
        if found.group().split()[0] not in _NOT_ENTITY
    ]


def trap(row: Row, kind: Trap, pool: EntityPool, rng: random.Random) -> str | None:
    """Return a question like the row's that its context does not answer, or None where the kind does not apply."""
    if not row.answers:
        return None
    match kind:
        case Trap.ENTITY:
            made = _entity(row, pool, rng)
        case Trap.NEGATION:
            made = _negation(row, rng)
        case Trap.WH_WORD:
            made = _wh_word(row)
    return None if made == row.question else made


def _entity(row: Row, pool: EntityPool, rng: random.Random) -> str | None:
    context = row.context.lower()
    names = [name for name in question_entities(row.question) if name[2].lower() in context]
    if not names:
        return None
    start, end, name = rng.choice(names)
    for other in pool.like(row, start, rng):
        fits = abs(len(other.split()) - len(name.split())) <= 1 and not content_words(other) & content_words(name)
        fits = fits and other[0].isupper() and other.isupper() == name.isupper() and other not in row.question
        if fits and not _may_hold(row, other):
            return row.question[:start] + other + row.question[end:]
    return None


def _may_hold(row: Row, name: str) -> bool:
    """Say whether the context speaks of ``name`` in a sentence that might answer the row's question for it too."""
    asked = content_words(row.question)
    named = content_words(name)
    sentences = sentence_spans(row.context)
    gold = sentence_of(sentences, row.answers[0].start)
    for index, span in enumerate(sentences):
        said = content_words(row.context[span.start : span.end])
        if named & said and (abs(index - gold) <= 1 or len(asked & said) >= 2):
            return True
    return False


def _negation(row: Row, rng: random.Random) -> str | None:
    if re.search(r"n[o']t\b|\b(why|how|or|only|no|never)\b", row.question, re.IGNORECASE):
        return None
    found = _AUXILIARY.search(row.question)
    if (
        rng.random() > NEGATION_SHARE
        or not found
        or len(row.question.split()) < 5
        or re.search(r"\bnot\b|n't|\bnever\b|\bno\b", row.context)
    ):
        return None
    word = found.group()
    return row.question[: found.start()] + _NEGATED.get(word.lower(), word + "n't") + row.question[found.end() :]


def _wh_word(row: Row) -> str | None:
    sentences = sentence_spans(row.context)
    gold = sentence_of(sentences, row.answers[0].start)
    around = row.context[sentences[max(0, gold - 1)].start : sentences[min(len(sentences) - 1, gold + 1)].end]
    opening = row.question.split(" ")[0].lower()
    if opening == "when" and not _REASON.search(around):
        return "Why" + row.question[4:]
    if opening == "where" and not _TIME.search(around):
        return "When" + row.question[5:]
    return None


def _word_before(question: str, start: int) -> str:
    return question[:start].rsplit(maxsplit=1)[-1].lower()
