"""Commands that keep a corpus fresh and small: `refresh`, `compact`, and `index --watch`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.api import wiring
from onrecord.api.cli import output
from onrecord.api.cli.running import FAILED, Data, Wait, settings_for, telling
from onrecord.api.words import printable
from onrecord.index.adding import refreshing
from onrecord.index.adding.batches import Indexed, Refused
from onrecord.index.adding.watching import Watcher
from onrecord.index.layout import DATABASE
from onrecord.index.records import Change
from onrecord.index.sources import passed_over

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onrecord.api.settings import Settings


def refresh(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also URLs that are not due yet.")] = False,
    wait: Wait = False,
    data: Data = None,
) -> None:
    """Fetch URLs again that are due, and of feeds and sitemaps what they list now for the first time.

    A URL is due six hours after it was indexed; each time it is unchanged the wait doubles, up to 30 days, and each
    time it changed it is halved, down to 30 minutes. What cannot be fetched stays as it is stored; the exit code is
    then 1.
    """
    with telling():
        settings = settings_for(data_dir=data)
        with output.progress_bars() as progress, wiring.open_corpus(settings, progress=progress, wait=wait) as corpus:
            fetches = list(corpus.fetches()) if everything else refreshing.due(corpus, _now())
            fetcher = wiring.fetcher(settings)
            refused = _print(refreshing.refresh(corpus, fetches, fetcher, clock=_now)) if fetches else 0
            output.to_stdout().print(f"{len(fetches)} fetched again, {refused} refused")
        if refused:
            raise typer.Exit(FAILED)


def compact(*, wait: Wait = False, data: Data = None) -> None:
    """Give the room that removed articles took back to the disk. Questions are answered meanwhile."""
    with telling():
        settings = settings_for(data_dir=data)
        database = settings.data_dir / DATABASE
        with wiring.open_corpus(settings, wait=wait) as corpus:
            before = database.stat().st_size
            corpus.compact()
            after = database.stat().st_size
    output.to_stdout().print(f"compacted  {before:,} bytes to {after:,}")


def watch(paths: list[str], settings: Settings, *, wait: bool) -> None:
    """Keep the articles of one directory as they are there, and print each change, until interrupted."""
    if len(paths) != 1 or not Path(paths[0]).is_dir():
        raise typer.BadParameter("give one directory to watch")
    for link in passed_over(Path(paths[0])):
        output.to_stderr().print(output.link_line(link))
    with wiring.open_corpus(settings, wait=wait) as corpus:
        watcher = Watcher(corpus, Path(paths[0]), root=settings.data_dir.resolve().parent)
        _print(watcher.run(Event()))


def _print(results: Iterable[Indexed | Refused | str]) -> int:
    """Print what was done, as it is done; returns how many were refused."""
    refused = 0
    for result in results:
        if isinstance(result, Refused):
            refused += 1
            output.to_stderr().print(output.refusal_line(result))
        elif isinstance(result, Indexed):
            if result.change is not Change.UNCHANGED:
                output.to_stdout().print(output.result_line(result))
        else:
            output.to_stdout().print(f"removed    {printable(result)}")
    return refused


def _now() -> datetime:
    return datetime.now(UTC)
