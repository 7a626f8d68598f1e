"""Runs case files as tests: pytest collects `*.qa.yaml`, one test per case, named by its question.

Installing `onrecord` turns this on, so it is imported by every pytest run in that environment and must stay light:
models and indexes are loaded when the first case runs. The articles of a case file are indexed once in a session (in
each worker, under pytest-xdist), in a temporary directory, by this version's code and the `ONRECORD_…` settings.

A project that asks something else, such as its own pipeline, says so in `conftest.py` with one hook:

    def pytest_onrecord_ask(case_file, directory, session):
        return my_pipeline(case_file.articles).ask
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from index.errors import CaseFileError, OnRecordError
from rag.answer import Answer, NotFound, Question
from rag.case_files import SUFFIX, load
from rag.cases import Case, CaseFile, Outcome, check

Ask = Callable[[Question], Answer | NotFound]


class CaseHooks:
    """The hook this plugin adds."""

    @pytest.hookspec(firstresult=True)
    def pytest_onrecord_ask(self, case_file: CaseFile, directory: Path, session: pytest.Session) -> Ask:
        """Index the articles of a case file and return what answers questions about them. The first result counts.

        Called once per case file and session, when its first case runs. `directory` is empty, its own, and removed at
        the end of the session, after what was given to `session.addfinalizer` here has run.
        """
        raise NotImplementedError


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Make the hook known."""
    pluginmanager.add_hookspecs(CaseHooks)


@pytest.hookimpl(trylast=True)
def pytest_onrecord_ask(case_file: CaseFile, directory: Path, session: pytest.Session) -> Ask:
    """Ask the pipeline that `onrecord ask` asks."""
    from api.case_runs import open_articles  # noqa: PLC0415 - not before a case runs: it loads numpy and more
    from api.settings import load_settings  # noqa: PLC0415 - likewise

    services = open_articles(case_file, load_settings(data_dir=directory))
    session.addfinalizer(services.corpus.close)
    return services.pipeline.ask


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseFileCollector | None:
    """Collect `*.qa.yaml`."""
    if not file_path.name.endswith(SUFFIX):
        return None
    return CaseFileCollector.from_parent(parent, path=file_path)


class CaseFileCollector(pytest.File):
    """A case file; pytest sets it up before its first case and reports a failure of that for each of them."""

    _case_file: CaseFile
    _ask: Ask | None = None

    def collect(self) -> Iterator[CaseItem]:
        """One item per case; a file that does not follow the format is an error of collection."""
        try:
            self._case_file = load(self.path)
        except CaseFileError as error:
            raise self.CollectError(str(error)) from error
        for case in self._case_file.cases:
            yield CaseItem.from_parent(self, name=case.question, case=case)

    def setup(self) -> None:
        """Index the articles, unless that was done: pytest sets up again where another file's cases ran in between."""
        if self._ask is not None:
            return
        directory = TemporaryDirectory(prefix="onrecord-cases-", ignore_cleanup_errors=True)
        self.session.addfinalizer(directory.cleanup)  # not config.add_cleanup: xdist ends its workers before that
        try:
            self._ask = self.ihook.pytest_onrecord_ask(
                case_file=self._case_file, directory=Path(directory.name), session=self.session
            )
        except OnRecordError as error:
            pytest.fail(f"the articles of {self.path} cannot be asked: {error}", pytrace=False)

    def ask(self, question: Question) -> Answer | NotFound:
        """Ask about the articles of this file."""
        if self._ask is None:
            raise RuntimeError("the case file has not been set up")
        return self._ask(question)


class CaseItem(pytest.Item):
    """One case as a test."""

    parent: CaseFileCollector

    def __init__(self, *, case: Case, **node: Any) -> None:
        super().__init__(**node)
        self._case = case

    def runtest(self) -> None:
        """Ask and check; a failure is the report's text, without a traceback."""
        try:
            result = self.parent.ask(self._case.as_question())
        except OnRecordError as error:
            pytest.fail(f"the question cannot be asked: {error}", pytrace=False)
        report = check(self._case, result)
        if report.outcome is Outcome.XFAILED and self._case.xfail:
            pytest.xfail(self._case.xfail)
        if report.outcome is not Outcome.PASSED:
            pytest.fail(report.describe(), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands: its file, its line from 0, its question."""
        return self.path, self._case.line - 1, self._case.question
