"""How many questions are answered at once, and how many may wait."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from onrecord.api.http.shared.problems import ProblemError, ProblemKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Gate:
    """Lets `running` questions through at a time, in the order they came, and turns away those beyond `waiting`.

    Waiting happens on the event loop, so it takes no worker thread from other routes. One event loop only.
    """

    def __init__(self, *, running: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(running)
        self._most_waiting = waiting
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it.

        Raises:
            ProblemError: too many are waiting already.
        """
        if self._free.locked() and self._waiting >= self._most_waiting:
            raise ProblemError(
                ProblemKind.OVERLOADED, f"{self._waiting} questions are waiting for their turn. Ask again in a moment."
            )
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()
