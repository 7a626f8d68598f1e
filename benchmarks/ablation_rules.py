"""The groups of rules that `benchmarks.ablation` switches off, and what stands in their place then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import regex

from onrecord.index.passages import context
from onrecord.rag import pipeline
from onrecord.rag.conversation import follow_up, leaning, mentions, referents
from onrecord.rag.conversation.grammar import tokens
from onrecord.rag.conversation.leaning import Lean, Leaning
from onrecord.rag.conversation.mentions import Kind
from onrecord.rag.quoting import quotes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.rag.conversation.referents import Understood

Patch = tuple[Any, str, Any]
_NEVER = regex.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are switched off together. `follow_ups_alone`: nothing else can change by them."""

    patches: tuple[Patch, ...]
    follow_ups_alone: bool = False


def _nothing(*_: object) -> None:
    return None


def _follow_ups(*patches: Patch) -> Group:
    return Group(patches, follow_ups_alone=True)


def _joined(question: str, before: Sequence[Understood]) -> tuple[str, ...]:
    if not before:
        return (question,)
    return (question, f"{question.rstrip(' ?.!')} {follow_up._known(before[-1])}?")  # noqa: SLF001 - the rules' own parts


def _last_text(question: str, before: Sequence[Understood]) -> tuple[str, ...]:
    if not before or leaning.leaning(question) is None:
        return (question,)
    return (f"{before[-1].text.rstrip(' ?.!')}: {question}", question)


def _leans(question: str) -> Leaning:
    return Leaning(Lean.JOINED, tokens(question)[0])


class _NoFrame:
    of = staticmethod(_nothing)


EVERYTHING = Group(())
GROUPS: dict[str, Group] = {
    "leans: never": Group(((context, "leans", lambda _: False),)),
    "leans: always": Group(((context, "leans", lambda _: True),)),
    "leans: attribution": Group(((context, "_ATTRIBUTION", _NEVER),)),
    "speech": Group(((quotes, "speech_around", lambda _text, _found, first, last: (first, last)),)),
    "names_something": Group(((pipeline, "names_something", lambda _: True),)),
    "conversation": _follow_ups((pipeline, "leaning", _nothing), (pipeline, "formulations", lambda q, _: (q,))),
    "all joined": _follow_ups((pipeline, "leaning", _leans), (pipeline, "formulations", _joined)),
    "last before": _follow_ups((pipeline, "formulations", _last_text)),
    "leaning: explained": _follow_ups((leaning, "_is_explained", lambda *_: False)),
    "leaning: points back": _follow_ups((leaning, "_points_back", lambda *_: False)),
    "leaning: noun": _follow_ups((leaning, "_NOT_FOR_A_NOUN", _NEVER)),
    "leaning: joined": _follow_ups((leaning, "_joined", lambda *_, **__: None)),
    "leaning: bare": _follow_ups((leaning, "_is_bare", lambda *_: False)),
    "leaning: fragment": _follow_ups((leaning, "_fragment", lambda *_, **__: None)),
    "referents": _follow_ups(
        (
            follow_up,
            "referents",
            lambda _, before: [each.text for each in before[-1].mentions(before[-1].text) if each.is_name],
        )
    ),
    "referents: salience": _follow_ups((referents, "_salient", lambda turn, *_: [*turn.mentions(turn.text)])),
    "referents: fits": _follow_ups((referents, "_fits", lambda *_: True)),
    "referents: places": _follow_ups((follow_up, "places", lambda _: ())),
    "mentions: kind": _follow_ups((referents, "kind", lambda *_: Kind.UNKNOWN)),
    "mentions: seen": _follow_ups((mentions, "_capitalised_in", lambda _: frozenset())),
    "mentions: joined": _follow_ups((mentions, "_joined", lambda _, found: iter(found))),
    "grammar: frame": _follow_ups((follow_up, "Frame", _NoFrame), (referents, "Frame", _NoFrame)),
    "second wording": _follow_ups((follow_up, "MOST_FORMULATIONS", 1)),
}
