from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app
from onrecord.api.wiring import Services
from onrecord.index.corpus import Corpus
from onrecord.rag.pipeline import Pipeline
from tests.fakes import HashingEmbedder, OverlapReader
from tests.unit.api.samples import HARBOUR, SCHOOL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    embedder = HashingEmbedder()
    with Corpus.open(tmp_path / "data", embedder) as corpus:
        corpus.add([HARBOUR, SCHOOL])
        yield Services(corpus, Pipeline(corpus, OverlapReader()))


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(lambda: services, max_concurrent=2, max_waiting=4)) as client:
        wait_until_loaded(client)
        yield client


def wait_until_loaded(client: TestClient) -> None:
    until = time.monotonic() + 10
    while "loading" in client.get("/readyz").text:
        assert time.monotonic() < until
        time.sleep(0.01)
