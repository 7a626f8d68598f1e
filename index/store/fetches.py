"""Which URLs were fetched, what to send next time, and when that is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

SOONEST = timedelta(minutes=30)
LATEST = timedelta(days=30)
FIRST = timedelta(hours=6)
"""How long after its first fetch a URL is due again."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """A URL as it was last fetched, and the time from which it is due again (both in UTC).

    Each time it is unchanged the wait doubles, each time it changed it is halved, between `SOONEST` and `LATEST`; after
    a failure it doubles, too.
    """

    url: str
    checked: datetime
    due: datetime
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0

    @classmethod
    def first(cls, url: str, *, etag: str | None, last_modified: str | None, now: datetime) -> Fetch:
        """A URL that was fetched for the first time."""
        return cls(url, now, now + FIRST, etag, last_modified)

    def unchanged(self, now: datetime, *, etag: str | None = None, last_modified: str | None = None) -> Fetch:
        """The same, fetched again and as before."""
        due = now + min(2 * self._wait, LATEST)
        return Fetch(self.url, now, due, etag or self.etag, last_modified or self.last_modified)

    def changed(self, *, etag: str | None, last_modified: str | None, now: datetime) -> Fetch:
        """The same, fetched again and with something new."""
        return Fetch(self.url, now, now + max(self._wait / 2, SOONEST), etag, last_modified)

    def failed(self, now: datetime) -> Fetch:
        """The same, after it could not be fetched: what is stored of it stays."""
        due = now + min(2 * self._wait, LATEST)
        return Fetch(self.url, now, due, self.etag, self.last_modified, self.failures + 1)

    @property
    def _wait(self) -> timedelta:
        return max(self.due - self.checked, SOONEST)


def note(db: sqlite3.Connection, fetch: Fetch) -> None:
    """Remember a fetch in place of the one before."""
    db.execute(
        "INSERT OR REPLACE INTO fetched (url, etag, last_modified, checked, due, failures) VALUES (?, ?, ?, ?, ?, ?)",
        (
            fetch.url,
            fetch.etag,
            fetch.last_modified,
            fetch.checked.astimezone(UTC).isoformat(),
            fetch.due.astimezone(UTC).isoformat(),
            fetch.failures,
        ),
    )


def known(db: sqlite3.Connection) -> list[Fetch]:
    """Every URL that was fetched, those that are due first at the front."""
    found = db.execute("SELECT url, checked, due, etag, last_modified, failures FROM fetched ORDER BY due, url")
    return [
        Fetch(url, datetime.fromisoformat(checked), datetime.fromisoformat(due), etag, last_modified, failures)
        for url, checked, due, etag, last_modified, failures in found
    ]
