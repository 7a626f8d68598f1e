"""Corpora on disk for the tests of this folder."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from onrecord.index.corpus import Corpus
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from pathlib import Path


def opened(directory: Path, embedder: HashingEmbedder | None = None) -> Corpus:
    return Corpus.open(directory, embedder or HashingEmbedder())


def rows(directory: Path) -> list[int]:
    with sqlite3.connect(directory / "corpus.db") as db:
        return [row for (row,) in db.execute("SELECT row FROM passages WHERE vector IS NOT NULL ORDER BY row")]


def contents(corpus: Corpus, directory: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    """Everything that can be found, by article and text: which article, its words, who says the same."""
    everything = corpus.search("what is there?", k=10_000)
    assert everything.searchable == len(everything.hits) == len(searched_rows(directory))
    return sorted(
        (hit.article.title, hit.passage.text, tuple(each.title for each in hit.passage.also_in))
        for hit in everything.hits
    )


def searched_rows(directory: Path) -> list[int]:
    with sqlite3.connect(directory / "corpus.db") as db:
        query = "SELECT row FROM passages WHERE vector IS NOT NULL AND same_as IS NULL ORDER BY row"
        return [row for (row,) in db.execute(query)]
