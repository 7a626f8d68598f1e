"""Case files as collectors of pytest, and their cases as tests."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from onrecord.api.pytest_plugin.asking import asking, asks_elsewhere
from onrecord.index.errors import OnRecordError
from onrecord.rag.cases.case import Case, CaseFileError, Outcome, check_case
from onrecord.rag.cases.files import load
from onrecord.rag.cases.recognition import is_case_file
from onrecord.rag.cases.report import describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from onrecord.rag.answer import Answer, NotFound
    from onrecord.rag.cases.case import CaseFile, CaseReport

LONGEST_NAME = 200


class CaseFileCollector(pytest.File):
    """A case file; pytest sets it up before its first case and reports a failure of that for each of them."""

    _case_file: CaseFile

    def collect(self) -> Iterator[CaseItem]:
        """One item per case; a file that does not follow the format is an error of collection."""
        try:
            self._case_file = load(self.path, find_articles=not asks_elsewhere(self.config))
        except CaseFileError as error:
            raise self.CollectError(self._told(error)) from error
        for name, case in zip(names(self._case_file.cases), self._case_file.cases, strict=True):
            yield CaseItem.from_parent(self, name=name, case=case)

    def _told(self, error: CaseFileError) -> str:
        if is_case_file(self.path):
            return str(error)
        unlike = (
            f"no key `cases` was found in {self.path.name}, so it is no case file, and left alone unless it is named"
        )
        return f"{unlike}. {error}"

    def setup(self) -> None:
        """Index the articles, unless that was done in this session."""
        try:
            asking(self.session).open(self._case_file, self.ihook)
        except OnRecordError as error:
            told = f"the articles of {self.path} cannot be asked: {error}"
            raise pytest.fail.Exception(told, pytrace=False) from None  # what it came from would be shown above it

    def ask(self, case: Case) -> Answer | NotFound:
        """Ask a case about the articles of this file."""
        return asking(self.session).open(self._case_file, self.ihook)(case.as_question())


class CaseItem(pytest.Item):
    """One case as a test; `onrecord` and its tags are its markers."""

    parent: CaseFileCollector

    def __init__(self, *, case: Case, **node: Any) -> None:
        super().__init__(**node)
        self._case = case
        known = {line.split(":")[0] for line in self.config.getini("markers")}
        for tag in ("onrecord", *case.tags):
            if tag not in known:
                self.config.addinivalue_line("markers", f"{tag}: a tag of a case in a *.qa.yaml file")
            self.add_marker(tag)

    def runtest(self) -> None:
        """Ask and check; a failure is the report's text, without a traceback."""
        try:
            result = self.parent.ask(self._case)
        except OnRecordError as error:
            raise pytest.fail.Exception(f"the question cannot be asked: {error}", pytrace=False) from None
        report = check_case(self._case, result)
        self._note(report)
        if report.outcome is Outcome.XFAILED and self._case.xfail:
            pytest.xfail(self._case.xfail)
        if report.outcome is not Outcome.PASSED:
            pytest.fail(f"{describe(report)}\n{self._place()}", pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands: its file, its line from 0, its name."""
        return self.path, self._case.line - 1, self.name

    def _note(self, report: CaseReport) -> None:
        """Let JUnit XML tell more than whether the case holds."""
        ranks = [str(found.rank or "not returned") for found in report.passages]
        self.user_properties += [
            ("question", self._case.question),
            *(("tag", tag) for tag in self._case.tags),
            ("status", "not_found" if report.abstained else "answered"),
            ("confidence", f"{report.result.confidence:.4f}"),
            *([("passage_ranks", ", ".join(ranks))] if ranks else []),
        ]

    def _place(self) -> str:
        shown = self.path
        if shown.is_relative_to(self.config.invocation_params.dir):
            shown = shown.relative_to(self.config.invocation_params.dir)
        return f"{shown}:{self._case.line}"


def names(cases: Sequence[Case]) -> list[str]:
    """What the cases of a file are called as tests: by the question, after those asked before it; each once."""
    shown = [_shortened(" → ".join((*case.history, case.question))) for case in cases]
    total, seen = Counter(shown), Counter[str]()
    named = []
    for name in shown:
        seen[name] += 1
        named.append(name if total[name] == 1 else f"{name} ({seen[name]})")
    return named


def _shortened(name: str) -> str:
    """A name that a node id can hold: its end where it is long, and without the mark that divides ids."""
    divided = name.replace("::", ": :")
    return divided if len(divided) <= LONGEST_NAME else f"…{divided[-LONGEST_NAME + 1 :]}"
