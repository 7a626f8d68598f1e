"""robots.txt (RFC 9309): may a URL be fetched, and how slowly."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

from protego import Protego

from onrecord.index.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_FILE = 500 * 1024
"""Bytes that are read of a robots.txt, as the RFC asks for; what stands behind them does not count."""

_RULES_KEPT = 24 * 3600.0
_FAILURE_KEPT = 60.0
_MOST_ORIGINS = 1_000


class Robots:
    """The rules of every origin (“https://example.org”) asked so far, for a day. Safe to share between threads.

    Args:
        fetch: gets the text of an origin's robots.txt, empty where it has none. Where it raises FetchError nothing may
            be fetched from there: the same error is raised for a minute, then it is asked again.
        agent: the product token that rules are matched with.
    """

    def __init__(self, fetch: Callable[[str], str], agent: str) -> None:
        self._fetch = fetch
        self._agent = agent
        self._lock = Lock()
        self._known: dict[str, tuple[float, Protego | FetchError]] = {}

    def allows(self, origin: str, url: str) -> bool:
        """Whether the rules of its origin let a URL be fetched.

        Raises:
            FetchError: the rules cannot be had.
        """
        return bool(self._rules(origin).can_fetch(url, self._agent))

    def delay(self, origin: str) -> float:
        """Seconds that an origin wants between two requests; 0 where it says nothing.

        Raises:
            FetchError: the rules cannot be had.
        """
        return float(self._rules(origin).crawl_delay(self._agent) or 0)

    def _rules(self, origin: str) -> Protego:
        with self._lock:
            until, known = self._known.get(origin, (0.0, None))
        if known is None or time.monotonic() >= until:
            try:
                known, kept = Protego.parse(self._fetch(origin)), _RULES_KEPT
            except FetchError as error:
                known, kept = error, _FAILURE_KEPT
            with self._lock:
                if len(self._known) >= _MOST_ORIGINS:
                    self._known.pop(next(iter(self._known)))
                self._known[origin] = time.monotonic() + kept, known
        if isinstance(known, FetchError):
            raise known
        return known
