"""Sentence-transformers models of others, on torch.

torch and sentence-transformers are imported here, and only when such a model is read: importing them takes seconds.
`index.search.vectors` imports faiss at its top, so faiss is always loaded before torch; a test holds that order.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)


class TorchModel:
    """A sentence-transformers model. Threads may share it, in turns: torch spreads each batch itself."""

    side_by_side: Final = 1

    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model
        self._lock = Lock()
        self._next = Lock()

    @classmethod
    def load(cls, folder: Path, *, threads: int) -> Self:
        """Read a model from its folder; torch then uses so many threads for one batch.

        Raises:
            Exception: whatever a broken folder makes the libraries raise.
        """
        import torch  # noqa: PLC0415 - torch: 1 s
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - sentence-transformers: 3 s

        torch.set_num_threads(threads)
        logger.info("loading the embedding model from %s", folder.name)
        with _no_progress_bars():
            return cls(SentenceTransformer(str(folder), device="cpu", local_files_only=True))

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def fits(self, text: str) -> bool:
        """Whether the model reads all of a text."""
        limit = self._model.max_seq_length
        # Every word piece stands for at least one character, so a text this short cannot be too long.
        if limit is None or len(text) <= limit - 2:
            return True
        tokens = self._model.tokenizer(text, add_special_tokens=True, truncation=False, verbose=False)["input_ids"]
        return bool(len(tokens) <= limit)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts that fit, together. *Shape:* `(len(texts), dimension)`."""
        with self._turn():
            vectors: NDArray[np.float32] = self._model.encode(
                list(texts), batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False
            )
        return vectors

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The model, in turns: a bare lock goes again to the thread that has just let go of it, while others wait."""
        with self._next:
            self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    """Keep transformers from drawing “Loading weights” on the terminal: how that is shown is for the caller to say."""
    from transformers.utils import logging as bars  # noqa: PLC0415 - transformers: 0.5 s, paid by now

    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            bars.enable_progress_bar()
