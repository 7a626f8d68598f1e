"""Reads `*.qa.yaml` case files, strictly: whatever is not of the format is refused by line, with what to write instead.

    case_file = load(Path("seeds/asadi.qa.yaml"))

The format is described in docs/case-files.md. Files are parsed to YAML nodes and validated as nodes, because a node
knows its line and a value does not; nothing is ever constructed from a tag.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import yaml
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from index.errors import CaseFileError
from rag.answer import MAX_QUESTION_LENGTH, MAX_TOP_K
from rag.cases import DEFAULT_TOP_K, Case, CaseFile, fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUFFIX = ".qa.yaml"

_CASE_KEYS = tuple(field.name for field in fields(Case) if field.name != "line")


def load(path: Path) -> CaseFile:
    """Read and validate a case file, and find its articles.

    Raises:
        CaseFileError: it cannot be read, does not follow the format, or a pattern of its `articles` matches nothing.
    """
    document = _Document(path)
    top = document.mapping(document.root(), known=("articles", "cases"), required=("articles", "cases"))
    articles = {found for pattern in document.items(top["articles"]) for found in document.matches(pattern)}
    cases = tuple(document.case(node) for node in document.items(top["cases"]))
    lines: dict[str, int] = {}
    for case in cases:
        asked = fold(case.question)
        if asked in lines:
            remedy = "Merge the two cases, or word one of them differently."
            raise document.error(case.line, f"“{case.question}” is asked in line {lines[asked]} already", remedy)
        lines[asked] = case.line
    return CaseFile(path, tuple(sorted(articles)), cases)


@dataclass(frozen=True, slots=True)
class _Document:
    """The file being read: every complaint names it, and the line of the node that it is about."""

    path: Path

    def error(self, where: yaml.Node | int, problem: str, remedy: str) -> CaseFileError:
        line = where if isinstance(where, int) else where.start_mark.line + 1
        return CaseFileError(f"{self.path}:{line}: {problem}.", hint=remedy)

    def root(self) -> yaml.Node:
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as cause:
            hint = "Give the path of a readable file in UTF-8."
            raise CaseFileError(f"{self.path}: cannot be read: {cause}.", hint=hint) from cause
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except ReaderError as cause:
            line = text.count("\n", 0, cause.position) + 1
            problem = f"the character {text[cause.position]!a} may not stand in YAML"
            raise self.error(line, problem, "Remove it, or write it as an escape in double quotes.") from cause
        except MarkedYAMLError as cause:
            line = cause.problem_mark.line + 1 if cause.problem_mark else 1
            remedy = (
                "Put a text that holds a colon, a hash, a bracket or quotation marks in quotes; indent with spaces."
            )
            raise self.error(line, f"this is not YAML: {cause.problem}", remedy) from cause
        if root is None:
            raise self.error(1, "the file is empty", "Write `articles:` and `cases:`.")
        return root

    def mapping(self, node: yaml.Node, *, known: Sequence[str], required: Sequence[str]) -> dict[str, yaml.Node]:
        """The values under the keys of a mapping that has only known keys, each once, and all required ones."""
        names = ", ".join(f"`{name}`" for name in known)
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, "keys with values are expected here", f"Write `key: value`; the keys are {names}.")
        values: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value not in known:
                raise self.error(key, f"“{key.value}” is no key that is known here", f"The keys are {names}.")
            if key.value in values:
                raise self.error(key, f"`{key.value}` is given twice", "Keep one of them.")
            values[key.value] = value
        for name in required:
            if name not in values:
                raise self.error(node, f"`{name}` is missing", f"Add `{name}:`.")
        return values

    def items(self, node: yaml.Node) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.error(node, "a list of one item or more is expected here", 'Write `["…"]`, or lines of `- …`.')
        return list(node.value)

    def text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode) or _kind(node) not in ("str", "null"):
            remedy = "Write a text; put numbers, dates, yes and no in quotation marks."
            raise self.error(node, "this is read as something else than a text", remedy)
        if _kind(node) == "null" or not fold(node.value):
            raise self.error(node, "the text is empty", "Write it, or leave its key or item out.")
        return str(node.value).strip()

    def matches(self, node: yaml.Node) -> list[Path]:
        """The files and folders a pattern matches, case files left out."""
        pattern = self.text(node)
        try:
            found = [path for path in self.path.parent.glob(pattern) if not path.name.endswith(SUFFIX)]
        except (NotImplementedError, ValueError, IndexError):  # pathlib's answers to absolute and malformed patterns
            found = []
        if not found:
            remedy = f"Write a file, folder or pattern such as “*.txt”, relative to {self.path.parent.resolve()}."
            raise self.error(node, f"no article matches “{pattern}”", remedy)
        return found

    def case(self, node: yaml.Node) -> Case:
        given = self.mapping(node, known=_CASE_KEYS, required=("question",))
        if "not_found" in given:
            self._refuse_contradiction(given)
        if "top_k" in given and "passages" not in given:
            remedy = "Add `passages`, or remove `top_k`."
            raise self.error(given["top_k"], "`top_k` says nothing without `passages`", remedy)
        return Case(
            line=node.start_mark.line + 1,
            question=self._question(given["question"]),
            passages=self._texts(given.get("passages")),
            top_k=self._top_k(given["top_k"]) if "top_k" in given else DEFAULT_TOP_K,
            answers=self._texts(given.get("answers")),
            not_found="not_found" in given,
            xfail=self.text(given["xfail"]) if "xfail" in given else None,
        )

    def _refuse_contradiction(self, given: dict[str, yaml.Node]) -> None:
        flag = given["not_found"]
        if _kind(flag) != "bool" or flag.value.lower() != "true":
            raise self.error(flag, "`not_found` can only be true", "Write `not_found: true`, or leave it out.")
        for name in ("passages", "answers"):
            if name in given:
                remedy = f"Remove `{name}` if the articles do not answer, `not_found` if they do."
                raise self.error(given[name], f"`{name}` contradicts `not_found`", remedy)

    def _question(self, node: yaml.Node) -> str:
        question = " ".join(self.text(node).split())
        if len(question) > MAX_QUESTION_LENGTH:
            remedy = f"Ask in at most {MAX_QUESTION_LENGTH:,}."
            raise self.error(node, f"the question has {len(question):,} characters", remedy)
        return question

    def _texts(self, node: yaml.Node | None) -> tuple[str, ...]:
        return tuple(self.text(item) for item in self.items(node)) if node else ()

    def _top_k(self, node: yaml.Node) -> int:
        allowed = {str(number): number for number in range(1, MAX_TOP_K + 1)}
        if _kind(node) != "int" or node.value not in allowed:
            raise self.error(node, "`top_k` is out of range", f"Write a whole number from 1 to {MAX_TOP_K}.")
        return allowed[node.value]


def _kind(node: yaml.Node) -> str:
    """What YAML reads a node as: str, int, bool, null, seq, map and so on."""
    return str(node.tag).rpartition(":")[2]
