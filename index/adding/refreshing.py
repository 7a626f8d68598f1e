"""URLs that were fetched before → fetched again when they are due; what changed replaces what was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.index.adding import batches, urls
from onrecord.index.adding.batches import Indexed, Refused
from onrecord.index.errors import SourceError
from onrecord.index.records import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from onrecord.index.corpus import Corpus
    from onrecord.index.sources.web.fetcher import Fetched, Fetcher
    from onrecord.index.store.fetches import Fetch


def due(corpus: Corpus, now: datetime) -> list[Fetch]:
    """The URLs that are due, the longest due in front."""
    return [fetch for fetch in corpus.fetches() if fetch.due <= now]


def refresh(
    corpus: Corpus, fetches: Sequence[Fetch], fetcher: Fetcher, *, clock: Callable[[], datetime]
) -> Iterator[Indexed | Refused]:
    """Fetch URLs again, only if they changed; of a feed or sitemap also the URLs that it lists now for the first time.

    What cannot be fetched is refused and stays as it is stored, also where its server says that it is gone.
    """
    known = {fetch.url for fetch in corpus.fetches()}
    for fetch in fetches:
        try:
            fetched = fetcher.fetch(fetch.url, etag=fetch.etag, last_modified=fetch.last_modified)
        except SourceError as error:
            corpus.note_fetch(fetch.failed(clock()))
            yield Refused(fetch.url, str(error))
            continue
        if fetched.not_modified:
            corpus.note_fetch(fetch.unchanged(clock()))
            continue
        new = [link for link in dict.fromkeys(fetched.links) if link not in known]
        changed = bool(new)
        for result in batches.add(corpus, _read_fetched(fetched, new, fetcher)):
            changed = changed or (isinstance(result, Indexed) and result.change is not Change.UNCHANGED)
            yield result
        known.update(new)
        validators = {"etag": fetched.etag, "last_modified": fetched.last_modified}
        again = fetch.changed(**validators, now=clock()) if changed else fetch.unchanged(clock(), **validators)
        corpus.note_fetch(again)


def _read_fetched(fetched: Fetched, new: Sequence[str], fetcher: Fetcher) -> Iterator[batches.Read]:
    yield from fetched.articles
    yield from (Refused(fetched.final_url, str(error)) for error in fetched.refused)
    for link in new:
        yield from urls.from_url(link, fetcher)
