"""A connection to the database file, whose errors are ours.

A file that cannot be written is read where it stands. SQLite reads one in WAL mode only beside files that it makes, or
that whoever writes has made; where there are none, nobody writes, and it is told that the file does not change. Should
somebody begin to, the file is opened again.
"""

from __future__ import annotations

import os
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
        self._taken_for_still: tuple[int, ...] | None = None
        self.read_only = path.exists() and not (_can_write(path) and _can_write(path.parent))
        self._identity: tuple[int, int] | None = None
        with self.errors():
            self.db = self._open_read_only() if self.read_only else self._connect(str(path))
            self._identity = self._now_there()

    def _connect(self, database: str, *, uri: bool = False) -> sqlite3.Connection:
        return sqlite3.connect(database, uri=uri, isolation_level=None, check_same_thread=False, timeout=30)

    def _open_read_only(self) -> sqlite3.Connection:
        address = self._path.resolve().as_uri()
        if self._log(".db-shm").exists():
            opened = self._connect(f"{address}?mode=ro", uri=True)
            try:
                opened.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
            except sqlite3.OperationalError:
                opened.close()
            else:
                self._taken_for_still = None
                return opened
        if self._log(".db-wal").exists() and self._log(".db-wal").stat().st_size:
            raise StoreError(
                f"{self._path} cannot be written, and holds changes that were never merged into it.",
                hint="Open it once where it can be written: onrecord articles.",
            )
        self._taken_for_still = self._state()
        return self._connect(f"{address}?immutable=1", uri=True)

    def _log(self, suffix: str) -> Path:
        return self._path.with_suffix(suffix)

    def _state(self) -> tuple[int, ...]:
        """What changes when somebody writes: the file, or the log beside it."""
        there = self._path.stat()
        return there.st_ino, there.st_size, there.st_mtime_ns, self._log(".db-shm").exists()

    def _now_there(self) -> tuple[int, int] | None:
        try:
            there = self._path.stat()
        except OSError:
            return None
        return there.st_dev, there.st_ino

    def _look_again(self) -> None:
        """See that the file is still the one that was opened, and whether somebody writes where nobody did.

        An open file answers on after its directory is gone, and takes changes that nobody will ever see.
        """
        now = self._now_there()
        if now != self._identity:
            what = "is not there any more" if now is None else "was replaced by another file"
            raise StoreError(f"{self._path} {what}.", hint="Bring the data directory back, or open it again.")
        if self._taken_for_still not in (None, self._state()):
            self.db.close()
            self.db = self._open_read_only()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn SQLite's errors into ours.

        Raises:
            StoreBusy: another process is writing.
            CorruptStore: the file is damaged.
            StoreError: it cannot be used, or is not there any more.
        """
        try:
            if self._identity is not None and not self.db.in_transaction:
                self._look_again()
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


def _can_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
