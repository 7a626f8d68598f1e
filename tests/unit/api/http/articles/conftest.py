from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onrecord.api.http.shared.write_guard import Writing
from onrecord.api.wiring import Services
from onrecord.index.corpus import Corpus
from onrecord.rag.pipeline import Pipeline
from tests.fakes import OverlapReader
from tests.unit.api.http.articles.server import FakeFetcher, SlowEmbedder, started
from tests.unit.api.samples import HARBOUR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi.testclient import TestClient


@pytest.fixture
def embedder() -> SlowEmbedder:
    return SlowEmbedder()


@pytest.fixture
def services(tmp_path: Path, embedder: SlowEmbedder) -> Iterator[Services]:
    with Corpus.open(tmp_path / "data", embedder) as corpus:
        corpus.add([HARBOUR])
        yield Services(corpus, Pipeline(corpus, OverlapReader()))


@pytest.fixture
def fetcher() -> FakeFetcher:
    return FakeFetcher()


@pytest.fixture
def writing(tmp_path: Path, fetcher: FakeFetcher) -> Writing:
    return Writing(tmp_path / "jobs", lambda: fetcher)  # type: ignore[arg-type, return-value]


@pytest.fixture
def client(services: Services, writing: Writing) -> Iterator[TestClient]:
    with started(services, writing) as client:
        yield client
