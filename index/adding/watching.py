"""A directory → the corpus, kept the same: what is written there is added, what is deleted there is removed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import watch

from onrecord.index import sources
from onrecord.index.adding import batches
from onrecord.index.records import article_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from threading import Event

    from onrecord.index.adding.batches import Indexed, Refused
    from onrecord.index.corpus import Corpus

SETTLES_IN_MS = 400
"""How long nothing must have been written before the directory is looked at: editors and copies write in steps."""


class Watcher:
    """Keeps the articles of a corpus that come from below a directory as they are there.

    Args:
        corpus: where the articles are.
        directory: what is watched.
        root: as of `sources.load`.
    """

    def __init__(self, corpus: Corpus, directory: Path, *, root: Path) -> None:
        self._corpus = corpus
        self._directory = directory.resolve()
        self._root = root

    def run(self, stop: Event) -> Iterator[Indexed | Refused | str]:
        """Bring everything up to date, then follow every change until `stop`; removed articles come as their titles."""
        known = False
        for changes in watch(
            self._directory,
            stop_event=stop,
            step=50,
            debounce=4 * SETTLES_IN_MS,
            rust_timeout=200,
            yield_on_timeout=True,  # the first look comes when watching has begun, so that nothing falls between
        ):
            if not known:
                yield from self._bring_up_to_date(None)
                known = True
            elif changes:
                yield from self._bring_up_to_date({Path(path) for _, path in changes})
        if not known:  # it was stopped before it began
            yield from self._bring_up_to_date(None)

    def _bring_up_to_date(self, touched: set[Path] | None) -> Iterator[Indexed | Refused | str]:
        """Read the touched files that are there (None: all), and remove the articles of those that are not."""
        there = sources.discover(self._directory)
        # Of a directory that is made with files in it, only the directory is told.
        read = [path for path in there if touched is None or not touched.isdisjoint({path, *path.parents})]
        seen: set[str] = set()
        for result in batches.add(self._corpus, batches.read_files(read, root=self._root)):
            if isinstance(result, batches.Indexed):
                seen.add(result.article.source)
            yield result
        yield from self._remove(there, read, seen)

    def _remove(self, there: Iterable[Path], read: Iterable[Path], seen: set[str]) -> Iterator[str]:
        """Remove what came from files that are gone, and what files that were read no longer hold."""
        below = f"{sources.source_of(self._directory, self._root)}/"
        kept, again = ({sources.source_of(path, self._root) for path in paths} for paths in (there, read))
        for source, title in self._corpus.sources().items():
            file = _file_of(source, kept)
            if source.startswith(below) and source not in seen and (file not in kept or file in again):
                self._corpus.remove(article_id(source))
                yield title


def _file_of(source: str, files: set[str]) -> str:
    """The file that an article comes from. Its name may hold a “#”, and so may what stands behind the one after it."""
    beginnings = (source[:at] for at, character in enumerate(source) if character == "#")
    return next((each for each in (source, *beginnings) if each in files), source)
