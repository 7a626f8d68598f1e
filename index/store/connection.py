"""A connection to the database file, whose errors are ours."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from onrecord.index.errors import CorruptStore, StoreBusy, StoreError
from onrecord.index.store.rows import HOW_TO_MEND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Connection:
    """One connection to one file. The caller keeps two threads from using it at once.

    Args:
        path: the file; it is made if there is none.

    Raises:
        StoreError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self.errors():
            self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn SQLite's errors into ours.

        Raises:
            StoreBusy: another process is writing.
            CorruptStore: the file is damaged.
            StoreError: it cannot be used.
        """
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise StoreBusy(
                    f"{self._path} is being written by another process.", hint="Try again when it has finished."
                ) from error
            raise StoreError(
                f"{self._path} cannot be used: {error}.",
                hint="Check the directory's permissions and free space; `onrecord check` says whether it is damaged.",
            ) from error
        except sqlite3.ProgrammingError as error:
            raise StoreError(f"{self._path} cannot be used: {error}", hint="Open the corpus again.") from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # its messages may quote damaged bytes
            raise CorruptStore(
                f"{self._path} is damaged: {error}.",
                hint=HOW_TO_MEND,
            ) from error
