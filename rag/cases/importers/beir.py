"""BEIR: a folder of `corpus.jsonl`, `queries.jsonl` and `qrels/SPLIT.tsv`, which judges documents relevant to queries.

Each document becomes an article. A query expects one passage of one relevant document, known by how it begins, among
the first ten; it expects no certain answer, so it is asked with `min_confidence: 0` and quotes whatever comes nearest.
Documents without text are passed over. https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any

from onrecord.index.passages.split import split
from onrecord.rag.answer import MAX_QUESTION_LENGTH
from onrecord.rag.cases.case import Case, CaseFileError
from onrecord.rag.cases.importers.folder import CaseFolder, Imported

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onrecord.index.records import Article

DEFAULT_SPLIT = "test"
TOP_K = 10

_HINT = "Give the folder of a BEIR data set."
_OPENING = 160
_WORD = re.compile(r"\w")


def convert(source: Path, destination: Path, *, split_name: str = DEFAULT_SPLIT) -> Imported:
    """Import a BEIR data set.

    Raises:
        CaseFileError: a file is missing or cannot be read, or a line is not of the format.
    """
    # The whole data set may lie behind any name: resolved, so that `.` has one.
    with CaseFolder(destination, source.resolve()) as folder:
        qrels = source / "qrels" / f"{split_name}.tsv"
        relevant = _relevant(qrels)
        openings = _add_articles(folder, source / "corpus.jsonl", {each for ids in relevant.values() for each in ids})
        for line, query in _lines(source / "queries.jsonl"):
            judged = relevant.pop(_text(query, "_id", source / "queries.jsonl", line), None)
            if judged is None:
                continue
            for document, judgement in judged.items():
                if document not in openings:
                    raise _refusal(qrels, judgement, f"corpus.jsonl has no “{document}”", "Check the data set.")
            question = " ".join(_text(query, "text", source / "queries.jsonl", line).split())
            _add_case(folder, question, tuple(dict.fromkeys(text for each in judged for text in openings[each])))
        for query_id, judged in relevant.items():
            line = min(judged.values())
            raise _refusal(qrels, line, f"queries.jsonl has no “{query_id}”", "Check the data set.")
        return folder.finish()


def _add_case(folder: CaseFolder, question: str, passages: tuple[str, ...]) -> None:
    if not question or len(question) > MAX_QUESTION_LENGTH:
        folder.leave_out(f"the question is empty or longer than {MAX_QUESTION_LENGTH:,} characters")
    elif not passages:
        folder.leave_out("no relevant document has text that is indexed")
    else:
        folder.add_case(Case(0, question, passages=passages, any_passages=passages, top_k=TOP_K, min_confidence=0.0))


def _relevant(path: Path) -> dict[str, dict[str, int]]:
    """The relevant documents of each query, with the line that says so; judgements of 0 are left out."""
    found: dict[str, dict[str, int]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in (reader := csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
                if reader.line_num == 1 and row and not row[-1].lstrip("-").isdigit():
                    continue  # the header
                if len(row) != 3 or not row[2].lstrip("-").isdigit():  # noqa: PLR2004 - query, document, grade
                    problem = "a line of query, document and grade between tabs is expected"
                    raise _refusal(path, reader.line_num, problem, "See BEIR's format of qrels.")
                if int(row[2]) > 0:
                    found.setdefault(row[0], {})[row[1]] = reader.line_num
    except FileNotFoundError as error:
        splits = ", ".join(sorted(each.stem for each in path.parent.glob("*.tsv")))
        hint = f"There are judgements of: {splits}; name one with --split." if splits else _HINT
        raise CaseFileError(f"{path} cannot be read: {error.strerror}.", hint=hint) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise CaseFileError(f"{path} is not UTF-8.", hint="Save it in UTF-8.") from error
    return found


def _add_articles(folder: CaseFolder, path: Path, relevant: set[str]) -> dict[str, tuple[str, ...]]:
    """Write every document as an article; of the relevant ones, how each passage begins."""
    openings: dict[str, tuple[str, ...]] = {}
    for line, document in _lines(path):
        identity, title, text = (_text(document, name, path, line) for name in ("_id", "title", "text"))
        if identity in openings:
            raise _refusal(path, line, f"“{identity}” stands in this file already", "Keep one of them.")
        has_text = _WORD.search(title + text)
        article = folder.add_article(identity, title=title, text=text.strip(), where=line) if has_text else None
        if identity in relevant:
            openings[identity] = _openings(article) if article else ()
    return openings


def _openings(article: Article) -> tuple[str, ...]:
    return tuple(_opening(passage.text) for passage in split(article) if passage.kind.answers)


def _opening(text: str) -> str:
    """The first words of a text, as many as tell it from others."""
    if len(text) <= _OPENING:
        return text
    return text[:_OPENING].rsplit(maxsplit=1)[0]


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    """The JSON value of each line, with its number."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, json.loads(line)
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:  # of JSON and of UTF-8
        raise _refusal(path, number, f"this is not JSON: {error}", "Put one JSON object on each line.") from error


def _text(record: Any, name: str, path: Path, line: int) -> str:
    value = record.get(name, "" if name == "title" else None) if isinstance(record, dict) else None
    if not isinstance(value, str):
        raise _refusal(path, line, f"`{name}` is missing or no text", "See BEIR's format.")
    return value


def _refusal(path: Path, line: int, problem: str, remedy: str) -> CaseFileError:
    return CaseFileError(f"{path}:{line}: {problem}.", hint=remedy)


def _unreadable(path: Path, error: OSError) -> CaseFileError:
    return CaseFileError(f"{path} cannot be read: {error.strerror}.", hint=_HINT)
