"""Kinds of subjects, as the tables beside this module tell them.

A table is YAML: kinds by name. Blocks of text are one wording a line. In a wording ``{S}`` stands for the subject,
``{P}`` for its possessive, ``{O}`` for it as an object, ``{v}`` for the value; ``<…>`` is drawn (see ``names``).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Fact:
    """What can be told and asked of a subject. ``keys``: what is typed beside the name in a search box."""

    name: str
    value: tuple[str, ...]
    keys: tuple[str, ...]
    tell: tuple[str, ...]
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of subjects. ``person``: they are called he or she; ``forms``: how a name of several parts is said.

    ``{n}`` in a form is the whole name, ``{0}``, ``{1}`` … what was drawn for its parts.
    """

    name: str
    person: bool
    nouns: tuple[str, ...]
    names: tuple[str, ...]
    titles: tuple[str, ...]
    leads: tuple[str, ...]
    said: tuple[str, ...]
    asked: tuple[str, ...]
    filler: tuple[str, ...]
    facts: tuple[Fact, ...]


@cache
def kinds() -> tuple[Kind, ...]:
    """Return every kind of every table, in the order of the files' names."""
    return tuple(
        _kind(name, table)
        for path in sorted(_TABLES.glob("*.yaml"))
        for name, table in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    )


@cache
def generic() -> dict[str, tuple[str, ...]]:
    """Return the wordings that fit every kind: fillers, titles that name nothing, words that turn to another."""
    table = yaml.safe_load((_TABLES.parent / "generic.yaml").read_text(encoding="utf-8"))
    return {name: _lines(block) for name, block in table.items()}


def _kind(name: str, table: dict[str, Any]) -> Kind:
    return Kind(
        name=name,
        person=bool(table.get("person", False)),
        nouns=_lines(table["nouns"]),
        names=_lines(table["names"]),
        titles=_lines(table.get("titles", "{n}")),
        leads=_lines(table["leads"]),
        said=_lines(table.get("said", "{n}")),
        asked=_lines(table.get("asked", "{n}")),
        filler=_lines(table.get("filler", "")),
        facts=tuple(_fact(fact, told) for fact, told in table["facts"].items()),
    )


def _fact(name: str, told: dict[str, str]) -> Fact:
    return Fact(name, *(_lines(told[part]) for part in ("value", "keys", "tell", "ask")))


def _lines(block: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in str(block).splitlines() if line.strip())
