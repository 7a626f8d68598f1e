"""A corpus that lives: a directory is watched, URLs are fetched again, Ctrl-C and --wait on real processes."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from onrecord.index.adding import refreshing
from onrecord.index.adding.batches import Indexed, Refused
from onrecord.index.adding.watching import Watcher
from onrecord.index.errors import FetchError
from onrecord.index.sources.web.fetcher import Failed, Fetched
from onrecord.index.store.fetches import FIRST, LATEST, SOONEST, Fetch
from tests.articles import article, found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from onrecord.index.corpus import Corpus
    from onrecord.index.records import Article

NOON = datetime(2025, 2, 10, 12, tzinfo=UTC)
FEED, PAGE, NEW = (f"https://news.example/{name}" for name in ("feed", "page", "new"))


# --- watching ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    directory = tmp_path / "articles"
    directory.mkdir()
    (directory / "varn.txt").write_text("Varn\n\nThe lighthouse of Varn was lit again.")
    return directory


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_watched_directory_and_the_corpus_stay_the_same(corpus: Corpus, watched: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    told: list[Indexed | Refused | str] = []

    def follow() -> None:
        told.extend(Watcher(corpus, watched, root=tmp_path).run(stop))

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        wait_for(lambda: bool(found(corpus, "lighthouse")))
        (watched / "orchard.md").write_text("# Orchard\n\nThe pears are ripe.")
        wait_for(lambda: bool(found(corpus, "pears")))
        (watched / "varn.txt").write_text("Varn\n\nThe tower of Varn was sold.")
        wait_for(lambda: bool(found(corpus, "tower sold")) and not found(corpus, "lighthouse"))
        (watched / "orchard.md").unlink()
        wait_for(lambda: not found(corpus, "pears"))
        (watched / "broken.txt").write_bytes(b"\xff\x00\xff")
        (watched / "deep").mkdir()
        (watched / "deep" / "mill.txt").write_text("Mill\n\nThe paper mill closed.")
        wait_for(lambda: bool(found(corpus, "paper mill")))
    finally:
        stop.set()
        thread.join(30)
    assert any(isinstance(each, Refused) and "broken.txt" in each.path for each in told)
    assert "Orchard" in told


def test_what_changed_while_nobody_watched_is_caught_up(corpus: Corpus, watched: Path, tmp_path: Path) -> None:
    corpus.add([article("elsewhere", "This came from elsewhere.")])
    lines = watched / "news.jsonl"
    lines.write_text('{"id": "a", "text": "The ferry sank."}\n{"id": "b", "text": "The bridge fell."}\n')
    stopped = threading.Event()
    stopped.set()
    list(Watcher(corpus, watched, root=tmp_path).run(stopped))
    assert found(corpus, "ferry")
    lines.write_text('{"id": "b", "text": "The bridge fell."}\n')
    (watched / "varn.txt").unlink()
    list(Watcher(corpus, watched, root=tmp_path).run(stopped))
    assert found(corpus, "ferry") == []
    assert found(corpus, "lighthouse") == []
    assert found(corpus, "bridge") == ["The bridge fell."]
    assert found(corpus, "elsewhere") == ["This came from elsewhere."]


def test_what_a_watched_file_holds_stays_whatever_its_parts_are_called(
    corpus: Corpus, watched: Path, tmp_path: Path
) -> None:
    item = "<item><guid>{}</guid><description>{}</description></item>"
    items = item.format("https://n.example/?p=1#now#2", "The mill is lit.") + item.format("a #1", "The weir is dry.")
    (watched / "no#1.rss").write_text(f'<rss version="2.0"><channel><title>N</title>{items}</channel></rss>')
    stop = threading.Event()
    thread = threading.Thread(target=lambda: list(Watcher(corpus, watched, root=tmp_path).run(stop)))
    thread.start()
    try:
        wait_for(lambda: bool(found(corpus, "weir dry")))
        (watched / "varn.txt").write_text("Varn\n\nThe tower of Varn was sold.")
        wait_for(lambda: bool(found(corpus, "tower sold")))
        assert found(corpus, "weir dry")
        assert found(corpus, "mill lit")
        (watched / "no#1.rss").unlink()
        wait_for(lambda: not found(corpus, "weir dry"))
    finally:
        stop.set()
        thread.join(30)


# --- refreshing -------------------------------------------------------------------------------------------------------


class Web:
    """Some URLs and what they hold now; remembers what was asked, and answers conditional requests."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, Article | None, tuple[str, ...]]] = {}
        self.asked: list[tuple[str, str | None]] = []

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        del last_modified
        self.asked.append((url, etag))
        if url not in self.pages:
            raise FetchError(f"{url} is gone.", hint="Check the address.", status=404)
        now, page, links = self.pages[url]
        if etag == now:
            return Fetched(url, url, etag=now, not_modified=True)
        return Fetched(url, url, (page,) if page else (), links=links, etag=now)

    def expand(self, url: str) -> Iterator[Fetched | Failed]:
        yield self.fetch(url)


@pytest.fixture
def web(corpus: Corpus) -> Web:
    """A feed with one page, both fetched at noon."""
    web = Web()
    page = article("page", "The ferry runs twice a day.")
    web.pages = {FEED: ("1", None, (PAGE,)), PAGE: ("1", page, ())}
    corpus.add([page])
    for url in (FEED, PAGE):
        corpus.note_fetch(Fetch.first(url, etag="1", last_modified=None, now=NOON))
    return web


def refresh(corpus: Corpus, web: Web, at: datetime) -> list[Indexed | Refused]:
    due = refreshing.due(corpus, at)
    return list(refreshing.refresh(corpus, due, web, clock=lambda: at))  # type: ignore[arg-type]


def test_only_what_is_due_is_asked_for_and_only_if_it_changed(corpus: Corpus, web: Web) -> None:
    assert refresh(corpus, web, NOON + FIRST - timedelta(minutes=1)) == []
    assert web.asked == []
    assert refresh(corpus, web, NOON + FIRST) == []
    assert web.asked == [(FEED, "1"), (PAGE, "1")]
    assert corpus.generation == 1
    assert {fetch.due for fetch in corpus.fetches()} == {NOON + FIRST + 2 * FIRST}


def test_a_changed_page_replaces_what_was_there_and_is_due_sooner(corpus: Corpus, web: Web) -> None:
    web.pages[PAGE] = ("2", article("page", "The ferry runs no more."), ())
    at = NOON + FIRST
    (result,) = refresh(corpus, web, at)
    assert isinstance(result, Indexed)
    assert result.change == "changed"
    assert found(corpus, "ferry runs") == ["The ferry runs no more."]
    (page,) = (fetch for fetch in corpus.fetches() if fetch.url == PAGE)
    assert (page.etag, page.due) == ("2", at + FIRST / 2)


def test_what_a_feed_lists_for_the_first_time_is_fetched(corpus: Corpus, web: Web) -> None:
    web.pages[FEED] = ("2", None, (NEW, PAGE))
    web.pages[NEW] = ("1", article("new", "A second ferry was bought."), ())
    refresh(corpus, web, NOON + FIRST)
    assert found(corpus, "second ferry bought")[0] == "A second ferry was bought."
    assert [url for url, _ in web.asked].count(PAGE) == 1
    assert {fetch.url for fetch in corpus.fetches()} == {FEED, PAGE, NEW}


def test_what_is_gone_stays_as_it_is_stored_and_is_told(corpus: Corpus, web: Web) -> None:
    del web.pages[PAGE]
    at = NOON + FIRST
    (refused,) = refresh(corpus, web, at)
    assert isinstance(refused, Refused)
    assert "is gone" in refused.why
    assert found(corpus, "ferry") == ["The ferry runs twice a day."]
    (page,) = (fetch for fetch in corpus.fetches() if fetch.url == PAGE)
    assert (page.failures, page.etag, page.due) == (1, "1", at + 2 * FIRST)


def test_the_wait_between_fetches_has_bounds() -> None:
    fetch = Fetch.first(PAGE, etag=None, last_modified=None, now=NOON)
    for _ in range(20):
        fetch = fetch.unchanged(fetch.due)
    assert fetch.due - fetch.checked == LATEST
    for _ in range(20):
        fetch = fetch.changed(etag=None, last_modified=None, now=fetch.due)
    assert fetch.due - fetch.checked == SOONEST
