"""A sheet as CSV: one question a row, with what must come back for it and the article that it is about.

`COLUMNS` are the columns, called as the keys of a case. Only `question` must be there, and one row at least must name
an `article`, a file in the sheet's folder. A cell of several texts has one on each line. Every row is held to the rules
of case files, and refused if the articles hold nothing of what it expects.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml
from yaml.resolver import Resolver

from onrecord.index import sources
from onrecord.index.errors import SourceError
from onrecord.index.passages.split import split
from onrecord.rag.cases.case import CaseFileError
from onrecord.rag.cases.files import CaseReader
from onrecord.rag.cases.importers.folder import CaseFolder, Imported
from onrecord.rag.cases.matching import nearest, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from onrecord.rag.cases.case import Case

COLUMNS = {
    "question": "What is asked. Every row has one.",
    "article": "The file of the article that it is about, in the folder of the sheet.",
    "passages": "Text that must stand inside the first passages; several, one a line: all of them.",
    "answers": "Text that must stand inside a quote; several, one a line: one of them.",
    "not_found": "`yes` if the question must be refused.",
    "history": "The questions asked before it, one a line, oldest first.",
    "top_k": "How many passages count.",
    "min_confidence": "How confident a quote must be, from 0 to 1.",
    "tags": "Words to select the case by, one a line.",
    "xfail": "Why it is known to fail for now.",
    "notes": "Whatever you like: it is not imported.",
}
_LISTS = ("passages", "answers", "history", "tags")
_SCALARS = ("question", "top_k", "min_confidence", "xfail")
_YES = ("yes", "true", "1", "x")
_NO = ("no", "false", "0", "")
_DELIMITERS = ",;\t"


def convert(source: Path, destination: Path) -> Imported:
    """Import a sheet.

    Raises:
        CaseFileError: it cannot be read, a row is not of the format, or expects what stands in no article.
    """
    with CaseFolder(destination, source) as folder:
        reader = CaseReader(source)
        rows = list(_rows(source, reader))
        named = dict.fromkeys(row.article for row in rows if row.article)
        if not named:
            raise reader.error(1, "no row names an article", "Add a column `article` with the files they stand in.")
        texts = {name: _passages(reader, source, name, rows) for name in named}
        for name in named:
            folder.copy_article(source.parent / name)
        everything = [text for each in texts.values() for text in each]
        for row in rows:
            case = reader.case(row.node(source.name))
            _require(reader, case, texts.get(row.article, everything))
            if folder.asked(case):
                raise reader.error(row.line, f"“{case.question}” is asked twice", "Keep one row of them.")
            folder.add_case(case)
        return folder.finish()


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a row by column, and the line on which it begins."""

    line: int
    cells: dict[str, str]

    @property
    def article(self) -> str:
        return self.cells.get("article", "").strip()

    def node(self, name: str) -> yaml.MappingNode:
        """The row as a case would stand in a case file, so that it is checked as one."""
        mark = yaml.Mark(name, 0, self.line - 1, 0, None, 0)
        given: list[tuple[yaml.Node, yaml.Node]] = []
        for key in ("not_found", *_SCALARS, *_LISTS):
            cell = self.cells.get(key, "").strip()
            if not cell or (key == "not_found" and cell.lower() in _NO):
                continue
            given.append((_scalar(key, mark), self._value(key, cell, mark)))
        return yaml.MappingNode("tag:yaml.org,2002:map", given, mark, mark)

    def _value(self, key: str, cell: str, mark: yaml.Mark) -> yaml.Node:
        if key == "not_found":
            return _scalar("true" if cell.lower() in _YES else cell, mark, plain=True)
        if key in _LISTS:
            lines = [_scalar(line.strip(), mark) for line in cell.splitlines() if line.strip()]
            return yaml.SequenceNode("tag:yaml.org,2002:seq", lines, mark, mark)
        return _scalar(" ".join(cell.split()), mark, plain=key in ("top_k", "min_confidence"))


def _scalar(value: str, mark: yaml.Mark, *, plain: bool = False) -> yaml.ScalarNode:
    """A text; or, if plain, whatever YAML takes it for."""
    tag = "tag:yaml.org,2002:str"
    if plain:
        tag = Resolver().resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call] # untyped stubs
    return yaml.ScalarNode(tag, value, mark, mark)


def _rows(source: Path, reader: CaseReader) -> Iterator[_Row]:
    line = 1
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            delimiter = max(_DELIMITERS, key=header.count)
            columns = _columns(next(csv.reader([header], delimiter=delimiter), []), reader)
            line = 2
            cells = csv.reader(file, delimiter=delimiter, strict=True)
            for row in cells:
                if any(cell.strip() for cell in row):
                    if any(cell.strip() for cell in row[len(columns) :]):
                        remedy = f"Put a cell that holds “{delimiter}” or a quotation mark in quotation marks."
                        raise reader.error(line, "the row has more cells than there are columns", remedy)
                    yield _Row(line, dict(zip(columns, row, strict=False)))
                line = cells.line_num + 2
    except OSError as error:
        raise CaseFileError(
            f"{source} cannot be read: {error.strerror}.", hint="Give the path of a CSV file."
        ) from error
    except UnicodeDecodeError as error:
        raise CaseFileError(f"{source} is not UTF-8.", hint="Export the sheet as “CSV UTF-8”.") from error
    except csv.Error as error:
        raise reader.error(line, f"this is not CSV: {error}", "Export it from the sheet again.") from error


def _columns(names: Sequence[str], reader: CaseReader) -> list[str]:
    columns = [name.strip().lower() for name in names]
    known = ", ".join(f"`{name}`" for name in COLUMNS)
    for number, name in enumerate(columns):
        if name not in COLUMNS:
            raise reader.error(1, f"“{name}” is no column that is known here", f"The columns are {known}.")
        if name in columns[:number]:
            raise reader.error(1, f"there are two columns `{name}`", "Keep one of them.")
    if "question" not in columns:
        raise reader.error(1, "there is no column `question`", f"The columns are {known}, in the first row.")
    return columns


def _passages(reader: CaseReader, source: Path, name: str, rows: Sequence[_Row]) -> list[str]:
    """The passages of an article that can be found."""
    line = next(row.line for row in rows if row.article == name)
    path = source.parent / name
    if not path.resolve().is_relative_to(source.parent.resolve()):
        raise reader.error(line, f"the article {name} lies outside the folder of the sheet", "Put it there.")
    try:
        articles = list(sources.load_all(path))
    except SourceError as error:
        raise reader.error(line, f"the article cannot be read: {error.message.rstrip('.')}", error.hint) from error
    return [
        passage.text
        for article in articles
        if not isinstance(article, SourceError)
        for passage in split(article)
        if passage.kind.answers
    ]


def _require(reader: CaseReader, case: Case, texts: Sequence[str]) -> None:
    """Refuse a case that no answer can satisfy: a typing error, mostly."""
    for expected in case.passages:
        if place_of(expected, texts) is None:
            near = nearest(expected, texts)
            told = f"; the nearest, [-expected-] {{+found+}}: {near.difference}" if near else ""
            remedy = "Copy it from one paragraph of the article."
            raise reader.error(case.line, f"“{expected}” stands in no passage of the article{told}", remedy)
    if case.answers and not any(place_of(expected, texts) for expected in case.answers):
        problem = f"none of the answers stands in the article, as “{case.answers[0]}” does not"
        raise reader.error(case.line, problem, "Copy one from the article: answers are its own words.")
