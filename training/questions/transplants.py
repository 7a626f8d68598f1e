"""Questions about one named thing asked of another: “Where was Asadi born?” of a passage that only quotes him.

A passage that names somebody draws every question about them, and answers few. Questions that name exactly one thing
serve as patterns; the name is replaced by one that the passage speaks of, and the question is kept only where the
passage says none of the pattern's other words.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training.data.repair import content_words, words
from training.data.splits import Row
from training.questions.traps import question_entities

_MOST_WORDS = 11
_MOST_ASKED = 2
_COMMON = 12  # so many patterns must ask with a word, lest it belong to one subject
_NAME = re.compile(r"(?<=[a-z,;] )(?:[A-Z][\w’-]+)(?: (?:[A-Z][\w’-]+|of(?= [A-Z])))*")
_NO_NAME = words("I The A An Mr Mrs Ms Dr January February March April May June July August September October November"
                 " December Monday Tuesday Wednesday Thursday Friday Saturday Sunday")  # fmt: skip
_OPENING = words("who what when where which how why whose whom is was did does do are were")
_VAGUE = words("name called type kind many much some another other first last new one two type")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A question around a name: ``before`` and ``after`` it, with the content words that stand beside the name."""

    before: str
    after: str
    asks: frozenset[str]


def patterns(rows: Iterable[Row]) -> list[Pattern]:
    """Return the patterns of short questions that name exactly one thing, each once."""
    found: dict[tuple[str, str], Pattern] = {}
    for row in rows:
        names = question_entities(row.question)
        if len(names) != 1 or len(row.question.split()) > _MOST_WORDS:
            continue
        start, end, _ = names[0]
        before, after = row.question[:start], row.question[end:]
        asks = frozenset(content_words(f"{before} {after}") - _VAGUE - _OPENING)
        if asks and before.split()[0].lower() in _OPENING and not re.search(r"\d|\"", before + after):
            found.setdefault((before, after), Pattern(before, after, asks))
    return list(found.values())


class Transplants:
    """Asks patterns of passages, at random from one seed."""

    def __init__(self, known: Sequence[Pattern], rng: random.Random) -> None:
        common = Counter(word for pattern in known for word in pattern.asks)
        self._rng = rng
        self._patterns = [
            pattern
            for pattern in known
            if len(pattern.asks) <= _MOST_ASKED and all(common[word] >= _COMMON for word in pattern.asks)
        ]

    def ask(self, passage: str) -> str | None:
        """Return a question on a name of the passage that the passage does not answer, or None for want of one."""
        names: list[str] = [name for name in _NAME.findall(passage) if name not in _NO_NAME and len(name) > 2]
        if not names or not self._patterns:
            return None
        name = self._rng.choice(names)
        said = {word[:5] for word in content_words(passage)}
        for pattern in self._rng.sample(self._patterns, min(6, len(self._patterns))):
            if not any(asked[:5] in said for asked in pattern.asks):
                return pattern.before + name + pattern.after
        return None
