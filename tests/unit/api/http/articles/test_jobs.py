from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient

from onrecord.api.http.app import create_app
from onrecord.api.http.routes import jobs as jobs_module
from onrecord.api.http.routes.job_records import AddBody, Work
from onrecord.api.http.routes.jobs import Jobs
from onrecord.api.http.shared.problems import ProblemKind
from onrecord.index.errors import StoreBusy
from tests.unit.api.conftest import wait_until_loaded
from tests.unit.api.http.articles.server import TEXT, SlowEmbedder, ended, kind, started

if TYPE_CHECKING:
    import pytest

    from onrecord.api.http.shared.write_guard import Writing
    from onrecord.api.wiring import Services


def test_long_work_is_answered_with_a_job_to_ask_about(client: TestClient, embedder: SlowEmbedder) -> None:
    embedder.go_on.clear()
    response = client.post("/v1/articles", json={"text": TEXT}, headers={"Prefer": "respond-async"})
    assert response.status_code == 202
    assert response.json()["status"] in ("queued", "running")
    assert response.json()["corpus_generation"] is None
    location = response.headers["location"]
    until = time.monotonic() + 10
    while client.get(location).json()["progress"] is None:
        assert time.monotonic() < until
    assert client.get(location).json()["progress"] == {"what": "embedding", "done": 0, "total": 2}
    assert client.get("/v1/ask", params={"q": "bridge"}).status_code == 200
    embedder.go_on.set()
    job = ended(client, location)
    assert job["counts"]["added"] == 1
    assert job["progress"] is None


def test_a_client_that_would_wait_gets_what_there_is_when_its_time_is_over(
    client: TestClient, embedder: SlowEmbedder
) -> None:
    embedder.go_on.clear()
    began = time.monotonic()
    response = client.post("/v1/articles", json={"text": TEXT}, headers={"Prefer": "wait=1"})
    assert response.status_code == 202
    assert 0.9 < time.monotonic() - began < 4
    embedder.go_on.set()


def test_a_job_can_be_followed_as_events(client: TestClient, embedder: SlowEmbedder) -> None:
    embedder.go_on.clear()
    location = client.post("/v1/articles", json={"text": TEXT}, headers={"Prefer": "respond-async"}).headers["location"]
    threading.Timer(0.6, embedder.go_on.set).start()
    with client.stream("GET", f"{location}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        lines = list(response.iter_lines())
    names = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    told = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert names == ["progress"] * (len(names) - 1) + ["end"]
    assert len(names) >= 2
    assert told[-1]["status"] == "done"
    assert told[-1] == client.get(location).json()


def test_jobs_beyond_what_may_wait_are_refused(
    client: TestClient, embedder: SlowEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "MOST_WAITING", 2)
    embedder.go_on.clear()
    answers = [
        client.post("/v1/articles", json={"text": f"{TEXT} {n}"}, headers={"Prefer": "respond-async"}) for n in range(5)
    ]
    embedder.go_on.set()
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(refused) in (2, 3)
    assert kind(refused[0]) == ProblemKind.QUEUE_FULL.type
    assert refused[0].headers["retry-after"]


def test_while_another_process_writes_a_job_waits_and_then_is_done(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, calls = services.corpus.add, []

    def busy_at_first(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        if len(calls) < 3:
            raise StoreBusy("Another process is writing.", hint="Wait.")
        return add(*arguments, **options)

    monkeypatch.setattr(services.corpus, "add", busy_at_first)
    response = client.post("/v1/articles", json={"text": TEXT})
    assert response.status_code == 201
    assert response.json()["counts"]["added"] == 1
    assert len(calls) == 3


def test_a_job_that_a_killed_server_left_is_done_by_the_next(services: Services, writing: Writing) -> None:
    left = Jobs(writing.jobs, writing.fetcher)
    left._thread = threading.current_thread()  # accepts, and is never heard of again
    writing.jobs.mkdir()
    job = left.accept(Work(body=AddBody(text=TEXT)))
    with started(services, writing) as client:
        done = ended(client, f"/v1/jobs/{job.id}")
        assert done["counts"]["added"] == 1
        assert done["created"] == job.created.isoformat().replace("+00:00", "Z")


def test_a_job_that_was_half_done_begins_anew_and_repeats_nothing(
    services: Services, writing: Writing, embedder: SlowEmbedder
) -> None:
    with started(services, writing) as client:
        embedder.go_on.clear()
        job = client.post(
            "/v1/articles", files=[("file", ("varn.txt", TEXT.encode()))], headers={"Prefer": "respond-async"}
        ).json()
        threading.Timer(0.3, embedder.go_on.set).start()
    embedder.embedded.clear()
    with started(services, writing) as client:
        done = ended(client, f"/v1/jobs/{job['id']}")
        assert done["counts"]["added"] + done["counts"]["unchanged"] == 1
        assert embedder.embedded == []
    assert [path.name for path in writing.jobs.iterdir() if path.is_dir()] == []


def test_a_damaged_job_is_passed_over(services: Services, writing: Writing, caplog: pytest.LogCaptureFixture) -> None:
    writing.jobs.mkdir()
    (writing.jobs / "f00.json").write_text("{")
    with started(services, writing) as client:
        assert client.post("/v1/articles", json={"text": TEXT}).status_code == 201
    assert "f00.json is no job that can be read" in caplog.text


def test_a_job_that_ended_long_ago_is_forgotten(
    services: Services, writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started(services, writing) as client:
        location = client.post("/v1/articles", json={"text": TEXT}).headers["location"]
    with started(services, writing) as client:
        assert client.get(location).json()["status"] == "done"
    monkeypatch.setattr(jobs_module, "KEPT_FOR", timedelta())
    with started(services, writing) as client:
        assert kind(client.get(location)) == ProblemKind.UNKNOWN_JOB.type
        assert kind(client.get(f"{location}/events")) == ProblemKind.UNKNOWN_JOB.type
    assert list(writing.jobs.glob("*.json")) == []


def test_a_second_server_of_the_directory_takes_no_articles(services: Services, writing: Writing) -> None:
    with started(services, writing):
        app = create_app(lambda: services, max_concurrent=1, max_waiting=1, writing=writing)
        with TestClient(app, base_url="http://127.0.0.1:8001") as second:
            wait_until_loaded(second)
            response = second.post("/v1/articles", json={"text": TEXT})
            assert kind(response) == ProblemKind.STORE_BUSY.type
            assert "Another server" in response.json()["detail"]
