"""A passage on one subject or two: its sentences in random order, its subject by name, noun or pronoun."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from training.data.splits import Span
from training.questions.profiles.kinds import Fact, Kind, generic
from training.questions.profiles.names import Name, fill, women

FILLER = 0.28
_MARK = re.compile(r"\{([SPOv])\}")
_PRONOUNS = {"it": ("it", "its", "it"), "she": ("she", "her", "her"), "he": ("he", "his", "him")}


class Subject:
    """Somebody or something with a name and, drawn when it is first told, a value for each fact."""

    def __init__(self, name: Name, kind: Kind, rng: random.Random) -> None:
        self.name = name
        self.kind = kind
        self.pronoun = "it"
        if kind.person:
            self.pronoun = "she" if name.parts[0] in women() else "he"
        self._rng = rng
        self.values: dict[str, str] = {}

    def value(self, fact: Fact, other: "Subject | None" = None) -> str:
        """Return what is so of this subject; never what is so of the other, nor what another fact says already."""
        if fact.name not in self.values:
            taken = set(self.values.values()) | ({other.values.get(fact.name, "")} if other else set())
            for _ in range(20):
                self.values[fact.name] = fill(self._rng.choice(fact.value), self._rng)
                if self.values[fact.name] not in taken:
                    break
        return self.values[fact.name]


@dataclass(frozen=True, slots=True)
class Told:
    """A subject with the facts that a passage tells of it."""

    subject: Subject
    facts: Sequence[Fact]


def said(form: str, name: Name) -> str:
    """Return a name in a form of the table, as ``the match between {0} and {1}``."""
    whole = name.full if form == "{n}" else form.replace("{n}", name.bare)
    for number, part in enumerate(name.parts):
        whole = whole.replace(f"{{{number}}}", part)
    return whole


class Teller:
    """Puts facts into sentences, and knows where each value came to stand."""

    def __init__(self, kind: Kind, rng: random.Random) -> None:
        self._kind = kind
        self._rng = rng
        self._text = ""
        self._spans: dict[tuple[int, str], Span] = {}

    def span(self, subject: Subject, fact: Fact) -> Span:
        """Return where the value of a fact stands in the passage told last."""
        return self._spans[id(subject), fact.name]

    def lead(self, subject: Subject) -> str:
        """Return a sentence that says what the subject is."""
        return self._plain(fill(self._rng.choice(self._kind.leads), self._rng), subject, "")

    def plain(self, subject: Subject, fact: Fact) -> str:
        """Return a sentence with the subject's name that tells a fact."""
        return self._plain(self._rng.choice(fact.tell), subject, subject.value(fact))

    def tell(self, first: Told, second: Told | None, *, nameless: bool) -> str:
        """Return a passage on one subject or two; ``nameless``: it does not name the first."""
        rng = self._rng
        self._text = ""
        blocks = [first] if second is None else [first, second]
        if second is not None and not nameless and rng.random() < 0.35:
            blocks.reverse()
        for number, block in enumerate(blocks):
            subject, told = block.subject, list(block.facts)
            without = nameless and block is first
            other = next((each.subject for each in blocks if each is not block), None)
            rng.shuffle(told)
            for place, fact in enumerate(told):
                if rng.random() < FILLER and (place or number):
                    self._append(self._filler(subject), None, subject, "")
                how = self._how(subject, place, nameless=without)
                wording = rng.choice(fact.tell)
                if how == "it" and "{O}" in wording:  # nobody checks in "at it"
                    how = rng.choice(self._kind.nouns)
                if number and not place and rng.random() < 0.4:
                    wording = f"{rng.choice(generic()['turns'])} {wording[0].lower()}{wording[1:]}"
                self._append(wording, fact, subject, how, other)
            if rng.random() < FILLER / 2 and (place or not without):
                self._append(self._filler(subject), None, subject, "")
        return self._text

    def _filler(self, subject: Subject) -> str:
        rng = self._rng
        lines = generic()["filler"]
        if self._kind.person and rng.random() < 0.5:
            lines = generic()["person_filler"]
        elif self._kind.filler and rng.random() < 0.5:
            lines = self._kind.filler
        return rng.choice([line for line in lines if line not in self._text] or lines).replace("{S}", subject.pronoun)

    def _how(self, subject: Subject, place: int, *, nameless: bool) -> str:
        rng = self._rng
        noun = rng.choice(self._kind.nouns)
        if place == 0:
            if not nameless:
                return said(rng.choice(self._kind.said), subject.name)
            return subject.pronoun if rng.random() < 0.35 else noun
        if self._kind.person and not nameless and rng.random() < 0.35:
            return subject.name.parts[-1]
        if not nameless and rng.random() < 0.15:
            return said(rng.choice(self._kind.said), subject.name)
        return subject.pronoun if rng.random() < 0.6 else noun

    def _plain(self, template: str, subject: Subject, value: str) -> str:
        text, _ = _rendered(template, said(self._rng.choice(self._kind.said), subject.name), value)
        return text

    def _append(
        self, template: str, fact: Fact | None, subject: Subject, how: str, other: Subject | None = None
    ) -> None:
        value = subject.value(fact, other) if fact else ""
        if self._text:
            self._text += "\n\n" if self._rng.random() < 0.08 else " "
        text, at = _rendered(template, how, value)
        if fact is not None:
            self._spans[id(subject), fact.name] = Span(len(self._text) + at, len(self._text) + at + len(value))
        self._text += text


def _rendered(template: str, how: str, value: str) -> tuple[str, int]:
    """Return the sentence and where the value stands in it; who is named once is a pronoun after that."""
    parts: list[str] = []
    length, at = 0, 0
    last = 0
    for mark in _MARK.finditer(template):
        before = template[last : mark.start()]
        piece = value if mark[1] == "v" else _case(how, mark[1])
        if not length + len(before):
            piece = piece[0].upper() + piece[1:]
        length += len(before)
        if mark[1] == "v":
            at = length
        parts += [before, piece]
        length += len(piece)
        last = mark.end()
    rest = template[last:]
    text = "".join([*parts, rest[1:] if parts[-1:] and parts[-1].endswith(".") and rest == "." else rest])
    text = text[0].upper() + text[1:]
    return text, at


def _case(how: str, mark: str) -> str:
    if how in _PRONOUNS:
        return _PRONOUNS[how]["SPO".index(mark)]
    return f"{how}'s" if mark == "P" else how
