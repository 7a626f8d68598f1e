"""A server whose data directory cannot be written, or goes away while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onrecord.api.http.shared.problems import ProblemKind
from onrecord.api.wiring import Services
from onrecord.rag.pipeline import Pipeline
from tests.fakes import OverlapReader
from tests.unit.api.http.articles.server import TEXT, kind, started
from tests.unit.api.samples import HARBOUR

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient

    from onrecord.api.http.shared.write_guard import Writing
    from onrecord.index.corpus import Corpus

QUESTION = "/v1/ask?q=when+will+the+harbour+bridge+close%3F"


class ReadOnly:
    """A corpus whose directory cannot be written."""

    read_only = True

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def __getattr__(self, name: str) -> Any:
        return getattr(self._corpus, name)


def test_a_server_that_cannot_write_answers_and_says_that_it_takes_nothing(
    services: Services, writing: Writing
) -> None:
    corpus: Any = ReadOnly(services.corpus)
    with started(Services(corpus, Pipeline(corpus, OverlapReader())), writing, waits=False) as client:
        assert client.get("/readyz").status_code == 200
        assert client.get(QUESTION).status_code == 200
        refused = client.post("/v1/articles", json={"text": TEXT})
        assert kind(refused) == ProblemKind.READ_ONLY.type
        assert "cannot be written" in refused.json()["detail"]
        assert kind(client.delete(f"/v1/articles/{HARBOUR.id}")) == ProblemKind.READ_ONLY.type
    assert not writing.jobs.exists()


def test_a_directory_that_goes_away_makes_the_server_unready_until_it_is_back(
    client: TestClient, tmp_path: Path
) -> None:
    assert "onrecord_ready 1.0" in client.get("/metrics").text
    (tmp_path / "data").rename(tmp_path / "away")
    for path in ("/readyz", QUESTION, "/v1/articles", f"/v1/articles/{HARBOUR.id}", "/v1/examples"):
        response = client.get(path)
        assert response.status_code == 503
        assert kind(response) == ProblemKind.STORE_UNUSABLE.type
        assert "is not there any more" in response.json()["detail"]
    assert "onrecord_ready 0.0" in client.get("/metrics").text
    assert client.get("/healthz").status_code == 200
    assert client.delete(f"/v1/articles/{HARBOUR.id}").status_code == 503
    assert not (tmp_path / "data").exists()
    (tmp_path / "away").rename(tmp_path / "data")
    assert client.get("/readyz").status_code == 200
    assert client.get(QUESTION).status_code == 200


def test_work_that_cannot_be_kept_is_refused(client: TestClient, writing: Writing) -> None:
    for file in writing.jobs.iterdir():
        file.unlink()
    writing.jobs.rmdir()
    refused = client.post("/v1/articles", files=[("file", ("varn.txt", TEXT.encode()))])
    assert kind(refused) == ProblemKind.STORE_UNUSABLE.type
    assert client.post("/v1/articles", json={"text": TEXT}).status_code == 503
