"""Examples from the tables: a passage on one subject or two, and a question on one of them or on another."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.data.packed import Example
from training.data.repair import typographic
from training.data.splits import Span
from training.questions.profiles.kinds import Fact, Kind, generic, kinds
from training.questions.profiles.names import Name, named, sibling
from training.questions.profiles.telling import Subject, Teller, Told, said

PROFILE_KINDS = ("profile", "profile_absent", "profile_other", "profile_untold")
SHARES = (0.42, 0.22, 0.18, 0.18)
TYPED, KEYED, TITLED, LED, CURLED = 0.2, 0.12, 0.85, 0.4, 0.3
NAMELESS, NAMELESS_TITLE, TWO, SAME_FACT, NEAR, STRANGER_KIND, RETITLED = 0.45, 0.12, 0.35, 0.5, 0.6, 0.2, 0.5


@dataclass(frozen=True, slots=True)
class Setting:
    """How a passage is set: under which title and lead, and whether it names its subject itself."""

    title: str
    lead: str
    nameless: bool


def profile_examples(count: int, seed: int) -> Iterator[Example]:
    """Yield examples of every kind in ``SHARES``; the same count and seed give the same examples."""
    maker = _Maker(random.Random(seed))
    for _ in range(count):
        yield maker.example()


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def example(self) -> Example:
        """Make one; what cannot be told without giving two answers is drawn again."""
        (outcome,) = self._rng.choices(PROFILE_KINDS, SHARES)
        while True:
            kind = self._rng.choice(kinds())
            fact = self._rng.choice(kind.facts)
            made = self._try(outcome, kind, fact)
            if made is not None:
                return made

    def _try(self, outcome: str, kind: Kind, fact: Fact) -> Example | None:
        """Return an example, or None where a name that was to be absent is there."""
        rng = self._rng
        first, second = self._subjects(kind)
        retitled = outcome == "profile_other" and rng.random() < RETITLED
        two = rng.random() < TWO or (outcome == "profile_other" and not retitled)
        setting = self._setting(first, nameless=retitled or rng.random() < NAMELESS)
        asked, other = (second, first) if two and rng.random() < 0.5 else (first, second)
        own = [fact] if outcome in ("profile", "profile_absent") or retitled else []
        shared = outcome == "profile_other" or (outcome != "profile_untold" and rng.random() < SAME_FACT)
        theirs = [fact] if two and shared else []
        free = self._shared_out(own, theirs, [each for each in kind.facts if each is not fact], two=two)
        setting = self._led(setting, first, free)
        told = {id(asked): own, id(other): theirs}
        teller = Teller(kind, rng)
        also = Told(second, told[id(second)]) if two else None
        passage = teller.tell(Told(first, told[id(first)]), also, nameless=setting.nameless)
        about = asked.name
        if retitled:
            setting = self._strange_setting(kind, first)
        elif outcome == "profile_absent":
            about = sibling(about, rng) if rng.random() < NEAR else named(rng.choice(kind.names), rng)
        called = self._called(kind, about, first.name if first.name != about else second.name)
        if outcome == "profile_absent" or retitled:
            text = f"{setting.title}\n{setting.lead}\n{passage}".lower()
            if _stands(about, kind, text) or _within(called.removeprefix("the "), text):
                return None
        answer = teller.span(asked, fact) if outcome == "profile" else None
        return self._dressed(outcome, self._question(called, about, fact), setting, passage, answer)

    def _shared_out(self, own: list[Fact], theirs: list[Fact], free: list[Fact], *, two: bool) -> list[Fact]:
        """Give each subject facts until the passage is long enough, at least one each; return those left over."""
        rng = self._rng
        rng.shuffle(free)
        size = rng.randint(2, 5)
        while len(own) + len(theirs) < size or not own or (two and not theirs):
            to_other = two and own and (not theirs or (len(theirs) < 2 and rng.random() < 0.4))
            (theirs if to_other else own).append(free.pop())
        return free

    def _subjects(self, kind: Kind) -> tuple[Subject, Subject]:
        rng = self._rng
        name = named(rng.choice(kind.names), rng)
        while True:
            other = sibling(name, rng) if rng.random() < 0.4 else named(rng.choice(kind.names), rng)
            if not _meet(name, other) and not (kind.person and name.parts[-1] == other.parts[-1]):
                return Subject(name, kind, rng), Subject(other, kind, rng)

    def _setting(self, subject: Subject, *, nameless: bool) -> Setting:
        rng = self._rng
        lead = "?" if rng.random() < LED else ""
        title = ""
        if rng.random() < TITLED:
            plain = rng.random() < NAMELESS_TITLE and (lead or not nameless)
            chosen = rng.choice(generic()["titles"] if plain else subject.kind.titles)
            title = said(chosen.replace("{n}", subject.name.bare), subject.name)
        return Setting(title, lead, nameless and bool(title or lead))

    def _led(self, setting: Setting, subject: Subject, free: Sequence[Fact]) -> Setting:
        if not setting.lead:
            return setting
        rng = self._rng
        teller = Teller(subject.kind, rng)
        sentences = [teller.lead(subject)]
        if free and rng.random() < 0.4:
            sentences.append(teller.plain(subject, free[0]))
            if rng.random() < 0.3:
                sentences.reverse()
        return Setting(setting.title, " ".join(sentences), setting.nameless)

    def _strange_setting(self, kind: Kind, subject: Subject) -> Setting:
        """Return another subject's title or lead, that of another kind now and then."""
        rng = self._rng
        if rng.random() < STRANGER_KIND:
            kind = rng.choice(kinds())
            near = named(rng.choice(kind.names), rng)
        else:
            near = sibling(subject.name, rng) if rng.random() < NEAR else named(rng.choice(kind.names), rng)
        other = Subject(near, kind, rng)
        while True:
            setting = self._setting(other, nameless=True)
            if setting.title or setting.lead:
                return self._led(setting, other, ())

    def _called(self, kind: Kind, about: Name, other: Name) -> str:
        """Return what the question calls its subject: now and then a person's last name alone, if it is clear."""
        if kind.person and other.parts[-1] != about.parts[-1] and self._rng.random() < 0.15:
            return about.parts[-1]
        return said(self._rng.choice(kind.asked), about)

    def _question(self, name: str, about: Name, fact: Fact) -> str:
        rng = self._rng
        if rng.random() < KEYED:
            key = rng.choice(fact.keys)
            plain = name.removeprefix("the ")
            typed = rng.choice((f"{plain} {key}", f"{key} {plain}", f"{plain} {key}", f"{key} of {name}"))
            return typed.lower() if rng.random() < 0.8 else typed
        owner = name + ("'" if name.endswith("s") and rng.random() < 0.5 else "'s")
        question = rng.choice(fact.ask).replace("{S}", name).replace("{P}", owner).replace("{O}", name)
        question = question[0].upper() + question[1:]
        if rng.random() < TYPED:
            question = question.lower().rstrip("?")
            question = (
                question.replace(f"the {about.bare.lower()}", about.bare.lower()) if rng.random() < 0.4 else question
            )
        return question

    def _dressed(self, outcome: str, question: str, setting: Setting, passage: str, answer: Span | None) -> Example:
        curl = typographic if self._rng.random() < CURLED else str
        return Example(outcome, question, curl(setting.title), curl(setting.lead), curl(passage), answer)


def _stands(name: Name, kind: Kind, folded: str) -> bool:
    forms = {"{n}", *kind.said, *kind.asked}
    return any(_within(said(form, name).removeprefix("the "), folded) for form in forms)


def _meet(one: Name, other: Name) -> bool:
    return _within(one.bare, other.bare.lower()) or _within(other.bare, one.bare.lower())


def _within(name: str, folded: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", folded) is not None
