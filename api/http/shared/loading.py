"""What answering needs, loaded in a worker thread while the server is already up."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from onrecord.api.http.shared.problems import ProblemError, ProblemKind, problem_of
from onrecord.index.errors import OnRecordError

if TYPE_CHECKING:
    from collections.abc import Callable

    from onrecord.api.wiring import Services

logger = logging.getLogger(__name__)


class Loading:
    """Services on their way: loading, then ready or failed, and it stays so."""

    def __init__(self, load: Callable[[], Services]) -> None:
        self._load = load
        self._services: Services | None = None
        self._failure: Exception | None = None

    async def run(self) -> None:
        """Load in a worker thread. A failure is kept and logged, never raised: the server stays up to tell it."""
        try:
            self._services = await asyncio.to_thread(self._load)
        except OnRecordError as error:
            self._failure = error
            logger.error("loading failed: %s", error)  # noqa: TRY400 - the message says it all
        except Exception as error:
            self._failure = error
            logger.exception("loading failed")
        else:
            logger.info("ready")

    @property
    def ready(self) -> Services | None:
        """The services, once they are there."""
        return self._services

    def services(self) -> Services:
        """The services.

        Raises:
            ProblemError: they are still being loaded, or could not be.
        """
        if self._services is not None:
            return self._services
        if self._failure is not None:
            known = problem_of(self._failure)
            raise ProblemError(known.kind, str(known.detail))
        raise ProblemError(ProblemKind.LOADING, "Ask again in a moment; /readyz says when.")

    def close(self) -> None:
        """Close the corpus, if it was opened."""
        if self._services is not None:
            self._services.corpus.close()
