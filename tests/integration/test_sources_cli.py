"""`onrecord index` with the real command: pages, feeds and files of several kinds at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.processes import run
from tests.integration.web_server import Reply, serving_pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import CompletedProcess

    from tests.integration.web_server import WebServer

pytestmark = pytest.mark.integration

PAGES = Path(__file__).parents[1] / "pages"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with serving_pages() as serving:
        serving.replies["/council"] = Reply((PAGES / "wordpress.html").read_bytes())
        serving.replies["/flood"] = Reply((PAGES / "amp.html").read_bytes())
        links = "".join(f"<item><link>{path}</link></item>" for path in ("/flood", "/gone"))
        serving.replies["/feed"] = Reply(f"<rss version='2.0'><channel>{links}</channel></rss>")
        yield serving


def index(*given: str, data: Path) -> CompletedProcess[str]:
    """Index with something among it that is refused, from servers of this machine too."""
    return run(
        "index",
        *given,
        code=1,
        ONRECORD_DATA_DIR=str(data),
        ONRECORD_FETCH_ALLOWED_NETWORKS="127.0.0.1",
        ONRECORD_FETCH_DELAY="0",
    )


def test_urls_feeds_and_files_become_articles_and_what_fails_stops_nothing(server: WebServer, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\nnothing")
    given = [server.url("/council"), server.url("/feed"), str(PAGES / "printed.pdf"), str(damaged)]
    done = index(*given, data=tmp_path / "data")
    assert "3 added, 0 changed, 0 unchanged, 2 refused" in done.stdout
    assert f"{server.url('/gone')} is gone (status 404)" in " ".join(done.stderr.split())
    assert "is a damaged PDF" in " ".join(done.stderr.split())
    listed = run("articles", ONRECORD_DATA_DIR=str(tmp_path / "data")).stdout
    for title in ("Council votes to keep", "Flood waters recede", "Harbour report 2024"):
        assert title in listed
    assert "3 unchanged" in index(*given, data=tmp_path / "data").stdout


def test_a_private_address_is_not_fetched_from_unless_it_is_allowed(server: WebServer, tmp_path: Path) -> None:
    done = run("index", server.url("/council"), code=1, ONRECORD_DATA_DIR=str(tmp_path / "data"))
    assert "127.0.0.1 is a loopback address" in " ".join(done.stderr.split())
    assert server.requests == []
