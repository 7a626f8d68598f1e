"""Draft cases from the question log: what was asked most, with what was answered, for a person to confirm."""

from __future__ import annotations

import glob
import os
import string
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import yaml
from pydantic import ValidationError
from yaml.reader import Reader

from onrecord.api.question_log import LoggedQuestion
from onrecord.api.words import printable
from onrecord.index.errors import OnRecordError
from onrecord.rag.cases.files import load
from onrecord.rag.cases.matching import fold
from onrecord.rag.cases.nodes import NO_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from onrecord.rag.cases.case import CaseFile

_AT_ITS_END = string.punctuation + string.whitespace + "…？"
_WIDE = 1_000_000


class NothingToSuggest(OnRecordError):  # noqa: N818 - named for what is wrong, as those of index.errors
    """The log does not hold what drafts need."""


@dataclass(frozen=True, slots=True)
class Log:
    """What a question log and its backups hold, oldest first; `unreadable` counts lines that are no questions."""

    questions: tuple[LoggedQuestion, ...]
    unreadable: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as it was asked last, with how often and since when it was asked, in these words or nearly."""

    latest: LoggedQuestion
    times: int
    first: datetime
    differed: bool


def read_log(path: Path) -> Log:
    """Read a question log with its backups.

    Raises:
        NothingToSuggest: there is no such file, or it cannot be read.
    """
    backups = [found for found in path.parent.glob(f"{glob.escape(path.name)}.*") if found.suffix[1:].isdecimal()]
    files = [*sorted(backups, key=lambda found: -int(found.suffix[1:])), path]
    questions: list[LoggedQuestion] = []
    unreadable = 0
    try:
        for line in (line for file in files for line in file.read_bytes().splitlines()):
            try:
                questions.append(LoggedQuestion.model_validate_json(line))
            except ValidationError:  # a line that a crash cut off, or that is not ours
                unreadable += 1
    except OSError as error:
        raise NothingToSuggest(
            f"The question log {path} cannot be read: {error.strerror}.",
            hint="It is where ONRECORD_QUESTION_LOG said when the server ran; see docs/question-log.md.",
        ) from error
    return Log(tuple(questions), unreadable)


def drafts(questions: Iterable[LoggedQuestion], known: Sequence[CaseFile] = ()) -> list[Draft]:
    """One draft for each question that no known case file asks, those asked most first, then those asked last.

    Questions are the same if they differ only in capitals, white space, kinds of quotation marks and what stands at
    their end. What a case cannot say is left out: that only some articles were asked, or with another threshold, and
    control characters.
    """
    asked: dict[tuple[str, ...], list[LoggedQuestion]] = {}
    for question in questions:
        if not question.restricted:
            asked.setdefault(_key((*question.history, question.question)), []).append(question)
    held = {_key((*case.history, case.question)) for case_file in known for case in case_file.cases}
    found = [draft for key, same in asked.items() if key not in held and _is_text(draft := _draft(same))]
    return sorted(found, key=lambda draft: (-draft.times, -draft.latest.time.timestamp()))


def article_files(chosen: Iterable[Draft], root: Path) -> list[Path]:
    """The files that quotes came from, as far as they still exist; `root` is what relative sources start from."""
    sources = {quote.source for draft in chosen for quote in draft.latest.quotes}
    found = {_file(source.removeprefix("file:"), root) for source in sources if source.startswith("file:")}
    return sorted(file for file in found if file is not None)


def patterns(files: Iterable[Path], folder: Path) -> list[str]:
    """Patterns for `articles:` of a case file in `folder` that match just these files."""
    return [glob.escape(Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()) for file in files]


def render(chosen: Sequence[Draft], articles: Sequence[str]) -> str:
    """A case file of drafts, with comments that say what a person has to look at.

    Raises:
        NothingToSuggest: there are no drafts, or nothing says what articles they are about.
    """
    if not chosen:
        raise NothingToSuggest(
            "No question is left to suggest.", hint="Let people ask, lower --at-least, or leave --known out."
        )
    if not articles:
        raise NothingToSuggest(
            "None of the quoted articles is a file here.",
            hint="Say what the cases are about: --articles 'articles/*.txt'.",
        )
    return "\n".join(
        [*_head(chosen), "articles:", *(f"  - {_text(each)}" for each in articles), "cases:", *_cases(chosen), ""]
    )


def write(path: Path, text: str) -> None:
    """Write drafts where they stay only if they are a case file that loads.

    Raises:
        NothingToSuggest: the file cannot be written.
        CaseFileError: a pattern of `articles` matches nothing.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NothingToSuggest(f"{path} cannot be written: {error.strerror}.", hint="Choose another place.") from error
    try:
        load(path)
    except BaseException:
        path.unlink()
        raise


def _file(source: str, root: Path) -> Path | None:
    """The file of a source: a path from the root as it stands, or an absolute one as in a URL; `#…` names a part."""
    named = unquote(source.removeprefix("//")) if source.startswith("//") else source
    for path in (root / named, root / named.rpartition("#")[0]):
        if path.is_file():
            return path
    return None


def _key(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold(text).casefold().rstrip(_AT_ITS_END) for text in texts)


def _draft(same: Sequence[LoggedQuestion]) -> Draft:
    latest = max(same, key=lambda question: question.time)
    told = {tuple(fold(quote.text) for quote in question.quotes[:1]) for question in same}
    return Draft(latest, len(same), min(question.time for question in same), differed=len(told) > 1)


def _is_text(draft: Draft) -> bool:
    latest = draft.latest
    expected = [text for quote in latest.quotes[:1] for text in (quote.passage, quote.text)]
    return not any(NO_TEXT.search(_one_line(text)) for text in (latest.question, *latest.history, *expected))


def _head(chosen: Sequence[Draft]) -> Iterator[str]:
    asked = _times(sum(draft.times for draft in chosen))
    first = min(draft.first for draft in chosen)
    last = max(draft.latest.time for draft in chosen)
    yield f"# Drafts of cases: {len(chosen)}, from questions asked {asked} from {first:%Y-%m-%d} to {last:%Y-%m-%d}."
    yield "# They say what was answered, which need not be right. Confirm each: correct what is wrong, shorten"
    yield "# `answers` to what only a right quote holds, delete what is of no use. Then delete these comments."


def _cases(chosen: Sequence[Draft]) -> Iterator[str]:
    for draft in chosen:
        latest = draft.latest
        yield f"  # {_told(draft)}"
        yield from (f"  # the words that answer: {_comment(quote.highlight)}" for quote in latest.quotes[:1])
        yield from (f"  # also quoted: {_comment(quote.text)}" for quote in latest.quotes[1:])
        yield f"  - question: {_text(latest.question)}"
        if latest.history:
            yield "    history:"
            yield from (f"      - {_text(earlier)}" for earlier in latest.history)
        if not latest.quotes:
            yield "    not_found: true"
            continue
        first = latest.quotes[0]
        yield f"    passages: [{_text(first.passage)}]"
        yield f"    answers: [{_text(first.text)}]"


def _told(draft: Draft) -> str:
    latest = draft.latest
    how = f"asked {_times(draft.times)}, last on {latest.time:%Y-%m-%d}"
    what = f"refused ({_comment(latest.reason or 'no reason')}), the best candidate with"
    if latest.quotes:
        what = f"quoted from paragraph {latest.quotes[0].paragraph} of {_comment(latest.quotes[0].title)}, with"
    before = "; answered otherwise before" if draft.differed else ""
    return f"{how}; {what} confidence {latest.confidence:.2f}{before}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _comment(text: str) -> str:
    return _one_line(Reader.NON_PRINTABLE.sub("\ufffd", printable(text)))


def _text(text: str) -> str:
    """A text as YAML on one line, in double quotes; what a terminal or an editor would obey is written as an escape."""
    dumped = yaml.safe_dump(_one_line(text), default_style='"', allow_unicode=True, width=_WIDE).strip()
    return "".join(each if printable(each) == each else f"\\u{ord(each):04x}" for each in dumped)


def _one_line(text: str) -> str:
    return " ".join(text.split())
