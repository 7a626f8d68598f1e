"""Articles, as they are read → the corpus, in batches, so that a bad file costs no other and embedding is quick."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from onrecord.index import sources
from onrecord.index.errors import SourceError
from onrecord.index.store.fetches import Fetch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from onrecord.index.corpus import Corpus
    from onrecord.index.records import Article, Change, Progress

BATCH_ARTICLES = 64
BATCH_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article that is in the corpus now, and what adding it did."""

    article: Article
    change: Change


@dataclass(frozen=True, slots=True)
class Refused:
    """What did not become an article, and why."""

    path: str
    why: str


Read: TypeAlias = "Article | Refused | Fetch"
"""An article to add, what is none, or a fetch to remember once the articles before it have been added."""


@dataclass(frozen=True, slots=True)
class Found:
    """The article files that paths stand for, each once, the URLs among them, and the paths that stand for nothing.

    `links` are those below directories that lead elsewhere and are not followed.
    """

    files: tuple[Path, ...]
    urls: tuple[str, ...]
    refused: tuple[Refused, ...]
    links: tuple[Path, ...] = ()


def find(paths: Sequence[str]) -> Found:
    """List the article files below the given paths."""
    files: dict[Path, None] = {}
    urls: dict[str, None] = {}
    refused = []
    links: list[Path] = []
    for path in paths:
        if path.lower().startswith(("http://", "https://")):
            urls[path] = None
            continue
        try:
            files |= dict.fromkeys(file.resolve() for file in sources.discover(Path(path)))
            links += sources.passed_over(Path(path))
        except SourceError as error:
            refused.append(Refused(path, str(error)))
    given = [Path(path).resolve() for path in paths if path not in urls]
    elsewhere = (link for link in links if not any(link.resolve().is_relative_to(path) for path in given))
    return Found(tuple(files), tuple(urls), tuple(refused), tuple(dict.fromkeys(elsewhere)))


def read_files(files: Iterable[Path], *, root: Path) -> Iterator[Read]:
    """Read article files; for `root` see `sources.load`."""
    for file in files:
        try:
            for each in sources.load_all(file, root=root):
                yield Refused(str(file), str(each)) if isinstance(each, SourceError) else each
        except SourceError as error:
            yield Refused(str(file), str(error))


def add(corpus: Corpus, found: Iterable[Read], *, progress: Progress | None = None) -> Iterator[Indexed | Refused]:
    """Add articles batch by batch; what comes out has been committed.

    Where two have one id, the second is added after the first has been, so that it is told as what changed that.

    Raises:
        StoreBusy: another process is writing.
    """
    batch: list[Article] = []
    for each in found:
        if isinstance(each, Refused):
            yield each
        elif isinstance(each, Fetch):
            yield from _commit(corpus, batch, progress)
            batch = []
            corpus.note_fetch(each)
        else:
            if any(each.id == article.id for article in batch):
                yield from _commit(corpus, batch, progress)
                batch = []
            batch.append(each)
        if len(batch) >= BATCH_ARTICLES or sum(len(article.text) for article in batch) >= BATCH_CHARACTERS:
            yield from _commit(corpus, batch, progress)
            batch = []
    yield from _commit(corpus, batch, progress)


def _commit(corpus: Corpus, batch: Sequence[Article], progress: Progress | None) -> Iterator[Indexed]:
    if batch:
        for article, change in zip(batch, corpus.add(batch, progress=progress), strict=True):
            yield Indexed(article, change)
