"""The folder that an import fills: article files under safe names, and one case file that asks them."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from onrecord.index.errors import SourceError
from onrecord.index.sources.readers.text import article_from_text
from onrecord.rag.cases.case import CaseFileError
from onrecord.rag.cases.files import SUFFIX, load
from onrecord.rag.cases.matching import fold
from onrecord.rag.cases.nodes import NO_TEXT
from onrecord.rag.cases.writer import head, to_yaml

if TYPE_CHECKING:
    from types import TracebackType

    from onrecord.index.records import Article
    from onrecord.rag.cases.case import Case

ARTICLES = "articles"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made; `left_out` counts the questions that became no case, by the reason."""

    case_file: Path
    articles: int
    cases: int
    left_out: dict[str, int]


class CaseFolder:
    """Article files and a case file in the making; the folder appears when all is written, or not at all.

    Use it as a context manager; `finish` makes the folder appear.

    Args:
        destination: the folder to make; it must not hold anything yet.
        source: what is imported; complaints name it, and the case file is called after it.

    Raises:
        CaseFileError: the destination holds something, or cannot be written.
    """

    def __init__(self, destination: Path, source: Path) -> None:
        self._destination = destination
        self._source = source
        if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
            raise CaseFileError(f"{destination} holds something already.", hint="Choose another folder with --into.")
        try:
            destination.parent.mkdir(parents=True, exist_ok=True)
            self._temporary = TemporaryDirectory(prefix=".onrecord-import-", dir=destination.parent)
        except OSError as error:
            raise CaseFileError(
                f"{destination} cannot be made: {error.strerror}.", hint="Choose another folder with --into."
            ) from error
        self._folder = Path(self._temporary.name) / "made"
        (self._folder / ARTICLES).mkdir(parents=True)
        self._path = self._folder / f"{safe_name(source.stem) or 'cases'}{SUFFIX}"
        self._file = self._path.open("w", encoding="utf-8")
        self._file.write(head([ARTICLES], comment=f"Imported from {printable(source.name)}"))
        self._articles = 0
        self._cases = 0
        self._asked: set[str] = set()
        self._left_out: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._temporary.cleanup()

    def refusal(self, where: str | int, problem: str, remedy: str) -> CaseFileError:
        """A complaint about a line or a record of what is imported."""
        return CaseFileError(f"{self._source}:{where}: {problem}.", hint=remedy)

    def add_article(self, name: str, *, title: str, text: str, where: str | int) -> Article:
        """Write an article as plain text under its title, and return it as it will be read."""
        heading = " ".join(title.split())
        content = f"# {heading}\n\n{text}" if heading else text
        path = self._next_article(name, ".txt")
        try:
            article = article_from_text(content, source=f"file:{ARTICLES}/{path.name}", name=path.stem)
            path.write_text(content, encoding="utf-8", newline="")
        except (SourceError, UnicodeEncodeError) as error:
            raise self.refusal(where, f"this text is no article: {error}", "Take it out.") from error
        return article

    def copy_article(self, path: Path) -> Path:
        """Copy an article's file, byte for byte."""
        copied = self._next_article(path.stem, path.suffix.lower())
        shutil.copyfile(path, copied)
        return copied

    def asked(self, case: Case) -> bool:
        """Whether the same was asked before, after the same history."""
        return self._key(case) in self._asked

    def add_case(self, case: Case) -> None:
        """Write a case, unless the same was asked before or it holds what no case file may."""
        if self.asked(case):
            self.leave_out("asked before in the same words")
            return
        if any(map(NO_TEXT.search, (case.question, *case.passages, *case.answers))):
            self.leave_out("it holds control characters")
            return
        self._asked.add(self._key(case))
        self._cases += 1
        self._file.write(to_yaml(case))

    def leave_out(self, reason: str) -> None:
        """Count a question that becomes no case."""
        self._left_out[reason] += 1

    def finish(self) -> Imported:
        """Make sure that what was written loads, and make the folder appear.

        Raises:
            CaseFileError: there is no case.
        """
        self._file.close()
        if not self._cases:
            raise CaseFileError(
                f"{self._source} holds no question that can become a case.", hint="Check that it is of the format."
            )
        load(self._path)
        if self._destination.exists():
            self._destination.rmdir()
        self._folder.rename(self._destination)
        return Imported(self._destination / self._path.name, self._articles, self._cases, dict(self._left_out))

    def _next_article(self, name: str, suffix: str) -> Path:
        self._articles += 1
        return self._folder / ARTICLES / f"{'-'.join(filter(None, [f'{self._articles:05}', safe_name(name)]))}{suffix}"

    def _key(self, case: Case) -> str:
        return "\0".join(map(fold, (*case.history, case.question)))


def safe_name(name: str) -> str:
    """A name that every file system takes: small letters and digits of ASCII, “-” and “_”; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:_LONGEST_NAME].rstrip("-_")


def printable(text: str) -> str:
    """A text for a comment: on one line, and without what is not for reading."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
