"""Paths → articles in the corpus, in batches, so that one bad file costs no other and embedding has much to work on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index import sources
from index.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.corpus import Corpus
    from index.records import Article, Change

BATCH_ARTICLES = 64
BATCH_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article that is in the corpus now, and what adding it did."""

    article: Article
    change: Change


@dataclass(frozen=True, slots=True)
class Refused:
    """A path that did not become an article, and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """The article files that paths stand for, each once, and the paths that stand for none."""

    files: tuple[Path, ...]
    refused: tuple[Refused, ...]


def find(paths: Sequence[str]) -> Found:
    """List the article files below the given paths."""
    files: dict[Path, None] = {}
    refused = []
    for path in paths:
        if path.lower().startswith(("http://", "https://")):
            refused.append(Refused(path, "Web pages are not fetched yet. Save it as a text file and index that."))
            continue
        try:
            files |= dict.fromkeys(file.resolve() for file in sources.discover(Path(path)))
        except SourceError as error:
            refused.append(Refused(path, str(error)))
    return Found(tuple(files), tuple(refused))


def add(corpus: Corpus, files: Iterable[Path], *, root: Path) -> Iterator[Indexed | Refused]:
    """Read files and add them, batch by batch; what comes out has been committed. For `root` see `sources.load`.

    Raises:
        StoreBusy: another process is writing.
    """
    batch: list[Article] = []
    for file in files:
        try:
            batch.append(sources.load(file, root=root))
        except SourceError as error:
            yield Refused(str(file), str(error))
        if len(batch) >= BATCH_ARTICLES or sum(len(article.text) for article in batch) >= BATCH_CHARACTERS:
            yield from _commit(corpus, batch)
            batch = []
    yield from _commit(corpus, batch)


def _commit(corpus: Corpus, batch: Sequence[Article]) -> Iterator[Indexed]:
    if batch:
        for article, change in zip(batch, corpus.add(batch), strict=True):
            yield Indexed(article, change)
