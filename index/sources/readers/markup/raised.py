"""Raised and lowered characters → text in which no mark is a digit of the number before it. Pure.

“10<sup>6</sup>” is 10⁶ and “H<sub>2</sub>O” is H₂O: Unicode has these characters, so nothing is lost and nothing
glued. A footnote's mark belongs to the page and not to the sentence: it is left away where it is one for certain, which
is behind a word or a full stop, in brackets, a sign, or a link to the note. Behind a figure without a link it may as
well be an exponent, and stays raised.
"""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_RAISED_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_NUMBERS = re.compile(r"\d{1,3}(\s*[,;–-]\s*\d{1,3})*")
_LETTER = re.compile(r"[a-z]")
_SIGN = re.compile(r"[*†‡§¶‖#]+|\[[^\]]{1,30}\]|\(\d{1,3}\)")
_UNIT = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,2}|min|rad|mol|sec|mile|miles|feet|inch|inches|yards?|met(er|re)s?)$")
_MOST_EXPONENT = 1
"""Digits of an exponent behind a unit: “m²”, never “m¹²”."""


def raised(mark: str, before: str, *, linked: bool = False) -> str:
    """What stands in the text for raised characters, given the text before them; `linked`: they lead to a note."""
    content = " ".join(mark.split())
    preceding = before.rstrip()
    if not content or _SIGN.fullmatch(content):
        return ""
    if linked and (_NUMBERS.fullmatch(content) or _LETTER.fullmatch(content)):
        return ""
    if _NUMBERS.fullmatch(content) and _notes(content, preceding):
        return ""
    if _LETTER.fullmatch(content) and preceding[-1:].isdigit():
        return content.translate(_RAISED_LETTERS)
    return _shifted(content, preceding, _RAISED | _RAISED_LETTERS, "^")


def lowered(mark: str, before: str) -> str:
    """What stands in the text for lowered characters, given the text before them."""
    return _shifted(" ".join(mark.split()), before, _LOWERED, "_")


def apart(before: str, behind: str) -> str:
    """What follows a mark that was left away: words that it parted have a space between them."""
    return f" {behind}" if before[-1:].isalnum() and behind[:1].isalnum() else behind


def _notes(numbers: str, preceding: str) -> bool:
    """Whether bare numbers mark a note: behind a word that is no unit or symbol, or behind the end of a clause."""
    if not preceding or preceding[-1].isdigit() or preceding[-1] in ")]}/%°":
        return False
    return len(numbers) > _MOST_EXPONENT or not _UNIT.search(preceding)


def _shifted(content: str, before: str, characters: dict[int, int], sign: str) -> str:
    """The characters in their raised or lowered form if they hold a figure; words (“1st”, “™”) as they are."""
    if not any(character.isdigit() for character in content):
        return content
    plain = content.replace(" ", "")
    if all(ord(character) in characters for character in plain):
        return plain.translate(characters)
    return f"{sign}{content}" if before[-1:].isalnum() else content
