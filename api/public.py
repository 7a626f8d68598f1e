"""Question answering over articles, only in the articles' own words.

    from onrecord import Answer, Corpus, CrossEncoderReader, Pipeline, Question, SentenceTransformerEmbedder

This module is what `import onrecord` gives (hatch_build.py installs it under that name). Importing it costs next to
nothing: each name is looked up where it is defined when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onrecord.index import sources
    from onrecord.index.corpus import Corpus
    from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
    from onrecord.index.errors import OnRecordError, SourceError, StoreError
    from onrecord.rag.answer import Answer, NotFound, Question
    from onrecord.rag.pipeline import Pipeline
    from onrecord.rag.reading.cross_encoder import CrossEncoderReader

    __version__: str

__all__ = [
    "Answer",
    "Corpus",
    "CrossEncoderReader",
    "NotFound",
    "OnRecordError",
    "Pipeline",
    "Question",
    "SentenceTransformerEmbedder",
    "SourceError",
    "StoreError",
    "__version__",
    "sources",
]

_HOMES = {
    "Answer": "onrecord.rag.answer",
    "Corpus": "onrecord.index.corpus",
    "CrossEncoderReader": "onrecord.rag.reading.cross_encoder",
    "NotFound": "onrecord.rag.answer",
    "OnRecordError": "onrecord.index.errors",
    "Pipeline": "onrecord.rag.pipeline",
    "Question": "onrecord.rag.answer",
    "SentenceTransformerEmbedder": "onrecord.index.embedding.embedder",
    "SourceError": "onrecord.index.errors",
    "StoreError": "onrecord.index.errors",
}


if not TYPE_CHECKING:  # or a type checker would take any name for one of these

    def __getattr__(name: str) -> object:
        if name == "__version__":
            from importlib.metadata import version  # noqa: PLC0415 - it takes longer than all the rest of this module

            found: object = version("onrecord")
        elif name == "sources":
            found = import_module("onrecord.index.sources")
        elif name in _HOMES:
            found = getattr(import_module(_HOMES[name]), name)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
