from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api import jobs as jobs_module
from api.app import create_app
from api.articles import MAX_UPLOAD_BYTES
from api.exposure import Exposure
from api.job_records import AddBody, Work
from api.jobs import Jobs
from api.problems import ProblemKind
from api.wiring import Services
from api.write_guard import Writing
from index.corpus import Corpus
from index.errors import FetchError, StoreBusy
from index.sources.web import Failed, Fetched
from rag.pipeline import Pipeline
from tests.articles import article
from tests.fakes import HashingEmbedder, OverlapReader
from tests.unit.api.conftest import wait_until_loaded
from tests.unit.api.samples import HARBOUR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = "The lighthouse of Varn was lit again on Friday.\n\nIts lamp turns once in twelve seconds."
FEED = "https://news.example/feed"


class FakeFetcher:
    """Gives one page, one page that is gone, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def expand(self, url: str) -> Iterator[Fetched | Failed]:
        self.asked.append(url)
        page = article("varn", "The tower of Varn is forty metres high.")
        yield Fetched(url, url, (page,), links=("https://news.example/gone",), etag='"1"')
        yield Failed("https://news.example/gone", FetchError("It is gone.", hint="Check the address.", status=404))


class SlowEmbedder(HashingEmbedder):
    """Waits, when told to, before it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()
        self.go_on.set()

    def encode_passages(self, texts: Any) -> Any:
        assert self.go_on.wait(20)
        return super().encode_passages(texts)


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


@contextmanager
def started(services: Services, writing: Writing | None, exposure: Exposure | None = None) -> Iterator[TestClient]:
    """A client of a server that has loaded and, where it takes articles, has begun to."""
    loaded = Services(_Open(services.corpus), services.pipeline)  # type: ignore[arg-type]
    app = create_app(lambda: loaded, max_concurrent=2, max_waiting=4, exposure=exposure, writing=writing)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        wait_until_loaded(client)
        until = time.monotonic() + 10
        while app.state.jobs is not None and app.state.jobs._thread is None:
            assert time.monotonic() < until
            time.sleep(0.01)
        yield client


class _Open:
    """A corpus that outlives the servers of a test."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def __getattr__(self, name: str) -> Any:
        return getattr(self._corpus, name)

    def close(self) -> None:
        pass


def kind(response: Any) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["type"])


def ended(client: TestClient, location: str) -> dict[str, Any]:
    until = time.monotonic() + 20
    while (job := client.get(location).json())["status"] not in ("done", "failed"):
        assert time.monotonic() < until
        time.sleep(0.02)
    return job  # type: ignore[no-any-return]


# --- adding -----------------------------------------------------------------------------------------------------------


def test_text_that_is_posted_answers_at_once(client: TestClient) -> None:
    response = client.post("/v1/articles", json={"text": TEXT, "title": "Varn", "published": "2025-01-02"})
    assert response.status_code == 201
    job = response.json()
    assert job["status"] == "done"
    assert job["counts"] == {"added": 1, "changed": 0, "unchanged": 0, "refused": 0}
    assert job["articles"][0]["change"] == "added"
    assert job["corpus_generation"] == 2
    stored = client.get(f"/v1/articles/{job['articles'][0]['id']}").json()
    assert (stored["title"], stored["text"], stored["published"]) == ("Varn", TEXT, "2025-01-02")
    answer = client.get("/v1/ask", params={"q": "how long does the lamp turn in seconds?"}).json()
    assert answer["passages"][0]["text"] == "Its lamp turns once in twelve seconds."
    assert client.get(response.headers["location"]).json() == job


def test_the_same_article_posted_again_changes_nothing(client: TestClient, embedder: SlowEmbedder) -> None:
    first = client.post("/v1/articles", json={"text": TEXT}).json()
    embedder.embedded.clear()
    again = client.post("/v1/articles", json={"text": TEXT})
    assert again.status_code == 200
    assert again.json()["counts"]["unchanged"] == 1
    assert again.json()["articles"][0]["id"] == first["articles"][0]["id"]
    assert again.json()["corpus_generation"] == first["corpus_generation"]
    assert embedder.embedded == []


def test_a_changed_article_replaces_the_one_of_its_source(client: TestClient, embedder: SlowEmbedder) -> None:
    for source in ({"url": "https://news.example/varn"}, {"source": "desk:varn"}):
        client.post("/v1/articles", json={"text": TEXT, "title": "Varn", **source})
        embedder.embedded.clear()
        changed = TEXT.replace("twelve", "nine")
        response = client.post("/v1/articles", json={"text": changed, "title": "Varn", **source})
        assert response.status_code == 200
        assert response.json()["counts"]["changed"] == 1
        assert [text.splitlines()[-1] for text in embedder.embedded] == ["Its lamp turns once in nine seconds."]


def test_html_is_read_as_a_page(client: TestClient) -> None:
    paragraphs = "".join(
        f"<p>{each} The keeper of the lighthouse said so on Friday evening.</p>" for each in TEXT.split("\n\n")
    )
    main = f"<nav>Home Sport</nav><article><h1>Varn</h1>{paragraphs}</article>"
    page = f"<html><head><title>Varn</title></head><body>{main}</body></html>"
    response = client.post("/v1/articles", json={"html": page, "url": "https://news.example/varn", "author": "Jo Berg"})
    assert response.status_code == 201, response.text
    stored = client.get(f"/v1/articles/{response.json()['articles'][0]['id']}").json()
    assert stored["url"] == "https://news.example/varn"
    assert stored["author"] == "Jo Berg"
    assert "twelve seconds" in stored["text"]
    assert "Sport" not in stored["text"]


def test_files_are_sent_as_a_form(client: TestClient) -> None:
    files = [("file", ("varn.txt", TEXT.encode())), ("file", ("broken.txt", b"\xff\xfe\x00"))]
    response = client.post("/v1/articles", files=files)
    assert response.status_code == 201
    job = response.json()
    assert job["counts"] == {"added": 1, "changed": 0, "unchanged": 0, "refused": 1}
    assert job["refused"][0]["name"] == "broken.txt"
    again = client.post("/v1/articles", files=[("file", ("varn.txt", TEXT.replace("twelve", "nine").encode()))])
    assert again.json()["counts"]["changed"] == 1


def test_a_url_is_fetched_and_what_it_lists_is_told_one_by_one(client: TestClient, fetcher: FakeFetcher) -> None:
    response = client.post("/v1/articles", json={"url": FEED})
    assert response.status_code == 201
    assert fetcher.asked == [FEED]
    job = response.json()
    assert job["articles"][0]["title"] == "varn"
    assert job["refused"] == [{"name": "https://news.example/gone", "reason": "It is gone. Check the address."}]


def test_what_was_fetched_is_remembered_for_refreshing(client: TestClient, services: Services) -> None:
    client.post("/v1/articles", json={"url": FEED})
    (fetch,) = services.corpus.fetches()
    assert (fetch.url, fetch.etag, fetch.failures) == (FEED, '"1"', 0)
    assert fetch.due > fetch.checked


def test_of_syndicated_copies_one_is_cited_and_the_others_are_named(client: TestClient) -> None:
    """Until the one that is cited is removed: then the next one is."""
    ids = [
        client.post("/v1/articles", json={"text": TEXT, "title": name, "url": f"https://{name}.example/varn"}).json()[
            "articles"
        ][0]["id"]
        for name in ("agency", "gazette", "herald")
    ]
    question = {"q": "how often does its lamp turn in seconds?", "min_confidence": "0.1"}
    answer = client.get("/v1/ask", params=question).json()
    assert [passage["title"] for passage in answer["passages"] if "lamp" in passage["text"]] == ["agency"]
    citation = answer["quotes"][0]["citation"]
    assert citation["article_id"] == ids[0]
    assert citation["also_in"] == [
        {"article_id": ids[1], "title": "gazette", "url": "https://gazette.example/varn"},
        {"article_id": ids[2], "title": "herald", "url": "https://herald.example/varn"},
    ]
    near = client.get(f"/v1/articles/{ids[1]}").json()["near_duplicates"]
    assert [each["title"] for each in near] == ["agency", "herald"]
    client.delete(f"/v1/articles/{ids[0]}")
    citation = client.get("/v1/ask", params=question).json()["quotes"][0]["citation"]
    assert (citation["title"], [each["title"] for each in citation["also_in"]]) == ("gazette", ["herald"])


# --- long work --------------------------------------------------------------------------------------------------------


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


# --- restarts ---------------------------------------------------------------------------------------------------------


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


# --- removing ---------------------------------------------------------------------------------------------------------


def test_what_is_removed_is_gone_at_once(client: TestClient) -> None:
    response = client.delete(f"/v1/articles/{HARBOUR.id}")
    assert response.status_code == 200
    assert response.json() == {"id": HARBOUR.id, "corpus_generation": 2}
    assert client.get("/v1/articles").json()["articles"] == []
    assert client.get("/v1/ask", params={"q": "when will the bridge close?"}).json()["reason"] == "empty_corpus"
    assert kind(client.delete(f"/v1/articles/{HARBOUR.id}")) == ProblemKind.UNKNOWN_ARTICLE.type


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "x"},
        {"text": ""},
        {"text": "a", "html": "<p>a</p>"},
        {"url": FEED, "title": "x"},
        {"text": "a\x00b"},
        {"text": "x", "colour": 1},
        {"text": "x", "published": "soon"},
        {"text": 5},
        [],
        "text",
    ],
)
def test_a_body_that_is_no_article_is_refused_by_its_schema(client: TestClient, body: Any) -> None:
    assert kind(client.post("/v1/articles", json=body)) == ProblemKind.INVALID_REQUEST.type


@pytest.mark.parametrize("content", [b"", b"{", b'{"text": "\xff"}', b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused(client: TestClient, content: bytes) -> None:
    response = client.post("/v1/articles", content=content, headers={"Content-Type": "application/json"})
    assert kind(response) == ProblemKind.MALFORMED_REQUEST.type


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_another_kind_of_body_is_refused_with_what_to_send(client: TestClient, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.post("/v1/articles", content=TEXT.encode(), headers=headers)
    assert kind(response) == ProblemKind.UNSUPPORTED_MEDIA_TYPE.type


def test_a_form_without_a_file_is_refused(client: TestClient) -> None:
    for files in ({"picture": ("x.txt", b"x")}, {"file": (None, "text")}):
        response = client.post("/v1/articles", files=files)
        assert kind(response) == ProblemKind.INVALID_REQUEST.type


def test_what_holds_no_text_is_refused_with_the_reason(client: TestClient) -> None:
    for response in (
        client.post("/v1/articles", json={"text": "…"}),
        client.post("/v1/articles", files={"file": ("empty.txt", b"")}),
    ):
        assert kind(response) == ProblemKind.UNUSABLE_ARTICLE.type
        assert "holds no text" in response.json()["detail"] or "empty" in response.json()["detail"]


def test_an_upload_that_is_too_large_is_refused_as_it_arrives(client: TestClient) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        while sent < 2 * MAX_UPLOAD_BYTES:
            sent += 1_000_000
            yield b"x" * 1_000_000

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    response = client.post("/v1/articles", content=chunks(), headers=headers)
    assert kind(response) in (ProblemKind.BODY_TOO_LARGE.type, ProblemKind.MALFORMED_REQUEST.type)
    declared = client.post("/v1/articles", content=b"x" * (MAX_UPLOAD_BYTES + 1), headers=headers)
    assert kind(declared) == ProblemKind.BODY_TOO_LARGE.type
    assert f"{MAX_UPLOAD_BYTES:,}" in declared.json()["detail"]


# --- who may write ----------------------------------------------------------------------------------------------------

FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9000"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example:8000", "Host": "evil.example:8000"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_page_of_another_site_cannot_write(client: TestClient, headers: dict[str, str]) -> None:
    for response in (
        client.post("/v1/articles", json={"text": TEXT}, headers=headers),
        client.post("/v1/articles", files={"file": ("x.txt", TEXT.encode())}, headers=headers),
        client.delete(f"/v1/articles/{HARBOUR.id}", headers=headers),
    ):
        assert kind(response) == ProblemKind.CROSS_ORIGIN.type
    assert len(client.get("/v1/articles").json()["articles"]) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost:8000", "Host": "localhost:8000"},
        {"Origin": "http://[::1]:8000", "Host": "[::1]:8000"},
    ],
)
def test_programs_and_its_own_page_can_write(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/v1/articles", json={"text": TEXT}, headers=headers).status_code == 201


def test_sites_that_may_ask_may_not_write(services: Services, writing: Writing) -> None:
    exposure = Exposure(allowed_origins=("https://news.example",))
    with started(services, writing, exposure) as client:
        response = client.post("/v1/articles", json={"text": TEXT}, headers={"Origin": "https://news.example"})
        assert kind(response) == ProblemKind.CROSS_ORIGIN.type


def test_with_a_key_only_who_sends_it_can_write(services: Services, writing: Writing) -> None:
    with started(services, writing, Exposure(api_key="secret")) as client:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic secret"}):
            response = client.post("/v1/articles", json={"text": TEXT}, headers=headers)
            assert kind(response) == ProblemKind.INVALID_API_KEY.type
            assert response.headers["www-authenticate"] == "Bearer"
            assert client.delete(f"/v1/articles/{HARBOUR.id}", headers=headers).status_code == 401
        response = client.post("/v1/articles", json={"text": TEXT}, headers={"Authorization": "Bearer secret"})
        assert response.status_code == 201


@pytest.mark.parametrize("read_only", [True, None])
def test_a_server_that_only_answers_says_how_to_let_it_write(
    services: Services, writing: Writing, *, read_only: bool | None
) -> None:
    only = Writing(writing.jobs, writing.fetcher, read_only=True) if read_only else None
    with started(services, only) as client:
        for response in (
            client.post("/v1/articles", json={"text": TEXT}),
            client.delete(f"/v1/articles/{HARBOUR.id}"),
        ):
            assert kind(response) == ProblemKind.READ_ONLY.type
            assert "ONRECORD_READ_ONLY" in response.json()["detail"]
        assert kind(client.get("/v1/jobs/x")) == ProblemKind.UNKNOWN_JOB.type
        assert client.get("/v1/ask", params={"q": "bridge"}).status_code == 200
