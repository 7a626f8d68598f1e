"""The plain text of a mail → lines, with the marks of quotation counted and flowed lines joined (RFC 3676). Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onrecord.index.records import PassageKind
from onrecord.index.sources.readers.mail.quoting import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_END = re.compile(r"\r\n|\r|\n")
_GLUED = re.compile(r"^([ >]*-{3,} ?Forwarded Message ?-{3,} ?)(From: .*)", re.IGNORECASE | re.MULTILINE)
_GLUED_FIELD = re.compile(r"(?<=\S)(?=(?:To|Cc|Sent|Date|Subject): )")
_MARKS = re.compile(r"(?:(?:[A-Z]{2})?> ?)+")
_ESCAPED = re.compile(r">+From ")
_SERVICE = re.compile(
    r"\bunsubscribe\b|\b(?:view|read)\b.{0,40}\bin (?:your|a|the) (?:web ?)?browser\b"
    r"|\b(?:manage|update|change) (?:your )?(?:e-?mail |mail |subscription )?(?:preferences|settings|subscriptions?)\b"
    r"|\bopt[ -]out\b|\babmelden\b|\babbestellen\b|\bse désabonner\b|\bdarse de baja\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|www\.|mailto:")
_LONGEST_SERVICE = 7


def lines(text: str, *, flowed: bool = False, joined_closely: bool = False) -> list[Line]:
    """A mail's lines; `flowed` and `joined_closely` are what its content type says of format and DelSp."""
    found: list[Line] = []
    opens = True
    goes_on = False
    for depth, content in _parted(text, flowed=flowed):
        flows = flowed and content.endswith(" ") and content != "-- "
        shown = content[:-1] if flows and joined_closely else content
        if goes_on and found[-1].depth == depth and content != "-- ":
            found[-1] = Line(found[-1].text + shown, depth, found[-1].opens)
        else:
            found.append(Line(shown, depth, opens))
        goes_on = flows
        opens = not content.strip()
    return [Line(each.text, each.depth, each.opens, kind=_kind(each.text)) for each in found]


def _unglued(found: re.Match[str]) -> str:
    """A header that Yahoo writes on one line, a field a line."""
    return f"{found[1]}\n" + _GLUED_FIELD.sub("\n", found[2])


def is_service(text: str) -> bool:
    """Whether words beside a link are about the sending of the mail, as those of its footer."""
    return bool(_SERVICE.search(text))


def _parted(text: str, *, flowed: bool) -> Iterator[tuple[int, str]]:
    """Each line without its marks, and how many there were; a stuffed space of flowed text is none of it."""
    quoted_before = False
    for line in _LINE_END.split(_GLUED.sub(_unglued, text.replace("\ufeff", ""))):
        marks = _MARKS.match(line)
        if marks is None or (_ESCAPED.match(line) and not quoted_before):
            content = line.removeprefix(">") if marks else line
            yield 0, content.removeprefix(" ") if flowed else content
            quoted_before = False
        else:
            yield marks.group().count(">"), line[marks.end() :]
            quoted_before = True


def is_only_service(text: str) -> bool:
    """Whether a line is nothing but such words (“View this message in your browser”), or stands beside its address."""
    brief = len(text.split()) <= _LONGEST_SERVICE and not re.search(r"\d", text)
    return is_service(text) and (brief or bool(_LINK.search(text)))


def _kind(text: str) -> PassageKind | None:
    return PassageKind.BOILERPLATE if is_only_service(text) else None
