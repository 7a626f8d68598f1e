"""The right to change a data directory, for one process at a time."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from onrecord.index.errors import StoreBusy, StoreError
from onrecord.index.layout import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAUSE = 0.05


class WriteLock:
    """A file lock that all threads of this process hold together; it keeps other processes out, not other threads.

    A crash releases it: the operating system holds it, not the file's existence.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        # One lock object for all threads counts its holders; the mutex keeps that count right.
        self._file = FileLock(directory / LOCK, thread_local=False)
        self._mutex = Lock()

    @contextmanager
    def held(self, *, wait: bool = False) -> Iterator[None]:
        """Hold the right; where another process has it, fail at once or `wait` until it is free.

        Raises:
            StoreBusy: another process holds it.
            StoreError: the directory cannot be written, or is gone.
        """
        while not self._acquired():
            if not wait:
                raise StoreBusy(
                    f"Another process is writing to {self._directory}.",
                    hint="Try again when it has finished; the commands that write wait for that with --wait.",
                )
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            with self._mutex:
                self._file.release()

    def _acquired(self) -> bool:
        with self._mutex:
            if not self._directory.is_dir():  # the lock would make it again
                raise StoreError(f"{self._directory} is not there any more.", hint="Bring it back, or choose another.")
            try:
                self._file.acquire(timeout=0)
            except Timeout:
                return False
            except OSError as error:
                raise StoreError(
                    f"{self._directory} cannot be written: {error.strerror}.", hint="Check its permissions."
                ) from error
            return True
