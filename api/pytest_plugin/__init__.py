"""Runs case files as tests: pytest collects `*.qa.yaml` with a key `cases`, one test per case, named by its question.

Installing `onrecord` turns this on, so it is imported by every pytest run in that environment and must stay light: what
reads case files is imported when there is one, models and indexes when the first case runs. docs/pytest.md says how
to use it, and how a project asks something else through the hook `pytest_onrecord_ask`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from onrecord.api.pytest_plugin.session import WORKER_INPUT, session_directory
from onrecord.index.layout import DATABASE
from onrecord.rag.cases.recognition import is_case_file

if TYPE_CHECKING:
    from onrecord.api.pytest_plugin.cases import CaseFileCollector
    from onrecord.api.pytest_plugin.session import Ask
    from onrecord.rag.cases.case import CaseFile

_SUFFIX = ".qa.yaml"


class CaseHooks:
    """The hook this plugin adds."""

    @pytest.hookspec(firstresult=True)
    def pytest_onrecord_ask(self, case_file: CaseFile, directory: Path, session: pytest.Session) -> Ask:
        """Index the articles of a case file and return what answers questions about them. The first result counts.

        Called when the first case runs that asks these articles; case files of one folder with the same articles share
        what is returned. Each process of pytest-xdist calls it, one after the other, with one and the same
        `directory`: the first finds it empty, the others what it left there. It is removed at the end of the session,
        after what was given to `session.addfinalizer` here has run.
        """
        raise NotImplementedError


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let cases ask what is there already, instead of indexing their articles."""
    group = parser.getgroup("onrecord", "cases of *.qa.yaml files (onrecord)")
    group.addoption(
        "--onrecord-data",
        metavar="DIR",
        type=Path,
        help="ask the articles of this data directory, as `onrecord index --data DIR` made it; `articles:` is not read",
    )
    group.addoption(
        "--onrecord-url",
        metavar="URL",
        help="ask the server that `onrecord serve` runs there; `articles:` is not read",
    )


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Make the hook known."""
    pluginmanager.add_hookspecs(CaseHooks)


def pytest_configure(config: pytest.Config) -> None:
    """Check the options, and make the marker known that every case has."""
    config.addinivalue_line("markers", "onrecord: a case of a *.qa.yaml file; its tags are markers too")
    data, url = config.getoption("--onrecord-data"), config.getoption("--onrecord-url")
    if data is not None and url is not None:
        raise pytest.UsageError("give --onrecord-data or --onrecord-url, not both: a case is asked in one place")
    if data is not None and not (config.invocation_params.dir / data / DATABASE).is_file():
        raise pytest.UsageError(f"--onrecord-data: {data} is no data directory; onrecord index PATH --data {data}")
    if url is not None and not url.startswith(("http://", "https://")):
        raise pytest.UsageError(f"--onrecord-url: {url} is no address of a server, as http://127.0.0.1:8000 is")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process of pytest-xdist which directory the whole session shares."""
    node.workerinput[WORKER_INPUT] = str(session_directory(node.config))


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is asked, if not the articles of the case files."""
    asked = config.getoption("--onrecord-url") or config.getoption("--onrecord-data")
    return [f"onrecord: cases ask {asked}"] if asked else []


@pytest.hookimpl(trylast=True)
def pytest_onrecord_ask(case_file: CaseFile, directory: Path, session: pytest.Session) -> Ask:
    """Ask what the options name, else the pipeline that `onrecord ask` asks, about the articles of the case file."""
    from onrecord.api.pytest_plugin.asking import ask_by_options  # noqa: PLC0415 - saves 7 ms where there is no case file

    return ask_by_options(case_file, directory, session)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseFileCollector | None:
    """Collect case files; others called `*.qa.yaml` are left to the tools they belong to, unless they are named."""
    if not file_path.name.endswith(_SUFFIX):
        return None
    if not (is_case_file(file_path) or parent.session.isinitpath(file_path)):
        return None
    from onrecord.api.pytest_plugin.cases import CaseFileCollector  # noqa: PLC0415 - saves 40 ms where there is no case file

    return CaseFileCollector.from_parent(parent, path=file_path)
