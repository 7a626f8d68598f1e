"""The composition root: settings → corpus → pipeline. Only here is it decided what runs.

Nothing heavy is imported until it is needed, and not before the environment says how it shall run: faiss, tokenizers,
torch and the Hugging Face libraries read their variables once, when they are imported.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onrecord.api.settings import Settings
    from onrecord.index.corpus import Corpus
    from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
    from onrecord.index.records import Progress
    from onrecord.index.sources.web.fetcher import Fetcher
    from onrecord.rag.pipeline import Pipeline
    from onrecord.rag.reading.reader import Reader

ACCURATE, FAST = "accurate", "fast"
"""The settings that name the bundled readers: two, of which the larger reads again what matters, and the small one."""


@dataclass(frozen=True, slots=True)
class Services:
    """An open corpus and the pipeline that asks it."""

    corpus: Corpus
    pipeline: Pipeline


def open_corpus(settings: Settings, *, progress: Progress | None = None, wait: bool = False) -> Corpus:
    """Open the corpus in the data directory; the embedding model is read only when something is embedded.

    `wait`: changes wait for another process that is writing, instead of being refused.

    Raises:
        StoreError: the data directory cannot be used.
        ModelUnavailable: the embedding model is missing.
    """
    return _open(settings, open_embedder(settings), progress, wait=wait)


def load(settings: Settings, *, progress: Progress | None = None, warm: bool = False) -> Services:
    """Open the corpus and the pipeline that asks it; `warm` reads the models now, so that no question waits for it.

    Raises:
        StoreError: the data directory cannot be used.
        ModelUnavailable: a model is missing.
    """
    embedder = open_embedder(settings)
    corpus = _open(settings, embedder, progress)
    try:
        from onrecord.rag.pipeline import Pipeline  # noqa: PLC0415 - after the environment is set

        reader = _reader(settings.reader, settings.threads, progress)
        if warm:
            embedder.warm_up()
            reader.warm_up()
        pipeline = Pipeline(corpus, reader, candidates=settings.candidates, min_confidence=settings.min_confidence)
    except BaseException:
        corpus.close()
        raise
    return Services(corpus, pipeline)


def fetcher(settings: Settings) -> Fetcher:
    """What fetches URLs, as the settings say."""
    from onrecord.index.sources.web.fetcher import Fetcher  # noqa: PLC0415 - only where something is fetched
    from onrecord.index.sources.web.manners import Manners  # noqa: PLC0415 - likewise

    manners = Manners(
        max_bytes=settings.fetch_max_bytes,
        seconds=settings.fetch_seconds,
        max_urls=settings.fetch_max_urls,
        delay=settings.fetch_delay,
    )
    return Fetcher(manners, user_agent=settings.fetch_user_agent, allowed=settings.fetch_allowed_networks)


def _reader(name: str | None, threads: int, progress: Progress | None) -> Reader:
    """The reader that the setting names; by default the accurate one where what it is made of is installed."""
    from onrecord.rag.reading.accurate.base_weights import installed  # noqa: PLC0415 - after the environment is set

    if name == ACCURATE or (name is None and installed()):
        return _accurate_reader(threads, progress)
    return _shared_reader(FAST if name is None else name, threads)


@lru_cache(maxsize=1)
def _shared_reader(model: str, threads: int) -> Reader:
    """One reader for all the pipelines of this process: the small one, an ONNX folder, or a Hugging Face model."""
    from onrecord.rag.reading.cross_encoder import MODEL, CrossEncoderReader  # noqa: PLC0415 - likewise

    if model == FAST:
        return CrossEncoderReader(threads=threads)
    from onrecord.index.embedding.local_models import local_folder  # noqa: PLC0415 - likewise
    from onrecord.rag.reading.transformers_reader import TransformersReader  # noqa: PLC0415 - likewise

    folder = local_folder(model, setting="ONRECORD_READER")
    if (folder / MODEL).is_file():
        return CrossEncoderReader(folder, threads=threads)
    return TransformersReader(folder, threads=threads)


@lru_cache(maxsize=1)
def _accurate_reader(threads: int, progress: Progress | None) -> Reader:
    """The accurate reader behind the small one; `progress` is told how far its model is, the first time."""
    from onrecord.rag.reading.accurate.reader import CascadeReader, accurate_reader  # noqa: PLC0415 - likewise

    return CascadeReader(_shared_reader(FAST, threads), accurate_reader(threads=threads, progress=progress))


def open_embedder(settings: Settings) -> SentenceTransformerEmbedder:
    """The embedder that the settings name; its model is read only when something is embedded.

    Raises:
        ModelUnavailable: it is missing.
    """
    _prepare_environment(settings)
    return _shared_embedder(settings.embedder, settings.threads)


@lru_cache(maxsize=1)
def _shared_embedder(model: str | None, threads: int) -> SentenceTransformerEmbedder:
    """One embedder for all the corpora that this process opens: reading a model takes seconds."""
    from onrecord.index.embedding.embedder import SentenceTransformerEmbedder  # noqa: PLC0415 - after the environment is set

    return SentenceTransformerEmbedder(model, threads=threads)


def _open(
    settings: Settings, embedder: SentenceTransformerEmbedder, progress: Progress | None, *, wait: bool = False
) -> Corpus:
    from onrecord.index.corpus import Corpus  # noqa: PLC0415 - after the environment is set

    return Corpus.open(settings.data_dir, embedder, progress=progress, wait=wait)


def _prepare_environment(settings: Settings) -> None:
    os.environ.update(
        HF_HUB_OFFLINE="1",
        TRANSFORMERS_OFFLINE="1",
        TOKENIZERS_PARALLELISM="false",
        TQDM_DISABLE="1",
        OMP_NUM_THREADS=str(settings.threads),
    )
