"""all-MiniLM-L6-v2 without torch: the published weights, run by onnxruntime.

`minilm.onnx` beside this module holds the computation and no weights: each of them is a stretch of the published
`model.safetensors`, which is mapped as it lies in its package (ONNX' external data). `training.network.minilm` writes
it. The stretches are those of that file alone, so it is used only where all files of a folder have the known digest.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from onrecord.index.inference import session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


DIGEST = "a683a6d1843b7e38c87d02300d0245454318fed980f5fb604e6b78ae5238bbbf"
"""SHA-256 of the names and digests of the files that `embedder.model_digest` takes, as published."""

GRAPH = Path(__file__).with_name("minilm.onnx")

_LONGEST = 256


class MiniLM:
    """The model in a folder with the published files. Safe to share between threads, which need not wait in turns.

    Args:
        folder: holds model.safetensors and tokenizer.json.
        threads: how many batches the embedder may have encoded side by side.

    Raises:
        Exception: whatever onnxruntime or tokenizers have for files that they cannot use.
    """

    dimension: Final = 384

    def __init__(self, folder: Path, *, threads: int) -> None:
        from tokenizers import Tokenizer  # noqa: PLC0415 - only when something is embedded

        self.side_by_side = threads
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.enable_padding()
        self._session = session(GRAPH, weights=folder)

    def fits(self, text: str) -> bool:
        """Whether the model reads all of a text."""
        # Every word piece stands for at least one character, so a text this short cannot be too long.
        return len(text) <= _LONGEST - 2 or not self._tokenizer.encode(text).overflowing

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts that fit, together. *Shape:* `(len(texts), dimension)`."""
        encoded = self._tokenizer.encode_batch(list(texts))
        inputs = {
            "input_ids": np.array([each.ids for each in encoded], dtype=np.int64),
            "attention_mask": np.array([each.attention_mask for each in encoded], dtype=np.int64),
        }
        vectors: NDArray[np.float32] = self._session.run(["vectors"], inputs)[0]
        return vectors
