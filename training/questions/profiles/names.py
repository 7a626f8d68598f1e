"""Names and values, drawn at random: ``<person>``, ``<year 1900 1950>``, ``<num 10 90>``, ``<one a|b>`` and so on."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_SLOT = re.compile(r"<(\w+) ?([^>]*)>")
_NEAR_ENDS = ("e", "s", "a", "er", "sen", "ov", "i")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a pattern with what was drawn for its slots. ``article``: it is said with "the" before it."""

    pattern: str
    parts: tuple[str, ...]

    @property
    def article(self) -> bool:
        """Say whether the name takes "the"."""
        return self.pattern.startswith("the ")

    @property
    def bare(self) -> str:
        """Return the name without its article."""
        parts = iter(self.parts)
        return _SLOT.sub(lambda _: next(parts), self.pattern.removeprefix("the "))

    @property
    def full(self) -> str:
        """Return the name as it is said in a sentence."""
        return f"the {self.bare}" if self.article else self.bare


def named(pattern: str, rng: random.Random) -> Name:
    """Draw a name."""
    return Name(pattern, tuple(_draw(slot, rng) for slot in _SLOT.finditer(pattern)))


def sibling(name: Name, rng: random.Random) -> Name:
    """Return a name that differs in one part, now and then only in that part's last letters."""
    parts = list(name.parts)
    slots = list(_SLOT.finditer(name.pattern))
    at = rng.randrange(len(parts))
    while parts[at] == name.parts[at]:
        if slots[at][1] in ("last", "place") and rng.random() < 0.25:
            parts[at] += rng.choice(_NEAR_ENDS)
        else:
            parts[at] = _draw(slots[at], rng)
    return Name(name.pattern, tuple(parts))


def fill(pattern: str, rng: random.Random) -> str:
    """Replace every slot by something drawn."""
    return re.sub(r"\b([Aa]) (?=[AEIOUaeiou])", r"\1n ", _SLOT.sub(lambda slot: _draw(slot, rng), pattern))


def person_name(rng: random.Random, *, woman: bool) -> str:
    """Return a first and a last name."""
    return f"{rng.choice(_lists()['women' if woman else 'men'])} {last_name(rng)}"


@cache
def women() -> frozenset[str]:
    """Return the first names of women."""
    return frozenset(_lists()["women"])


def last_name(rng: random.Random) -> str:
    """Return a family name, from a list or from syllables."""
    lists = _lists()
    if rng.random() < 0.6:
        return rng.choice(lists["last"])
    return rng.choice(lists["opening"]) + rng.choice(lists["last_end"])


def place_name(rng: random.Random) -> str:
    """Return a place of one to three words that no map has, or hardly."""
    lists = _lists()
    core = rng.choice(lists["opening"]) + rng.choice(lists["place_end"])
    chance = rng.random()
    if chance < 0.18:
        return f"{rng.choice(lists['place_before'])} {core}"
    if chance < 0.26:
        return f"{core} {rng.choice(lists['place_after'])}"
    return core


def _draw(slot: re.Match[str], rng: random.Random) -> str:
    kind, rest = str(slot[1]), str(slot[2])
    match kind:
        case "one":
            return rng.choice(rest.split("|"))
        case "year":
            low, high = map(int, rest.split())
            return str(rng.randint(low, high))
        case "num":
            low, high = map(int, rest.split())
            return _number(rng.randint(low, high), rng)
        case "int":
            low, high = map(int, rest.split())
            return str(rng.randint(low, high))
        case "dec":
            low, high = map(int, rest.split())
            return f"{rng.randint(low, high)}.{rng.randint(1, 9)}"
        case _:
            return _OTHERS[kind](rng) if kind in _OTHERS else rng.choice(_lists()[kind])


def _number(number: int, rng: random.Random) -> str:
    small = _lists()["small"]
    if number < len(small) and rng.random() < 0.6:
        return small[number]
    if number > 2000 and rng.random() < 0.5:
        number = round(number, -2)
    return f"{number:,}" if rng.random() < 0.75 else str(number)


def _date(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.choice(_lists()["month"]), rng.randint(1950, 2023)
    return rng.choice((f"{day} {month} {year}", f"{month} {day}, {year}", f"{day} {month}"))


def _money(rng: random.Random) -> str:
    sign = rng.choice("£$€")
    if rng.random() < 0.25:
        return f"{sign}{rng.randint(20, 990)},{rng.choice(('000', '500'))}"
    amount = rng.choice((f"{rng.randint(1, 9)}.{rng.randint(1, 9)}", str(rng.randint(2, 90))))
    return sign + amount + rng.choice((" million", "m", " million"))


def _price(rng: random.Random) -> str:
    return rng.choice("£$€") + str(rng.randint(4, 400))


def _time(rng: random.Random) -> str:
    hour, minute = rng.randint(1, 12), rng.choice(("", "", ".15", ".30", ":45", ":30"))
    return f"{hour}{minute} {rng.choice(('am', 'pm', 'a.m.', 'p.m.'))}"


def _percent(rng: random.Random) -> str:
    amount = rng.choice((str(rng.randint(2, 96)), f"{rng.randint(1, 60)}.{rng.randint(1, 9)}"))
    return amount + rng.choice((" per cent", "%", " percent"))


def _score(rng: random.Random) -> str:
    first, second = rng.sample(range(6), 2)
    return f"{max(first, second)}{rng.choice('–-')}{min(first, second)}"


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    table = yaml.safe_load((Path(__file__).parent / "names.yaml").read_text(encoding="utf-8"))
    return {name: tuple(part.strip() for part in block.split(",")) for name, block in table.items()}


_OTHERS: dict[str, Callable[[random.Random], str]] = {
    "last": last_name,
    "double": lambda rng: f"{last_name(rng)}-{last_name(rng)}",
    "place": place_name,
    "club": lambda rng: f"{place_name(rng)} {rng.choice(('United', 'Rovers', 'Athletic', 'Wanderers', 'Town'))}",
    "person": lambda rng: person_name(rng, woman=rng.random() < 0.5),
    "first": lambda rng: rng.choice(_lists()[rng.choice(("women", "men"))]),
    "woman": lambda rng: rng.choice(_lists()["women"]),
    "man": lambda rng: rng.choice(_lists()["men"]),
    "date": _date,
    "money": _money,
    "price": _price,
    "time": _time,
    "pct": _percent,
    "score": _score,
}
