"""Short articles about made-up towns, as many as a test wants: none has anything to do with the seed article."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.articles import article

if TYPE_CHECKING:
    from onrecord.index.records import Article

_BEGINNINGS = (
    "Lar",
    "Mor",
    "Tes",
    "Vil",
    "Bran",
    "Hol",
    "Quen",
    "Sel",
    "Dur",
    "Fal",
    "Gres",
    "Wen",
    "Pol",
    "Ash",
    "Kil",
)
_MIDDLES = ("ma", "ni", "do", "re", "sku", "tha", "vo", "lin", "be", "ga")
_ENDS = ("holm", "wick", "burn", "stead", "ford", "mouth", "by", "combe", "thorpe", "dale")
_PEOPLE = ("Ada", "Bruno", "Celia", "Dario", "Edda", "Fabian", "Greta", "Hugo", "Ines", "Jonas", "Karla", "Leopold")
_THINGS = (
    "bakery", "choir", "lido", "tram depot", "orchard", "library", "chess club", "lighthouse", "brass band",
    "puppet theatre", "cider press", "ice rink", "bell tower", "windmill", "skating hall", "butterfly house",
    "rowing club", "pottery", "observatory", "swimming school", "maze", "weaving mill", "fish market",
)  # fmt: skip
_SENTENCES = (
    "The {thing} of {town} opened in {year} and is run by {person}.",
    "{person} has looked after the {thing} in {town} for {count} years.",
    "In {town}, {count} people gathered when the {thing} closed for repairs in {year}.",
    "“We never expected so many visitors,” {person} said at the {thing} in {town}.",
    "The council of {town} gave {count},000 crowns to the {thing}, which {person} called a relief.",
    "{person}, who founded the {thing} in {year}, has left {town} for the coast.",
    "Visitors pay {count} crowns to see the {thing}, the oldest in {town}.",
    "A flood in {year} damaged the {thing} in {town}, and {count} volunteers cleared the mud.",
)


def unrelated(count: int) -> list[Article]:
    """So many articles of two sentences each, the same ones every time."""
    random = Random(13)
    return [_article(number, random) for number in range(count)]


def _article(number: int, random: Random) -> Article:
    town = "".join(random.choice(part) for part in (_BEGINNINGS, _MIDDLES, _ENDS))
    person = f"{random.choice(_PEOPLE)} {random.choice(_BEGINNINGS)}{random.choice(_MIDDLES)}"
    thing = random.choice(_THINGS)
    sentences = (
        each.format(
            thing=thing, town=town, person=person, year=random.randrange(1880, 2020), count=random.randrange(3, 95)
        )
        for each in random.sample(_SENTENCES, 2)
    )
    return article(f"unrelated-{number}", " ".join(sentences), title=f"The {thing} of {town}")
