"""Corpora on disk for the tests of this folder."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from index.corpus import Corpus
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from pathlib import Path


def opened(directory: Path, embedder: HashingEmbedder | None = None) -> Corpus:
    return Corpus.open(directory, embedder or HashingEmbedder())


def rows(directory: Path) -> list[int]:
    with sqlite3.connect(directory / "corpus.db") as db:
        return [row for (row,) in db.execute("SELECT row FROM passages WHERE vector IS NOT NULL ORDER BY row")]
