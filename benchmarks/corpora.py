"""Articles in any number, made from word lists of our own: plain news prose, each about other people and places."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from onrecord.index.records import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

_STARTS = [
    "Al",
    "Bren",
    "Cor",
    "Dal",
    "El",
    "Far",
    "Gor",
    "Hal",
    "Il",
    "Jor",
    "Kel",
    "Lar",
    "Mor",
    "Nor",
    "Os",
    "Pel",
    "Quin",
    "Ros",
    "Sol",
    "Tam",
    "Ul",
    "Var",
    "Wen",
    "Yar",
    "Zel",
]
_ENDS = [
    "holm",
    "wick",
    "ford",
    "by",
    "stead",
    "mouth",
    "dale",
    "ham",
    "ton",
    "bury",
    "garth",
    "ness",
    "field",
    "haven",
    "port",
]
_FIRST = [
    "Ada",
    "Bela",
    "Carl",
    "Dina",
    "Emil",
    "Fara",
    "Goran",
    "Hana",
    "Ivo",
    "Jana",
    "Karl",
    "Lena",
    "Milo",
    "Nora",
    "Otto",
    "Petra",
    "Remy",
    "Sara",
    "Tarek",
    "Vera",
]
_LAST = [
    "Alder",
    "Berg",
    "Castro",
    "Dahl",
    "Evans",
    "Faris",
    "Grant",
    "Hale",
    "Imani",
    "Jensen",
    "Kovac",
    "Lund",
    "Meyer",
    "Novak",
    "Okoro",
    "Petrov",
    "Quist",
]
_BODIES = [
    "council",
    "port authority",
    "school board",
    "water company",
    "court",
    "ministry",
    "hospital",
    "union",
    "museum",
    "bank",
]
_THINGS = [
    "bridge",
    "ferry",
    "reservoir",
    "library",
    "tram line",
    "market hall",
    "power station",
    "clinic",
    "archive",
    "harbour wall",
    "orchard",
    "lighthouse",
    "stadium",
    "theatre",
    "railway yard",
    "flood gate",
    "fish market",
    "observatory",
    "paper mill",
    "cable car",
]
_DID = [
    "closed",
    "rebuilt",
    "sold",
    "inspected",
    "opened",
    "insured",
    "surveyed",
    "fenced off",
    "repainted",
    "handed over",
    "measured",
    "rented out",
]
_WHY = [
    "after cracks were found",
    "because the money ran out",
    "before the winter storms",
    "under an agreement with its neighbours",
    "against the advice of its engineers",
    "at the request of residents",
    "in spite of two lawsuits",
    "as part of a wider plan",
    "following a vote that nobody had expected",
    "once the last objections were withdrawn",
]
_SENTENCES = (
    "The {body} of {place} {did} the {thing} on {day} {why}.",
    "{person}, who speaks for the {body}, said that {number} people in {place} would be affected.",
    "“We have waited {number} days for the {thing}, and we will not wait longer,” said {person} in {place}.",
    "The work is expected to cost {number} million crowns, of which the {body} of {place} pays a third.",
    "In {year} a fire had destroyed the old {thing}, and {person} led the inquiry into it.",
    "Visitors from {place} will have to use the {thing} near {other} until {day}.",
    "{person} of the {body} called the report on the {thing} “careful, late and {number} pages too long”.",
    "According to the {body}, the {thing} in {place} was last {did} in {year} {why}.",
    "Neither {person} nor the {body} of {other} answered questions about the {thing}.",
    "The {thing} stands {number} metres from the road that joins {place} and {other}.",
)


def articles(count: int, *, seed: int = 7, paragraphs: int = 5) -> Iterator[Article]:
    """Make articles that are the same for the same seed, each with a dateless headline and `paragraphs` paragraphs."""
    for number in range(count):
        chance = random.Random(f"{seed} {number}")  # noqa: S311 - the same each time, not secret
        place, thing = _place(chance), chance.choice(_THINGS)
        title = f"{place} and its {thing}: what the {chance.choice(_BODIES)} decided"
        text = "\n\n".join([title, *(_paragraph(chance, place, thing) for _ in range(paragraphs))])
        published = date(2020, 1, 1) + timedelta(days=chance.randrange(1800))
        yield Article.create(source=f"made:{number}", text=text, title=title, published=published)


def questions(count: int, *, seed: int = 11) -> list[str]:
    """Make questions of the kind that people would ask such articles."""
    chance = random.Random(seed)  # noqa: S311 - the same each time, not secret
    asked = (
        "Who said that the {thing} in {place} was closed?",
        "How much does the work on the {thing} of {place} cost?",
        "When was the {thing} near {place} last inspected?",
        "What did {person} say about the {thing}?",
    )
    return [_filled(chance, chance.choice(asked), _place(chance), chance.choice(_THINGS)) for _ in range(count)]


def _paragraph(chance: random.Random, place: str, thing: str) -> str:
    chosen = chance.sample(_SENTENCES, chance.randint(2, 3))
    return " ".join(_filled(chance, sentence, place, thing) for sentence in chosen)


def _filled(chance: random.Random, sentence: str, place: str, thing: str) -> str:
    return sentence.format(
        place=chance.choice((place, place, _place(chance))),
        other=_place(chance),
        thing=chance.choice((thing, thing, chance.choice(_THINGS))),
        body=chance.choice(_BODIES),
        did=chance.choice(_DID),
        why=chance.choice(_WHY),
        person=f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
        day=f"{chance.randint(1, 28)} {chance.choice(('March', 'May', 'June', 'August', 'October'))}",
        number=chance.randint(2, 990),
        year=chance.randint(1890, 2019),
    )


def _place(chance: random.Random) -> str:
    return chance.choice(_STARTS) + chance.choice(_ENDS)
