"""Who may add and remove articles over HTTP: programs that reach this server, and its own pages; no other site's."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request  # noqa: TC002 - FastAPI reads the annotation

from onrecord.api.http.shared.problems import ProblemError, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onrecord.api.http.shared.exposure import Exposure
    from onrecord.index.sources.web.fetcher import Fetcher

UNWRITABLE = (
    "This server's data directory cannot be written, so it only answers. Give it the right to write there and start it "
    "again."
)
"""What whoever would change articles is told where none can be."""

_SAME_SITE = ("same-origin", "none")


@dataclass(frozen=True, slots=True)
class Writing:
    """How articles are added over HTTP.

    Args:
        jobs: the directory in which jobs are kept.
        fetcher: makes what fetches URLs.
        read_only: whether nothing may be added or removed.
    """

    jobs: Path
    fetcher: Callable[[], Fetcher]
    read_only: bool = False


def is_loopback(host: str) -> bool:
    """Whether an address that a server listens on is reached from this machine alone."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host.strip("[]")).is_loopback)


def may_write(request: Request, writing: Writing | None, exposure: Exposure) -> None:
    """Let a request pass that may change articles.

    A page of another site must never write through its reader's browser. A browser says from where a request comes, so
    this one must come from here; and where no key is asked for, “here” must be an address or localhost, because any
    site can let its own name point at this machine for a while (DNS rebinding).
    """
    if writing is None or writing.read_only:
        raise ProblemError(
            ProblemKind.READ_ONLY,
            "This server only answers. To add and remove articles over HTTP, let it listen on 127.0.0.1, or set "
            "ONRECORD_API_KEY, or ONRECORD_READ_ONLY=false; the command line always can.",
        )
    if not exposure.admits(request.headers.get("authorization")):
        raise ProblemError(
            ProblemKind.INVALID_API_KEY,
            "Send the key of this server: Authorization: Bearer, then its ONRECORD_API_KEY.",
        )
    if not _comes_from_here(request, exposure):
        raise ProblemError(
            ProblemKind.CROSS_ORIGIN,
            "A page of another site cannot add or remove articles. Open this server's own page by its address or as "
            "localhost, or send the request from a program.",
        )


def _comes_from_here(request: Request, exposure: Exposure) -> bool:
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if site is not None and site not in _SAME_SITE:
        return False
    if origin is None:  # no browser leaves it away where another site writes
        return True
    if exposure.public_url is not None and origin == _origin(exposure.public_url):
        return True
    if origin.partition("://")[2] != request.headers.get("host"):
        return False
    name = urlsplit(origin).hostname or ""
    return exposure.api_key is not None or name == "localhost" or _is_address(name)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
