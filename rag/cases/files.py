"""Reads `*.qa.yaml` case files, strictly: whatever is not of the format is refused by line, with what to write instead.

    case_file = load(Path("seeds/asadi.qa.yaml"))

The format is described in docs/case-files.md; `rag.cases.schema` says the same as a JSON Schema.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.rag.answer import MAX_HISTORY, MAX_QUESTION_LENGTH, MAX_TOP_K
from onrecord.rag.cases.case import DEFAULT_TOP_K, Case, CaseFile, CaseFileError, ExpectedCitation
from onrecord.rag.cases.matching import fold
from onrecord.rag.cases.nodes import Document, kind
from onrecord.rag.cases.recognition import is_case_file

if TYPE_CHECKING:
    import yaml

SUFFIX = ".qa.yaml"
TAG = r"[A-Za-z][A-Za-z0-9_-]*"
RESERVED_TAGS = ("and", "or", "not", "skip", "skipif", "xfail", "parametrize", "usefixtures", "filterwarnings")
"""Words that mean something else where cases are selected by their tags: to pytest's `-m`, and as its markers."""

TOP_KEYS = ("articles", "cases")
CASE_KEYS = (
    "question",
    "history",
    "passages",
    "top_k",
    "answers",
    "citation",
    "not_found",
    "min_confidence",
    "tags",
    "xfail",
)
UNANSWERED_LACKS = ("passages", "answers", "citation")
"""What contradicts `not_found`."""


def find(path: Path) -> list[Path]:
    """The case files that a path stands for: itself, or every one below a folder, sorted.

    Hidden folders are left out, and so is what other tools keep under such a name.

    Raises:
        CaseFileError: it is a folder without a case file.
    """
    if not path.is_dir():
        return [path]
    below = (file.relative_to(path) for file in path.rglob(f"*{SUFFIX}") if file.is_file())
    named = sorted(path / file for file in below if not any(part.startswith(".") for part in file.parts))
    found = [file for file in named if is_case_file(file)]
    if not found:
        hint = f"{named[0]} has no key `cases`." if named else f"The name of a case file ends in {SUFFIX}."
        raise CaseFileError(f"There is no case file in {path}.", hint=hint)
    return found


def load(path: Path, *, find_articles: bool = True) -> CaseFile:
    """Read and validate a case file, and find its articles.

    Args:
        path: the file.
        find_articles: whether the case file must name articles, and each of its patterns match some; without that it
            may, for a corpus that is there already, and none are looked for.

    Raises:
        CaseFileError: it cannot be read, does not follow the format, or a pattern of its `articles` matches nothing.
    """
    reader = CaseReader(path)
    top = reader.mapping(reader.root(), known=TOP_KEYS, required=TOP_KEYS if find_articles else ("cases",))
    patterns = reader.texts(top.get("articles"))
    articles: dict[Path, Path] = {}  # by what they are, however a pattern reaches them
    if find_articles:
        for node, pattern in zip(reader.items(top["articles"]), patterns, strict=True):
            for article in reader.matches(node, pattern):
                articles.setdefault(article.resolve(), article)
    cases = tuple(reader.case(node) for node in reader.items(top["cases"]))
    lines: dict[tuple[str, ...], int] = {}
    for case in cases:
        asked = tuple(fold(question) for question in (*case.history, case.question))
        if asked in lines:
            remedy = "Merge the two cases, or word one of them differently."
            raise reader.error(case.line, f"“{case.question}” is asked in line {lines[asked]} already", remedy)
        lines[asked] = case.line
    return CaseFile(path, tuple(sorted(articles.values())), cases)


class CaseReader(Document):
    """Makes cases of the nodes of one file."""

    def matches(self, node: yaml.Node, pattern: str) -> list[Path]:
        """The files and folders a pattern matches, case files left out; what `..` leads to by its real path."""
        folder, rest = _start(pattern, self.path.parent)
        try:
            found = [path for path in (folder.glob(rest) if rest else [folder]) if not path.name.endswith(SUFFIX)]
        except (OSError, ValueError, IndexError):  # a name is too long, or pathlib's answers to malformed patterns
            found = []
        if not found:
            remedy = f"Write a file, folder or pattern such as “*.txt”, relative to {self.path.parent.resolve()}"
            raise self.error(node, f"no article matches “{pattern}”", f"{remedy}, or one that begins with / or ~/.")
        return [path.resolve() if ".." in path.parts else path for path in found]

    def case(self, node: yaml.Node) -> Case:
        """A case of `cases`."""
        given = self.mapping(node, known=CASE_KEYS, required=("question",))
        self._refuse_contradictions(given)
        passages, any_passages = self._which(given.get("passages"), plain="all", part="any")
        answers, all_answers = self._which(given.get("answers"), plain="any", part="all")
        return Case(
            line=node.start_mark.line + 1,
            question=self._question(given["question"]),
            history=self._history(given["history"]) if "history" in given else (),
            passages=passages,
            any_passages=any_passages,
            top_k=self._whole(given["top_k"], "top_k", MAX_TOP_K) if "top_k" in given else DEFAULT_TOP_K,
            answers=answers,
            all_answers=all_answers,
            citation=self._citation(given["citation"]) if "citation" in given else None,
            not_found="not_found" in given,
            min_confidence=self._share(given["min_confidence"]) if "min_confidence" in given else None,
            tags=self._tags(given["tags"]) if "tags" in given else (),
            xfail=self.text(given["xfail"]) if "xfail" in given else None,
        )

    def _refuse_contradictions(self, given: dict[str, yaml.Node]) -> None:
        flag = given.get("not_found")
        if flag:
            if kind(flag) != "bool" or flag.value.lower() != "true":
                raise self.error(flag, "`not_found` can only be true", "Write `not_found: true`, or leave it out.")
            for name in UNANSWERED_LACKS:
                if name in given:
                    remedy = f"Remove `{name}` if the articles do not answer, `not_found` if they do."
                    raise self.error(given[name], f"`{name}` contradicts `not_found`", remedy)
        if "top_k" in given and "passages" not in given:
            remedy = "Add `passages`, or remove `top_k`."
            raise self.error(given["top_k"], "`top_k` says nothing without `passages`", remedy)

    def _question(self, node: yaml.Node) -> str:
        question = " ".join(self.text(node).split())
        if len(question) > MAX_QUESTION_LENGTH:
            remedy = f"Ask in at most {MAX_QUESTION_LENGTH:,}."
            raise self.error(node, f"the question has {len(question):,} characters", remedy)
        return question

    def _history(self, node: yaml.Node) -> tuple[str, ...]:
        history = tuple(self._question(item) for item in self.items(node))
        if len(history) > MAX_HISTORY:
            remedy = f"Keep the last {MAX_HISTORY} or fewer."
            raise self.error(node, f"{len(history)} earlier questions are too many", remedy)
        return history

    def _which(self, node: yaml.Node | None, *, plain: str, part: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The texts of a list or of lists under `all` and `any`, and those that `part` says; a list is of `plain`."""
        if node is None or kind(node) != "map":
            return self.texts(node), ()
        given = self.mapping(node, known=("all", "any"))
        if not given:
            raise self.error(node, "neither `all` nor `any` is given", "Write a list, or add one of them.")
        marked, others = self.texts(given.get(part)), self.texts(given.get(plain))
        twice = {fold(text) for text in marked}.intersection(fold(text) for text in others)
        if twice:
            raise self.error(given["any"], f"“{twice.pop()}” stands under `all` too", "Keep it there.")
        return (*marked, *others), marked

    def _citation(self, node: yaml.Node) -> ExpectedCitation:
        given = self.mapping(node, known=("article", "paragraph"), required=("article",))
        paragraph = self._whole(given["paragraph"], "paragraph", None) if "paragraph" in given else None
        return ExpectedCitation(self.text(given["article"]), paragraph)

    def _tags(self, node: yaml.Node) -> tuple[str, ...]:
        tags = self.texts(node)
        for item, tag in zip(self.items(node), tags, strict=True):
            if not re.fullmatch(TAG, tag):
                remedy = "Write letters and digits of ASCII, “_” and “-”, with a letter first."
                raise self.error(item, f"“{tag}” cannot be a tag", remedy)
            if tag in RESERVED_TAGS:
                raise self.error(item, f"“{tag}” means something else to pytest", "Choose another word.")
        return tags

    def _whole(self, node: yaml.Node, name: str, most: int | None) -> int:
        return int(self.number(node, name, 1, most, whole=True))

    def _share(self, node: yaml.Node) -> float:
        return float(self.number(node, "min_confidence", 0, 1, whole=False))


def _start(pattern: str, folder: Path) -> tuple[Path, str]:
    """Where to look for a pattern of a case file in `folder`, and for what; nothing if the place itself is meant."""
    if pattern.startswith("~"):
        user, _, rest = pattern.partition("/")
        try:
            return Path(user).expanduser(), rest  # a name and no pattern, whatever characters it holds
        except RuntimeError:  # nobody is called so: it is a file here
            return folder, pattern
    path = Path(pattern)
    return (Path(path.anchor), str(path.relative_to(path.anchor))) if path.is_absolute() else (folder, pattern)
