"""How often English has a word: what tells a word cut at a line's end from one written with a hyphen."""

from __future__ import annotations

from functools import cache

from spellchecker import SpellChecker


def frequency(word: str) -> int:
    """How often a word stands in the texts that the lexicon was counted from; 0 for one it does not know."""
    return int(_words()[word.lower()])


@cache
def _words() -> SpellChecker:
    return SpellChecker(language="en", distance=1)
