"""Questions that look answerable and are not, made from questions that are.

After Rajpurkar et al. 2018 (SQuAD 2.0), table 2: entity swap, number swap, antonym, negation. Entities are typed by the
word before them in the question ("in", "did", "of"), which needs no tagger. Every trap keeps its passage.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from training.repair import content_words, words
from training.sentences import sentence_of, sentence_spans
from training.splits import Row


class Trap(Enum):
    """How a question was made unanswerable."""

    ENTITY = "entity"
    NUMBER = "number"
    ANTONYM = "antonym"
    NEGATION = "negation"
    WH_WORD = "wh_word"


_ENTITY = re.compile(r"(?<=\w )[A-Z][\w’'.-]*\w(?: (?:of (?:the )?|the |de |von |van )?[A-Z][\w’'.-]*\w)*")
_NOT_ENTITY = words("What Who When Where Which Why How Is Are Was Were Did Do Does In The I Mr Mrs")
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-2][0-9])\b")
_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?![\w.,-])")
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


def _both_ways(pairs: str) -> dict[str, str]:
    """Return each word's opposite; the first pair that names a word decides."""
    opposite: dict[str, str] = {}
    for pair in pairs.split():
        left, right = pair.split("/")
        opposite.setdefault(left, right)
        opposite.setdefault(right, left)
    return opposite


ANTONYMS = _both_ways("""
first/last largest/smallest biggest/smallest highest/lowest most/least more/fewer before/after increase/decrease
increased/decreased increases/decreases won/lost win/lose north/south northern/southern east/west
eastern/western higher/lower older/younger oldest/youngest male/female begin/end began/ended start/end
started/ended bought/sold buy/sell early/late earliest/latest minimum/maximum best/worst accepted/rejected
supported/opposed support/oppose son/daughter husband/wife father/mother brother/sister enter/leave entered/left
arrived/departed arrive/depart allowed/forbidden internal/external inside/outside above/below strong/weak
stronger/weaker positive/negative public/private urban/rural ancient/modern major/minor long/short
longest/shortest large/small high/low rich/poor richest/poorest hot/cold legal/illegal successful/unsuccessful
lead/follow create/destroy created/destroyed built/demolished gained/lost gain/lose good/bad better/worse
easy/difficult common/rare least/most last/first attack/defend attacked/defended included/excluded open/closed
opened/closed opponent/ally enemies/allies enemy/ally victory/defeat heavier/lighter fastest/slowest
faster/slower newest/oldest born/buried alive/dead upper/lower friend/enemy increasing/decreasing import/export
imports/exports imported/exported rise/fall rose/fell hired/fired hate/love love/hate like/dislike
liked/disliked advantage/disadvantage advantages/disadvantages benefits/harms ended/began
""")


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
        case Trap.NUMBER:
            made = _number(row, rng)
        case Trap.ANTONYM:
            made = _antonym(row)
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


def _number(row: Row, rng: random.Random) -> str | None:
    for pattern, low in ((_YEAR, 1), (_NUMBER, 2)):
        found = pattern.search(row.question)
        if found and found.group() in row.context:
            value = int(found.group())
            spread = 30 if pattern is _YEAR else max(4, value)
            for _ in range(8):
                other = str(value + rng.choice((-1, 1)) * rng.randint(low, spread))
                if int(other) > 1 and other not in row.context and (pattern is not _YEAR or int(other) < 2024):
                    return row.question[: found.start()] + other + row.question[found.end() :]
    return None


def _antonym(row: Row) -> str | None:
    said = content_words(row.context)
    for found in re.finditer(r"\w+", row.question):
        other = ANTONYMS.get(found.group())
        if other and other not in said and found.group() in row.context.lower():
            return row.question[: found.start()] + other + row.question[found.end() :]
    return None


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
