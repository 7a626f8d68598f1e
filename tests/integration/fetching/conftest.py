from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.fetching.news import page
from tests.integration.web_server import Reply, serving_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.web_server import WebServer


@pytest.fixture
def server() -> Iterator[WebServer]:
    with serving_pages() as serving:
        serving.replies["/news"] = Reply(page())
        yield serving
