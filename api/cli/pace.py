"""How fast work goes that is reported in bursts, as batches are committed: over minutes, not between two reports."""

from __future__ import annotations

from collections import deque

WINDOW = 120.0
"""Seconds that are looked back on, so that what an interrupted run had done already is soon left out of account."""


class Pace:
    """What was done by when; the clock is the caller's, in seconds. One thread may report while another asks."""

    def __init__(self) -> None:
        self._reports: deque[tuple[float, int]] = deque()

    def note(self, done: int, now: float) -> None:
        """Remember that so much is done; where it is less than before, the work has begun anew."""
        if not self._reports or done < self._reports[-1][1]:
            self._reports = deque([(now, done)])
            return
        self._reports.append((now, done))
        while len(self._reports) > 2 and self._reports[1][0] <= now - WINDOW:  # noqa: PLR2004 - a first and a last one
            self._reports.popleft()

    def rate(self, now: float) -> float | None:
        """How much is done in a second; None before anything was."""
        reports = self._reports
        if not reports:
            return None
        (began, before), (_, done) = reports[0], reports[-1]
        return (done - before) / (now - began) if done > before and now > began else None

    def left(self, total: int, now: float) -> float | None:
        """How many seconds the rest will take; None before that can be told."""
        rate = self.rate(now)
        return None if rate is None else max(0, total - self._reports[-1][1]) / rate
