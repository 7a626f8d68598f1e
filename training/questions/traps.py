"""Questions that look answerable and are not: another name in place of one that the question names.

After Rajpurkar et al. 2018 (SQuAD 2.0), table 2. Entities are typed by the word before them in the question ("in",
"did", "of"), which needs no tagger.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from training.data.repair import content_words, words
from training.data.sentences import sentence_of, sentence_spans
from training.data.splits import Row

_ENTITY = re.compile(r"(?<=\w )[A-Z][\w’'.-]*\w(?: (?:of (?:the )?|the |de |von |van )?[A-Z][\w’'.-]*\w)*")
_NOT_ENTITY = words("What Who When Where Which Why How Is Are Was Were Did Do Does In The I Mr Mrs")


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


def names_elsewhere(question: str, around: str, passage: str) -> bool:
    """Say whether the question names something that ``around``, title and lead, tells and the passage does not."""
    told, inside = content_words(around), content_words(passage)
    names = [content_words(name) for _, _, name in question_entities(question)]
    return any(name and name <= told and not name & inside for name in names)


def swapped_entity(row: Row, pool: EntityPool, rng: random.Random) -> str | None:
    """Return the row's question with another name in it, so that its context does not answer it; None where none is."""
    context = row.context.lower()
    names = [name for name in question_entities(row.question) if name[2].lower() in context]
    if not names or not row.answers:
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


def _word_before(question: str, start: int) -> str:
    return question[:start].rsplit(maxsplit=1)[-1].lower()
