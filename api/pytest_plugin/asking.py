"""What the cases of a pytest session ask: articles, indexed once for all its processes, or what the options name."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from onrecord.api import wiring
from onrecord.api.pytest_plugin.session import session_directory
from onrecord.index.errors import OnRecordError

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from onrecord.api.pytest_plugin.session import Ask
    from onrecord.api.settings import Settings
    from onrecord.rag.cases.case import CaseFile


class Asking:
    """What answers questions in one process, opened when it is first needed; what could not be opened stays so."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session
        self._opened: dict[Hashable, Ask | OnRecordError] = {}

    def open(self, case_file: CaseFile, hooks: Any) -> Ask:
        """What answers questions about the articles of a case file, by the hooks of its folder.

        Raises:
            OnRecordError: the articles cannot be read or indexed, or what the options name cannot be asked.
        """
        key = (case_file.path.parent, case_file.articles)
        if key not in self._opened:
            self._opened[key] = self._open(case_file, hooks)
        opened = self._opened[key]
        if isinstance(opened, OnRecordError):
            raise opened
        return opened

    def _open(self, case_file: CaseFile, hooks: Any) -> Ask | OnRecordError:
        asked = "\0".join(map(str, (case_file.path.parent, *case_file.articles)))
        name = hashlib.sha256(os.fsencode(asked)).hexdigest()[:16]
        directory = session_directory(self._session.config) / name
        # One process after the other: the first indexes the articles, the others find that done.
        with FileLock(directory.with_suffix(".lock")):
            directory.mkdir(exist_ok=True)
            try:
                ask: Ask = hooks.pytest_onrecord_ask(case_file=case_file, directory=directory, session=self._session)
            except OnRecordError as error:
                return error
        return ask


_ASKING = pytest.StashKey[Asking]()
_ELSEWHERE = pytest.StashKey["Ask"]()


def asking(session: pytest.Session) -> Asking:
    """What a session's cases ask."""
    return session.stash.setdefault(_ASKING, Asking(session))


def asks_elsewhere(config: pytest.Config) -> bool:
    """Whether the options name what to ask, so that the articles of case files do not matter."""
    return bool(config.getoption("--onrecord-data") or config.getoption("--onrecord-url"))


def ask_by_options(case_file: CaseFile, directory: Path, session: pytest.Session) -> Ask:
    """Ask a server, a data directory, or the articles of the case file, indexed in `directory`.

    Raises:
        OnRecordError: the articles cannot be read or indexed, or what the options name cannot be asked.
    """
    config = session.config
    if not asks_elsewhere(config):
        return _ask_articles(case_file, directory, session)
    if _ELSEWHERE not in session.stash:
        url = config.getoption("--onrecord-url")
        session.stash[_ELSEWHERE] = _ask_server(url, session) if url else _ask_data_directory(session)
    return session.stash[_ELSEWHERE]


def _ask_articles(case_file: CaseFile, directory: Path, session: pytest.Session) -> Ask:
    from onrecord.api.evaluation.runs import open_articles  # noqa: PLC0415 - saves 35 ms where nothing is indexed

    # Not warmed up: models that nothing needs to be indexed with are read outside the lock, with the first question.
    services = open_articles(case_file, _settings(directory), warm=False)
    session.addfinalizer(services.corpus.close)
    return services.pipeline.ask


def _ask_data_directory(session: pytest.Session) -> Ask:
    config = session.config
    services = wiring.load(_settings(config.invocation_params.dir / config.getoption("--onrecord-data")))
    session.addfinalizer(services.corpus.close)
    return services.pipeline.ask


def _ask_server(url: str, session: pytest.Session) -> Ask:
    from onrecord.api.pytest_plugin.remote import RemotePipeline  # noqa: PLC0415 - saves 0.1 s where no server is asked

    remote = RemotePipeline(url)
    session.addfinalizer(remote.close)
    remote.require_ready()
    return remote.ask


def _settings(directory: Path) -> Settings:
    """The settings, where they leave it open with the processors shared out among the processes of pytest-xdist."""
    from onrecord.api.settings import load_settings  # noqa: PLC0415 - saves 0.1 s where cases are only collected

    settings = load_settings(data_dir=directory)
    if "threads" in settings.model_fields_set:
        return settings
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return settings.model_copy(update={"threads": max(1, settings.threads // processes)})
