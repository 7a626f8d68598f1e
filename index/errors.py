"""What can go wrong, as one tree.

    OnRecordError
    ├── SourceError            a file, page or text cannot become an article
    │   ├── UnreadableSource   it cannot be read or decoded at all
    │   └── FetchError         a URL cannot be fetched: the network, the server's answer, or a limit
    │       └── FetchRefused   it must not be: a private address, robots.txt, a scheme other than http and https
    ├── ArticleNotFound        no article has that id
    ├── StoreError             the data directory cannot be used
    │   ├── CorruptStore       its database is damaged
    │   ├── StoreBusy          another process is writing to it
    │   └── UnsupportedStore   it was written by another version
    └── ModelUnavailable       a model's package or folder is missing or unusable

The floors above add theirs where they are raised, as `rag.answer.InvalidQuestion`.

Every message says what failed, where, and what to do about it. `hint` holds that last part, so that an
interface can show it apart; `str(error)` holds both. Abstaining is no error: it is `rag.answer.NotFound`.
"""
# ruff: noqa: N818 - each is named for what is wrong; “Error” at its end would say nothing more

from __future__ import annotations


class OnRecordError(Exception):
    """The root: catch this to catch everything the project raises on purpose."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message if not hint else f"{message} {hint}")
        self.message = message
        self.hint = hint


class SourceError(OnRecordError):
    """A file, page or text cannot become an article."""


class UnreadableSource(SourceError):
    """The source cannot be opened, or its bytes are not text."""


class FetchError(SourceError):
    """A URL cannot be fetched. `status` is the HTTP status where the server gave one (404 and 410: it is gone)."""

    def __init__(self, message: str, *, hint: str = "", status: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class FetchRefused(FetchError):
    """A URL must not be fetched, whatever its server would answer."""


class ArticleNotFound(OnRecordError):
    """No article in the corpus has that id."""


class StoreError(OnRecordError):
    """The data directory cannot be used."""


class CorruptStore(StoreError):
    """The database in the data directory is damaged."""


class StoreBusy(StoreError):
    """Another process holds the right to write to the data directory."""


class UnsupportedStore(StoreError):
    """The data directory was written in a schema this version does not know."""


class ModelUnavailable(OnRecordError):
    """The package or folder of a model is missing, or does not hold what it should."""
