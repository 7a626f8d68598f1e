"""SQuAD 1.1 and 2.0: articles of paragraphs, each with questions whose answers stand in it, or, in 2.0, do not.

Each article becomes a file of its paragraphs. A question expects its answers, any of them, and the sentence around the
first one as its passage; an impossible one expects abstention. https://rajpurkar.github.io/SQuAD-explorer/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ijson

from onrecord.index.passages.sentences import sentences
from onrecord.index.passages.split import split
from onrecord.rag.answer import MAX_QUESTION_LENGTH
from onrecord.rag.cases.case import Case, CaseFileError
from onrecord.rag.cases.importers.folder import CaseFolder, Imported
from onrecord.rag.cases.matching import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onrecord.index.records import Passage


def convert(source: Path, destination: Path) -> Imported:
    """Import a SQuAD file.

    Raises:
        CaseFileError: it cannot be read, or a record is not of the format.
    """
    with CaseFolder(destination, source) as folder:
        for number, article in enumerate(_articles(source)):
            _add_article(folder, _Record(folder, f"data[{number}]", article))
        return folder.finish()


def _articles(source: Path) -> Iterator[Any]:
    try:
        with source.open("rb") as file:
            yield from ijson.items(file, "data.item")
    except OSError as error:
        raise CaseFileError(
            f"{source} cannot be read: {error.strerror}.", hint="Give the path of a SQuAD file."
        ) from error
    except (ijson.JSONError, UnicodeDecodeError) as error:
        problem = str(error).splitlines()[0]
        raise CaseFileError(
            f"{source} is not JSON: {problem}.", hint="Give a SQuAD file as it was published."
        ) from error


@dataclass(frozen=True, slots=True)
class _Record:
    """An object of the file, and where it stands in it."""

    folder: CaseFolder
    where: str
    value: Any

    def refusal(self, problem: str, remedy: str) -> CaseFileError:
        return self.folder.refusal(self.where, problem, remedy)

    def get(self, name: str, kind: type | tuple[type, ...]) -> Any:
        value = self.value.get(name) if isinstance(self.value, dict) else None
        if not isinstance(value, kind):
            raise self.refusal(f"`{name}` is missing or of another kind", "See the format of SQuAD.")
        return value

    def records(self, name: str) -> list[_Record]:
        return [
            _Record(self.folder, f"{self.where}.{name}[{number}]", value)
            for number, value in enumerate(self.get(name, list))
        ]


def _add_article(folder: CaseFolder, record: _Record) -> None:
    title = record.get("title", str)
    paragraphs = record.records("paragraphs")
    contexts = [paragraph.get("context", str).strip() for paragraph in paragraphs]
    article = folder.add_article(title, title=title.replace("_", " "), text="\n\n".join(contexts), where=record.where)
    passages = [passage for passage in split(article) if passage.kind.answers]
    end = len(article.text)
    starts = []
    for context in reversed(contexts):
        end -= len(context)
        starts.append(end)
        end -= len("\n\n")
    for paragraph, start in zip(paragraphs, reversed(starts), strict=True):
        context = paragraph.value["context"]
        offset = start - (len(context) - len(context.lstrip()))
        for question in paragraph.records("qas"):
            _add_case(question, context, offset, passages)


def _add_case(record: _Record, context: str, offset: int, passages: list[Passage]) -> None:
    folder, question = record.folder, " ".join(record.get("question", str).split())
    if not question or len(question) > MAX_QUESTION_LENGTH:
        folder.leave_out(f"the question is empty or longer than {MAX_QUESTION_LENGTH:,} characters")
        return
    answers = [_answer(answer, context) for answer in record.records("answers")]
    if record.value.get("is_impossible") is True:
        folder.add_case(Case(0, question, not_found=True))
        return
    if not answers:
        raise record.refusal("there are no `answers`", "Add some, or `is_impossible: true`.")
    passage = _sentence_around(offset + answers[0][0], answers[0][1], passages)
    if passage is None:
        folder.leave_out("the answer stands in what is not indexed, or in no single passage")
        return
    texts: dict[str, str] = {}
    for _, text in answers:
        texts.setdefault(fold(text), text)
    folder.add_case(Case(0, question, passages=(passage,), answers=tuple(texts.values())))


def _answer(record: _Record, context: str) -> tuple[int, str]:
    """Where an answer begins in its context, and its text."""
    text, start = record.get("text", str), record.get("answer_start", int)
    if not text.strip() or start < 0 or context[start : start + len(text)] != text:
        raise record.refusal(f"“{text}” does not stand at {start} of its context", "Correct `answer_start`.")
    return start + len(text) - len(text.lstrip()), text.strip()


def _sentence_around(start: int, answer: str, passages: list[Passage]) -> str | None:
    """The sentences of the passage in which an answer stands; None where it stands in no passage that is indexed."""
    end = start + len(answer)
    for passage in passages:
        if passage.start <= start and end <= passage.end:
            around = [
                sentence
                for sentence in sentences(passage.text)
                if passage.start + sentence.end > start and passage.start + sentence.start < end
            ]
            return passage.text[around[0].start : around[-1].end]
    return None
