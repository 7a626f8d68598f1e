"""A page of a PDF → its letters with their places, by pdfium, and so its lines."""

from __future__ import annotations

import ctypes
import math
import sys
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2.raw as api

from onrecord.index.sources.typeset.letters import Letter
from onrecord.index.sources.typeset.lines import Line, Stretch, lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pypdfium2 as pdfium

_HYPHEN = 2
_FIRST_PRINTED = 33
_NOT_CHARACTERS = frozenset({0xFFFE, 0xFFFF})
_NEARLY = 10
_QUARTER = 90
_FILLED_IN = frozenset({api.FPDF_FORMFIELD_TEXTFIELD, api.FPDF_FORMFIELD_COMBOBOX, api.FPDF_FORMFIELD_LISTBOX})
_UNSEEN = api.FPDF_ANNOT_FLAG_HIDDEN | api.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13
_VALUE_SIZE = 11.0
_FOOT = 0.35
_LEAST_SPACE = 0.05


class _Box(NamedTuple):
    """A rectangle in the points of a page."""

    left: float
    bottom: float
    right: float
    top: float

    def turned(self, turn: int) -> _Box:
        """The rectangle as one sees it who reads text that runs at that angle, in degrees."""
        if not turn:
            return self
        corners = [_turned(x, y, turn) for x in (self.left, self.right) for y in (self.bottom, self.top)]
        along, up = [corner[0] for corner in corners], [corner[1] for corner in corners]
        return _Box(min(along), min(up), max(along), max(up))


class _Glyph(NamedTuple):
    """What is drawn at one place, and at which angle."""

    turn: int
    place: tuple[float, float, float, float]
    letter: Letter


def page_lines(page: pdfium.PdfPage) -> list[Line]:
    """The lines of a page: those that most of its letters stand on, then those that run up or down the page.

    What runs aslant, as watermarks do, is left out.
    """
    visible = _Box(*page.get_bbox())
    by_turn: dict[int, list[Letter]] = {}
    with closing(page.get_textpage()) as text:
        for turn, letter in _letters(text):
            by_turn.setdefault(turn, []).append(letter)
    found: list[Line] = []
    usual = max(by_turn, key=lambda turn: len(by_turn[turn]), default=0)
    values = list(_values(page, usual))
    for turn in sorted({*by_turn, usual}, key=lambda turn: (turn != usual, turn)):
        if turn == usual or turn % _QUARTER == 0:
            edges = visible.turned(turn)
            stretch = Stretch(edges.bottom, edges.top)
            found += lines(by_turn.get(turn, []), values if turn == usual else (), stretch, aside=turn != usual)
    return found


def _letters(text: pdfium.PdfTextPage) -> Iterator[tuple[int, Letter]]:
    """Letters with the angle at which each runs, in the order in which they are drawn."""
    raw, matrix, loose = text.raw, api.FS_MATRIX(), api.FS_RECTF()
    x, y, left, right, bottom, top = (ctypes.c_double() for _ in range(6))
    apart, guessed_apart, waiting = False, False, None
    for number in range(api.FPDFText_CountChars(raw)):
        code = api.FPDFText_GetUnicode(raw, number)
        if code > sys.maxunicode:
            continue
        character = "-" if code == _HYPHEN else chr(code)
        if code != _HYPHEN and (code < _FIRST_PRINTED or code in _NOT_CHARACTERS or character.isspace()):
            guessed = api.FPDFText_IsGenerated(raw, number) == 1
            apart, guessed_apart = apart or not guessed, guessed_apart or guessed
            continue
        known = api.FPDFText_GetCharOrigin(raw, number, x, y) and api.FPDFText_GetLooseCharBox(raw, number, loose)
        if not known or not api.FPDFText_GetMatrix(raw, number, matrix):
            continue
        place = (x.value, y.value, loose.left, loose.right)
        if waiting and waiting.place == place and (character != waiting.letter.text or character == "f"):
            letter = waiting.letter  # one glyph that stands for several letters, as “ffi”
            waiting = waiting._replace(letter=replace(letter, text=letter.text + character))
            continue
        turn = _angle(matrix.a, matrix.b)
        size = api.FPDFText_GetFontSize(raw, number) * math.hypot(matrix.c, matrix.d)
        box = _Box(loose.left, loose.bottom, loose.right, loose.top).turned(turn)
        base = _turned(x.value, y.value, turn)[1]
        foot = 0.0
        if character.isdigit() and api.FPDFText_GetCharBox(raw, number, left, right, bottom, top):
            foot = _Box(left.value, bottom.value, right.value, top.value).turned(turn).bottom - base
        letter = Letter(character, box.left, box.right, base, abs(size) or 1.0, foot, apart)
        if waiting:
            if guessed_apart and letter.left - waiting.letter.right > _LEAST_SPACE * letter.size:
                letter = replace(letter, apart=True)
            yield waiting.turn, _whole(waiting.letter)
        waiting = _Glyph(turn, place, letter)
        apart = guessed_apart = False
    if waiting:
        yield waiting.turn, _whole(waiting.letter)


def _whole(letter: Letter) -> Letter:
    """A letter whose character came in two halves, as those of UTF-16 do, in one."""
    if letter.text.isascii():
        return letter
    return replace(letter, text=letter.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _angle(a: float, b: float) -> int:
    """The angle of text in degrees, a quarter turn where it is nearly one."""
    if not b and a > 0:
        return 0
    angle = round(math.degrees(math.atan2(b, a)))
    quarter = round(angle / _QUARTER) * _QUARTER
    return (quarter if abs(angle - quarter) <= _NEARLY else angle) % 360


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """A place by how far along the lines and how far up it is, for text at an angle."""
    if not turn:
        return x, y
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return x * cosine + y * sine, y * cosine - x * sine


def _values(page: pdfium.PdfPage, turn: int) -> Iterator[Letter]:
    """What was put in the visible fields of a form, as a letter each."""
    if page.formenv is None:
        return
    rectangle = api.FS_RECTF()
    for number in range(api.FPDFPage_GetAnnotCount(page.raw)):
        field = api.FPDFPage_GetAnnot(page.raw, number)
        if not field:
            continue
        value = _value(page.formenv.raw, field)
        if value and api.FPDFAnnot_GetRect(field, rectangle):
            box = _Box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top).turned(turn)
            size = min(_VALUE_SIZE, box.top - box.bottom)
            base = (box.bottom + box.top) / 2 - size * _FOOT
            yield Letter(value, box.left, box.right, base, size)
        api.FPDFPage_CloseAnnot(field)


def _value(form: object, field: object) -> str:
    if api.FPDFAnnot_GetFormFieldType(form, field) not in _FILLED_IN or api.FPDFAnnot_GetFlags(field) & _UNSEEN:
        return ""
    if api.FPDFAnnot_GetFormFieldFlags(form, field) & _PASSWORD:
        return ""
    length = api.FPDFAnnot_GetFormFieldValue(form, field, None, 0)  # in bytes of UTF-16, a zero at its end
    buffer = (ctypes.c_ushort * (length // 2))()
    api.FPDFAnnot_GetFormFieldValue(form, field, buffer, length)
    return " ".join(bytes(buffer).decode("utf-16-le", "replace").rstrip("\0").split())
