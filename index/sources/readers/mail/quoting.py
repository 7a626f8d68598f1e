"""Which lines of a mail its sender wrote, and which are somebody else's: quoted, forwarded, or a signature. Pure.

The parsers there are for this (mail-parser-reply, email-reply-parser, talon, quotequail) look for the newest reply and
give up the rest: they take a list for a signature, “Date: …, From: 10 am, To: 4 pm” for a header, and everything below
“the mayor wrote:” for a quotation. Here a line is left away only where its own form says that it is not the sender's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.index.sources.readers.mail import phrases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onrecord.index.records import PassageKind

MOST_LETTERS = 50
"""Letters of one mail that are told apart: each is looked through for the next."""

LONGEST_ATTRIBUTION = 4
LONGEST_SIGNATURE = 12
LONGEST_SIGNATURE_LINE = 100
SHORTEST_SENTENCE = 5
LONGEST_LEFT_OVER = 24
NARROWEST_WRAP = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its quotation marks. `depth` counts these; `opens` says that a paragraph begins here.

    `signature` and `kind` are what markup says of it.
    """

    text: str
    depth: int = 0
    opens: bool = False
    signature: bool = False
    kind: PassageKind | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """What one sender wrote: the numbers of the lines, and of what was forwarded the fields that stand above it."""

    lines: tuple[int, ...]
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Heading:
    """The header of another mail inside this one; half-open places."""

    start: int
    end: int
    depth: int
    fields: Mapping[str, str]
    forwarded: bool


def letters(lines: Sequence[Line], subject: str | None) -> list[Letter]:
    """Part a mail's lines by who wrote them, its own sender first; quotations and signatures are nobody's."""
    found: list[Letter] = []
    waiting: list[tuple[tuple[int, ...], int, Mapping[str, str] | None, str | None]]
    waiting = [(tuple(range(len(lines))), 0, None, subject)]
    while waiting:
        numbers, depth, fields, about = waiting.pop(0)
        cut = _Cut(lines, numbers, depth, about or "", parted=len(found) < MOST_LETTERS)
        found.append(Letter(_stripped(lines, cut.own), fields))
        waiting += [
            (inside, heading.depth, heading.fields, heading.fields.get("subject")) for heading, inside in cut.forwarded
        ]
    return found


def without_forwarding(subject: str) -> str:
    """A subject without the marks of those who passed it on."""
    while found := phrases.FORWARD.match(subject):
        subject = subject[found.end() :]
    return subject


class _Cut:
    """The lines of one letter, and the letters forwarded in it. `depth` is how deep its own lines stand."""

    def __init__(
        self, lines: Sequence[Line], numbers: Sequence[int], depth: int, subject: str, *, parted: bool
    ) -> None:
        self._lines = [lines[number] for number in numbers]
        self._depth = depth
        self._answers = phrases.REPLY.match(subject) is not None
        self._passes_on = phrases.FORWARD.match(subject) is not None
        self._parted = parted
        self._dashes_part = False
        self.own: list[int] = []
        self.forwarded: list[tuple[_Heading, tuple[int, ...]]] = []
        at = 0
        while at < len(self._lines):
            heading = self._heading(at)
            if heading is not None:
                end = self._end(heading)
                if heading.forwarded:
                    self.forwarded.append((heading, tuple(numbers[heading.end : end])))
                at = end
            elif (after := self._not_own(at)) > at:
                at = after
            else:
                self.own.append(numbers[at])
                at += 1

    def _not_own(self, at: int) -> int:
        """Where the quotation or signature has ended that begins at a place; that place itself where none does."""
        line = self._lines[at]
        if line.depth > self._depth:
            return self._after_quotation(at)
        after = self._after_attribution(at)
        if after:
            return after
        if line.signature or phrases.SENT_FROM.fullmatch(line.text.strip()):
            return at + 1
        if line.text.strip() == "--" or (line.text[:1] == "_" and phrases.LIST_FOOTER.match(self._text(at, at + 4))):
            return self._after_signature(at)
        return at

    def _text(self, start: int, end: int) -> str:
        return "\n".join(line.text.strip() for line in self._lines[start:end])

    def _after_quotation(self, at: int) -> int:
        """Its end; a few words that a mail program wrapped out of a quotation belong to it."""
        while at < len(self._lines):
            line, before = self._lines[at], self._lines[at - 1].text
            left_over = (
                0 < len(line.text) <= LONGEST_LEFT_OVER < NARROWEST_WRAP <= len(before)
                and line.text[:1].islower()
                and at + 1 < len(self._lines)
                and self._lines[at + 1].depth > self._depth
            )
            if line.depth <= self._depth and not left_over:
                break
            at += 1
        return at

    def _after_attribution(self, at: int) -> int | None:
        """Where “On …, … wrote:” has ended, with all below it where no line of that is marked as quoted."""
        end, sure = self._attribution(at)
        following = self._next_line(end)
        if end > at and following is not None and self._lines[following].depth > self._depth:
            return end
        return len(self._lines) if sure else None

    def _attribution(self, at: int) -> tuple[int, bool]:
        """Where such a line has ended, and whether it can be nothing else; at its beginning where it is none."""
        for end in range(at + 1, at + 1 + LONGEST_ATTRIBUTION):
            written = self._joined(at, end)
            if written is None:
                break
            dated = written.endswith(":") and phrases.DATED_ATTRIBUTION.fullmatch(written)
            if dated and not any(
                phrases.DATED_ATTRIBUTION.fullmatch(self._joined(i, end) or "") for i in range(at + 1, end)
            ):
                timed = phrases.CLOCK.search(written) and phrases.YEAR.search(written)
                return end, bool(timed or phrases.ADDRESS.search(written))
            if end == at + 1 and phrases.ATTRIBUTION.fullmatch(written):
                return end, bool(phrases.CLOCK.search(written) and phrases.IN_BRACKETS.search(written))
        return at, False

    def _joined(self, start: int, end: int) -> str | None:
        taken = self._lines[start:end]
        plain = all(line.text.strip() and line.depth == self._depth for line in taken)
        return " ".join(line.text.strip() for line in taken) if plain and len(taken) == end - start else None

    def _after_signature(self, at: int) -> int:
        """Where a signature has ended; without the space behind its dashes it has to look like one as well.

        Dashes that stand in a letter more than once part it.
        """
        sure = self._lines[at].text.endswith((" ", "\xa0"))
        below = 0
        for end in range(at + 1, len(self._lines)):
            text = self._lines[end].text.strip()
            if self._lines[end].depth > self._depth or self._after_attribution(end) or self._heading(end):
                return end
            below += bool(text)
            if not sure and (self._dashes_part or text == "--" or below > LONGEST_SIGNATURE or _is_sentence(text)):
                self._dashes_part = True
                return at
        return len(self._lines)

    def _heading(self, at: int) -> _Heading | None:
        """The header of another mail that begins at a place, with the line that announces it."""
        line = self._lines[at]
        marker = phrases.MARKER.fullmatch(line.text.strip())
        start = self._next_line(at + 1) if marker else at
        if start is None or not self._parted or (line.depth > self._depth and not marker):
            return None
        depth = self._lines[start].depth
        if depth > self._depth and self._answers:
            return None
        fields, end = self._fields(start, depth)
        told = "date" in fields and ("subject" in fields or phrases.ADDRESS.search(fields.get("from", "")))
        if "from" in fields and (marker or told):
            return _Heading(at, end, depth, fields, bool(marker and marker["forward"]) or not self._answers)
        return self._attributed(at) if self._passes_on else None

    def _attributed(self, at: int) -> _Heading | None:
        """The line “On …, … wrote:” where a mail is passed on by it."""
        end, sure = self._attribution(at)
        written = self._joined(at, end) or ""
        who = phrases.WROTE.search(written)
        if not sure or who is None or self._after_attribution(at) == end:
            return None
        return _Heading(at, end, self._depth, {"from": who["who"], "date": written}, forwarded=True)

    def _fields(self, at: int, depth: int) -> tuple[dict[str, str], int]:
        fields: dict[str, str] = {}
        last = ""
        while at < len(self._lines) and self._lines[at].depth == depth:
            text = self._lines[at].text
            found = phrases.FIELD.fullmatch(text.strip())
            if found:
                last = phrases.FIELDS[found["name"].lower()]
                if last in fields and last in ("from", "date", "subject"):
                    break
                fields[last] = found["value"].strip()
            elif last and text.strip() and (text[:1] in " \t" or (last in ("to", "other") and "@" in text)):
                fields[last] += f" {text.strip()}"
            else:
                break
            at += 1
        return fields, at

    def _end(self, heading: _Heading) -> int:
        """Where another mail has ended: at the end, or where its marks end."""
        if heading.depth <= self._depth:
            return len(self._lines)
        end = heading.end
        while end < len(self._lines):
            following = self._next_line(end)
            if following is None or self._lines[following].depth < heading.depth:
                break
            end = following + 1
        return end

    def _next_line(self, at: int) -> int | None:
        return next((i for i in range(at, len(self._lines)) if self._lines[i].text.strip()), None)


def _is_sentence(line: str) -> bool:
    words = len(line.split())
    return len(line) > LONGEST_SIGNATURE_LINE or (words >= SHORTEST_SENTENCE and line.endswith((".", "!", "?")))


def _stripped(lines: Sequence[Line], numbers: Sequence[int]) -> tuple[int, ...]:
    """Without lines that hold no letter or digit at either end: rules that part a mail from the one below it."""
    kept = [at for at, number in enumerate(numbers) if re.search(r"\w", lines[number].text.replace("_", " "))]
    return tuple(numbers[kept[0] : kept[-1] + 1]) if kept else ()
