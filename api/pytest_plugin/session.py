"""What a pytest session is asked with, and the directory its processes share, whether or not pytest-xdist runs it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from onrecord.rag.answer import Answer, NotFound, Question

    Ask = Callable[[Question], Answer | NotFound]

WORKER_INPUT = "onrecord_directory"
"""Under which name pytest-xdist hands it to the processes that run tests."""

_DIRECTORY = pytest.StashKey[Path]()


def session_directory(config: pytest.Config) -> Path:
    """The directory, made by the process that started the others, which removes it after they have ended."""
    given = getattr(config, "workerinput", {}).get(WORKER_INPUT)
    if given is not None:
        return Path(given)
    if _DIRECTORY not in config.stash:
        directory = TemporaryDirectory(prefix="onrecord-cases-", ignore_cleanup_errors=True)
        config.add_cleanup(directory.cleanup)
        config.stash[_DIRECTORY] = Path(directory.name)
    return config.stash[_DIRECTORY]
