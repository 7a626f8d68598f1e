"""One word of a question put for another, such that what it asks is no longer what the passage says.

The commonest ways in which people made SQuAD 2.0's unanswerable questions (Rajpurkar et al. 2018, table 2): opposites,
other numbers, dates and ordinals, other things of the same kind. A swap that is made in the passage too leaves the
question answerable, and one made in the passage alone does not: with both, a reader cannot go by odd wording.
"""

import random
import re
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache

from training.data.lexicon import Lexicon
from training.data.repair import content_words, words
from training.data.sentences import Crop
from training.data.splits import Row, Span


class SwapKind(Enum):
    """What stands for what."""

    OPPOSITE = "opposite"
    SERIES = "series"
    NUMBER = "number"
    THING = "thing"
    SAME = "same"  # a synonym: the question still means what it meant


SERIES = tuple(
    tuple(line.split())
    for line in """
first second third fourth fifth sixth
two three four five six seven eight nine ten
January February March April May June July August September October November December
Monday Tuesday Wednesday Thursday Friday Saturday Sunday
II III IV V VI
WWI WWII
north south east west
northern southern eastern western
northeast northwest southeast southwest
am pm
morning afternoon evening night
hours days weeks months years decades centuries
spring summer autumn winter
president vice-president
king queen prince princess duke emperor
minister secretary ambassador governor mayor
deputy senior junior former current
gold silver bronze
red blue green yellow black white
million billion thousand hundred
father mother son daughter brother sister uncle
""".strip().splitlines()
)
_OPPOSITES = """
last/first largest/smallest biggest/smallest highest/lowest most/least more/fewer before/after increase/decrease
increased/decreased won/lost win/lose higher/lower older/younger oldest/youngest male/female begin/end began/ended
start/end started/ended bought/sold buy/sell early/late earliest/latest best/worst accepted/rejected
supported/opposed support/oppose husband/wife enter/leave entered/left arrived/departed allowed/forbidden
internal/external inside/outside above/below strong/weak stronger/weaker positive/negative public/private
urban/rural ancient/modern major/minor long/short longest/shortest large/small high/low rich/poor hot/cold
legal/illegal successful/unsuccessful create/destroy created/destroyed built/demolished gained/lost gain/lose
good/bad better/worse easy/difficult common/rare attack/defend attacked/defended included/excluded open/closed
opened/closed opponent/ally enemies/allies enemy/ally victory/defeat heavier/lighter fastest/slowest faster/slower
newest/oldest alive/dead upper/lower friend/enemy import/export imports/exports rise/fall rose/fell hired/fired
love/hate like/dislike advantage/disadvantage advantages/disadvantages benefits/harms always/never
formal/informal less/more agreed/refused approved/banned joined/left gave/took lent/borrowed
failed/succeeded success/failure same/different similar/unlike
"""
_YEAR = re.compile(r"(1[0-9]{3}|20[0-2][0-9])(?=s?$)")
_SMALL = re.compile(r"[1-9]\d{0,2}(?=(st|nd|rd|th)?$)")
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True, slots=True)
class Swap:
    """``other`` for the text of a question in the half-open range ``start``..``end``."""

    kind: SwapKind
    start: int
    end: int
    other: str

    def applied(self, question: str) -> str:
        """Return the question with the swap made."""
        return question[: self.start] + self.other + question[self.end :]


@dataclass(frozen=True, slots=True)
class Swaps:
    """Finds swaps in questions, at random from one seed."""

    lexicon: Lexicon
    rng: random.Random
    _like: dict[tuple[str, SwapKind], list[str]] = field(default_factory=dict)

    def of(self, row: Row, kind: SwapKind) -> Swap | None:
        """Return a swap of a word of the row's question for one that its context does not have, or None."""
        said = content_words(row.context) | content_words(row.question)
        found = list(re.finditer(r"[\w-]+", row.question))
        for place in self.rng.sample(found, len(found)):
            word = place.group()
            measured = row.question[: place.start()].lower().endswith("how ")
            if kind in _COMMON and (word[0].isupper() or measured or word in _LIGHT):
                continue
            others = [other for other in self._others(word, kind) if other.lower() not in said]
            if others:
                return Swap(kind, place.start(), place.end(), self.rng.choice(others))
        return None

    def turning(self, row: Row) -> Swap | None:
        """Return a swap that makes the question ask something else: of the kinds that people use, a likely one."""
        kinds = sorted(TURNING, key=lambda kind: self.rng.random() ** (1 / TURNING[kind]), reverse=True)
        found = next((swap for kind in kinds if (swap := self.of(row, kind)) is not None), None)
        if found is None and self.rng.random() < THINGS:
            return self.of(row, SwapKind.THING)
        return found

    def _others(self, word: str, kind: SwapKind) -> list[str]:
        if kind is SwapKind.NUMBER:
            return _numbers(word, self.rng)
        key = word, kind
        if key not in self._like:
            self._like[key] = self._known(word, kind)
        return self._like[key]

    def _known(self, word: str, kind: SwapKind) -> list[str]:
        if kind is SwapKind.SERIES:
            return [other for series in SERIES if word in series for other in series if other != word]
        if len(word) < 4 and kind is not SwapKind.OPPOSITE:
            return []
        lexicon = self.lexicon
        if kind is SwapKind.OPPOSITE:
            return list(_opposites().get(word, ())) or lexicon.like(word, lexicon.opposites)
        return lexicon.like(word, lexicon.siblings if kind is SwapKind.THING else lexicon.synonyms)


TURNING = {SwapKind.OPPOSITE: 6, SwapKind.NUMBER: 6, SwapKind.SERIES: 5}
THINGS = 0.25  # how often a question that allows none of these gets another thing of the same kind
_LIGHT = words("have has had having get got give gave given take took taken make made left leave known do did go went")
_COMMON = frozenset({SwapKind.OPPOSITE, SwapKind.THING, SwapKind.SAME})


def in_passage(row: Row, part: Crop, swap: Swap, answer: Span) -> tuple[Crop, Span] | None:
    """Return the crop with the swap made wherever the question's word stands, and where the answer then is.

    None where the word does not stand in the crop, or stands in the answer.
    """
    word = row.question[swap.start : swap.end]
    places = list(re.finditer(rf"(?<![\w-]){re.escape(word)}(?![\w-])", part.text))
    start, end = answer.start - part.start, answer.end - part.start
    if not places or any(place.start() < end and start < place.end() for place in places):
        return None
    growth = len(swap.other) - len(word)
    before = sum(place.end() <= start for place in places)
    text = part.text
    for place in reversed(places):
        text = text[: place.start()] + swap.other + text[place.end() :]
    moved = Span(answer.start + before * growth, answer.end + before * growth)
    return replace(part, text=text), moved


@lru_cache(maxsize=1)
def _opposites() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for pair in _OPPOSITES.split():
        left, right = pair.split("/")
        found[left] = (*found.get(left, ()), right)
        found[right] = (*found.get(right, ()), left)
    return found


def _numbers(word: str, rng: random.Random) -> list[str]:
    """Return another year, number or ordinal in digits like ``word``."""
    year, small = _YEAR.match(word), _SMALL.match(word)
    if year:
        near = [int(year.group()) + step for step in (-100, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10, 100)]
        return [f"{rng.choice([each for each in near if 1000 <= each <= 2030])}{word[year.end() :]}"]
    if small:
        value = max(1, int(small.group()) + rng.choice((-10, -5, -2, -1, 1, 2, 5, 10)))
        ending = word[small.end() :]
        if ending:
            ending = "th" if 10 <= value % 100 <= 20 else _ORDINALS.get(value % 10, "th")
        return [f"{value}{ending}"] if str(value) != small.group() else []
    return []
