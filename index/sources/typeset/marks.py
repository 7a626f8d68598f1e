"""What raised and lowered letters say: powers, indices, fractions and ordinals are text, marks of notes are not. Pure.

“10⁶” is no 106, and “14” with the mark of note 2 no 142. A raised number behind a word or a sentence's end refers to a
note and is left out; behind a number it is left out where the page has a note so numbered, and else a power.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from onrecord.index.sources.typeset.letters import Piece

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_NOTE = re.compile(r"[\[(]?(\d{1,3}([,;–-]\s?\d{1,3})*|[a-z]|[*†‡§¶#]+)[\])]?[,;]?|([\[(]\d{1,3}[\])][,;]?\s?)+")
_POWER = re.compile(r"[+−-]?[\d.,]+|n")
_BEHIND_WORD = re.compile(r"([^\W\d_]{3,}|[.,;:!?…\"'”’»])$")
_SURELY_POWER = re.compile(r"([×x·*]\s?10|(?<![^\W\d_])([ckdnµm]?m|in|ft|yd|mi|s))$")
_NEVER_RAISED = re.compile(r"(\d{3}|\d[.,]\d+|[$€£]\s?\d+|%)$")
_TWO_DIGITS = re.compile(r"(?<!\d)(?!10$)\d\d$")
_BEFORE_FRACTION = re.compile(r"\d$")
_SLASH = ("/", "⁄", "∕")


def text(pieces: Iterable[Piece], notes: Collection[str], between: str = " ") -> str:
    """The text of pieces with what is raised and lowered in it written as such; `notes` are the numbers of notes."""
    return between.join(filter(None, (_piece(piece, notes).strip() for piece in pieces)))


def label(piece: Piece) -> str | None:
    """The raised number or sign with which a note begins."""
    raised = "".join(each.text for each in piece.letters[: _raised_at_start(piece)])
    return raised if raised and _NOTE.fullmatch(raised) else None


def _raised_at_start(piece: Piece) -> int:
    return next((n for n, each in enumerate(piece.letters) if each.rise != 1), len(piece.letters))


def _piece(piece: Piece, notes: Collection[str]) -> str:
    runs = [(rise, list(letters)) for rise, letters in groupby(piece.letters, key=lambda each: each.rise)]
    said = ""
    for number, (rise, letters) in enumerate(runs):
        apart = " " if letters[0].apart and said and not (said.endswith(_SLASH) or letters[0].text in _SLASH) else ""
        run = "".join(f" {each.text}" if each.apart and n else each.text for n, each in enumerate(letters))
        following = runs[number + 1][1][0] if number + 1 < len(runs) else None
        if rise == 0 or (rise == 1 and not said):
            said += apart + run
            if rise and following:
                said += " "
        elif rise == -1:
            said += apart + (run if said.endswith(_SLASH) else run.translate(_LOWERED))
        elif run[0].isdigit() and following and following.text in _SLASH:
            said += (" " if _BEFORE_FRACTION.search(said) else apart) + run
        else:
            said += apart + raised if (raised := _raised(run, said, notes)) else ""
    return said


def _raised(run: str, before: str, notes: Collection[str]) -> str:
    """What a raised run adds to the text before it: nothing where it is the mark of a note."""
    note = _NOTE.fullmatch(run)
    power = _POWER.fullmatch(run)
    if power and _SURELY_POWER.search(before):
        return run.translate(_RAISED)
    if note and (_is_behind_a_word(before, run) or run.strip("[](),; ") in notes or not (power or run.isalnum())):
        return ""
    return run.translate(_RAISED) if power else run


def _is_behind_a_word(before: str, run: str) -> bool:
    """Whether a raised number stands behind what nobody raises to a power: a word, a price, 117 to the 35th."""
    if _BEHIND_WORD.search(before) or _NEVER_RAISED.search(before):
        return True
    return len(run) > 1 and bool(_TWO_DIGITS.search(before))
