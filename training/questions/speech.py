"""Questions about what somebody said, warned of or threatened, and about what happens if: news is full of both.

Question sets made from encyclopaedias hardly ask them, so they are made here: a sentence of a real passage is put in
somebody's mouth, or a warning is put together from the lists below and set between a real passage's sentences.
Conditions are asked about where they stand in real text. What a passage says of one person answers nothing about
another, and what was merely said was not threatened: both become questions without an answer.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from training.data.repair import words
from training.data.splits import Span

_SAY = ("say", "say", "state", "claim", "tell reporters", "argue")
_WARN = ("threaten", "threaten", "threaten to do", "warn", "warn of", "say would happen")
_SAID = ("said", "told reporters", "added", "stated", "argued", "claimed")
_WARNED = ("warned", "threatened", "said", "told reporters", "vowed", "cautioned")
_GROUPS = """
the union/the strikers/the ministry/the rebels/the militia/the bank/the council/the airline/the club/the regulator
the army
the fishermen/the coalition/the government/the company/the opposition/the hackers/the parents/the movement/the teachers
"""
_NAMES = """
Adams/Baker/Haddad/Kowalski/Moreno/Okafor/Petrov/Rossi/Sato/Tan/Weber/Yilmaz/Zhang/Nasser/Lindqvist/Osei/Karimi/Dubois/Iyer
al-Masri/Novak/Silva/Ramos/Hussein/Byrne/Costa/Fischer/Khan/Larsen/Mbeki/al-Amin/Torres/Ueda/Vargas/Walsh
"""
_FIRST = "Ana/Omar/Lena/Ivan/Grace/Yusuf/Marta/David/Aisha/Peter/Mina/Carlos/Ruth/Hassan/Eva/Tom/Leila/Jan"
_ROLES = "Mr./Minister/Sheikh/Senator/Mayor/General/President/Commander/Professor/Bishop"
_ACTS = """
respond to {the}/close {the}/strike {the}/attack {the}/boycott {the}/block {the}/shut down {the}/retaliate against {the}
sue {the}/abandon {the}/cut funding for {the}/seize {the}/withdraw from {the}/target {the}/stop all work on {the}
march on {the}/impose sanctions on {the}/take control of {the}/expel {the}/burn {the}/stop paying {the}
walk out of {the}
"""
_THINGS = """
warehouses/harbour/border crossings/pipeline/factory/airports/talks/treaty/ships/embassy/roads/power stations
agreement/schools
occupied towns/suppliers/oil fields/railway/hospitals/offices/bridge/ministry/mine/rival clubs/election
"""
_OUTCOMES = """
there would be {grave} consequences/they would pay a {heavy} price/thousands of jobs would be lost
the plant would have to close/prices would rise sharply/it would mean war/blood would be spilled
nobody would be safe/riots would follow/the whole city would burn/many would lose their homes
the deal would collapse/more people would die/they would face a {heavy} response/the protests would continue
"""
_CONDITIONS = """
the talks fail/the demands are not met/the law is passed/the army does not withdraw/the raids continue
the deadline is missed/the water is cut off/wages are not raised/the prisoners are not released
the blockade goes on/the ceasefire is broken/the dam is built/the border stays closed/the agreement is not kept
the timetable is not kept/the camp remains/the plant is not repaired/the vote is delayed
"""
_PARAPHRASES = {
    "the army does not withdraw": "the soldiers stay",
    "the demands are not met": "nobody gives in to the demands",
    "the deadline is missed": "it is not done on time",
    "the talks fail": "no agreement is reached",
    "wages are not raised": "there is no pay rise",
    "the timetable is not kept": "it is behind schedule",
    "the blockade goes on": "the blockade is not lifted",
    "the camp remains": "the camp is not cleared",
    "the agreement is not kept": "they break the agreement",
    "the water is cut off": "somebody cuts off the water",
}
_CONDITION = re.compile(r"^If (?P<if>[^,\"“”;:]{12,90}), (?:then )?(?P<what>[^\"“”;?]{16,160}?)[.!]?$")
_OPENERS = words("He She They It We You I This That These Those There What When If However But And Or So")


@dataclass(frozen=True, slots=True)
class Reported:
    """A passage with a question about it; ``answer`` is None where the passage does not answer."""

    question: str
    passage: str
    answer: Span | None


def condition(text: str, sentence: Span, rng: random.Random) -> tuple[str, Span] | None:
    """Return a question about what happens on a condition that the sentence begins with, and the span that says it."""
    found = _CONDITION.match(text[sentence.start : sentence.end])
    if found is None or len(found["what"].split()) < 4:
        return None
    asked = rng.choice(("What will happen if", "What happens if", "What would happen if", "what happens if"))
    span = Span(sentence.start + found.start("what"), sentence.start + found.end("what"))
    return f"{asked} {found['if']}?", span


def reported(sentences: list[str], rng: random.Random) -> Iterator[Reported]:
    """Yield questions on what somebody says in a short passage made of the given sentences."""
    speaker, other = _speaker(rng), _speaker(rng)
    if rng.random() < 0.6:
        told, verbs, topic = _warning(speaker, rng)
    else:
        quotable = [s for s in sentences if 5 <= len(s.split()) <= 28 and s.split()[0] not in _OPENERS and '"' not in s]
        if not quotable:
            return
        said = rng.choice(quotable)
        sentences = [sentence for sentence in sentences if sentence is not said]
        told, verbs, topic = _statement(speaker, said.rstrip(".!? "), rng), _SAY, None
    place = rng.randint(0, len(sentences))
    before = "".join(f"{sentence} " for sentence in sentences[:place])
    after = "".join(f" {sentence}" for sentence in sentences[place:])
    passage = before + told.text + after
    answer = Span(len(before) + told.answer.start, len(before) + told.answer.end)
    name = _asked_as(speaker, rng)
    yield Reported(_question(name, rng.choice(verbs), rng), passage, answer)
    if topic and rng.random() < 0.7:
        yield Reported(rng.choice((f"What will happen if {topic}?", f"what would happen if {topic}?")), passage, answer)
    stranger = _asked_as(other, rng)
    if rng.random() < 0.35 and stranger not in passage:
        yield Reported(_question(stranger, rng.choice(verbs), rng), passage, None)
    if verbs is _SAY and rng.random() < 0.35:
        yield Reported(
            _question(name, rng.choice(("threaten", "threaten to do", "warn of", "deny")), rng), passage, None
        )


@dataclass(frozen=True, slots=True)
class _Told:
    text: str
    answer: Span


def _warning(speaker: str, rng: random.Random) -> tuple[_Told, tuple[str, ...], str | None]:
    clause = rng.choice(_options(_OUTCOMES)).format(
        grave=_grave(rng), heavy=rng.choice(("heavy", "terrible", "bitter"))
    )
    act = rng.choice(_options(_ACTS)).format(the=f"the {rng.choice(_options(_THINGS))}")
    threat = rng.choice((f"they would {act}", f"it would {act}", clause, clause))
    when = rng.choice(_options(_CONDITIONS)) if rng.random() < 0.75 else None
    verb = rng.choice(_WARNED)
    if rng.random() < 0.5:  # direct speech, the condition first or last, the attribution before, after or between
        threat = (f"we will {act}" if rng.random() < 0.6 else clause).replace("would", "will")
        if when and rng.random() < 0.5:
            text = f"“If {when},” {speaker} {verb}, “{threat}.”"
        elif when:
            text = f"“{_upper(threat)} if {when},” {speaker} {verb}."
        else:
            text = rng.choice(
                (f"“{_upper(threat)},” {speaker} {verb}.", f"{_upper(speaker)} {verb}: “{_upper(threat)}.”")
            )
    elif verb in ("threatened", "vowed") and rng.random() < 0.6:
        threat = f"to {act}"
        text = f"{_upper(speaker)} {verb} {threat}{f' if {when}' if when else ''}."
    elif when and rng.random() < 0.5:
        text = f"{_upper(speaker)} {verb} that if {when}, {threat}."
    else:
        text = f"{_upper(speaker)} {verb} that {threat}{f' if {when}' if when else ''}."
    start = text.lower().index(threat.lower())
    topic = (_PARAPHRASES.get(when, when) if rng.random() < 0.5 else when) if when else None
    return _Told(text, Span(start, start + len(threat))), _WARN, topic


def _statement(speaker: str, said: str, rng: random.Random) -> _Told:
    verb = rng.choice(_SAID)
    inside = said[0].lower() + said[1:] if said.startswith(("The ", "A ", "An ")) else said
    text = rng.choice(
        (
            f"“{said},” {speaker} {verb}.",
            f"“{said},” {verb.replace('told reporters', 'said')} {speaker}.",
            f"{_upper(speaker)} {verb}: “{said}.”",
            f"{_upper(speaker)} {verb} that {inside}.",
        )
    )
    start = text.lower().index(said.lower())
    return _Told(text, Span(start, start + len(said)))


def _speaker(rng: random.Random) -> str:
    draw = rng.random()
    name = rng.choice(_options(_NAMES))
    if draw < 0.3:
        return rng.choice(_options(_GROUPS))
    if draw < 0.6:
        return f"{rng.choice(_options(_FIRST))} {name}"
    return f"{rng.choice(_options(_ROLES))} {name}" if draw < 0.8 else name


def _asked_as(speaker: str, rng: random.Random) -> str:
    last = speaker.rpartition(" ")[2]
    return last if (last[0].isupper() and rng.random() < 0.6) or last.startswith("al-") else speaker


def _question(name: str, verb: str, rng: random.Random) -> str:
    return f"{'what' if rng.random() < 0.4 else 'What'} did {name} {verb}?"


def _grave(rng: random.Random) -> str:
    return rng.choice(("grave", "serious", "severe", "dire"))


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _options(listed: str) -> list[str]:
    return [option.strip() for line in listed.strip().splitlines() for option in line.split("/")]
