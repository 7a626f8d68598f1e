from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from onrecord.api.http.shared.problems import ProblemKind
from tests.unit.api.http.articles.server import FEED, TEXT, FakeFetcher, SlowEmbedder, kind
from tests.unit.api.samples import HARBOUR

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from onrecord.api.wiring import Services


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


def test_a_file_sent_again_under_its_name_replaces_all_that_it_held(client: TestClient) -> None:
    def send(name: str, *texts: str) -> dict[str, Any]:
        lines = "\n".join(json.dumps({"text": text, "title": text, "id": text[:3]}) for text in texts)
        return client.post("/v1/articles", files=[("file", (name, lines.encode()))]).json()["counts"]  # type: ignore[no-any-return]

    def titles() -> set[str]:
        return {each["title"] for each in client.get("/v1/articles").json()["articles"]} - {HARBOUR.title}

    send("news#1.jsonl", "The quay closes.", "Our bath opens.")
    send("news", "A mill burns.")
    assert send("news#1.jsonl", "The quay opens.", "One fair came.") == {
        "added": 1,
        "changed": 1,
        "unchanged": 0,
        "refused": 0,
    }
    assert titles() == {"The quay opens.", "One fair came.", "A mill burns."}
    client.post("/v1/articles", files=[("file", ("news#1.jsonl", b"\xff\xfe\x00"))])
    assert titles() == {"The quay opens.", "One fair came.", "A mill burns."}
    send("news", "A weir broke.")
    assert titles() == {"The quay opens.", "One fair came.", "A weir broke."}


def test_two_files_of_one_name_are_told_as_the_second_changing_the_first(client: TestClient) -> None:
    files = [("file", ("varn.txt", TEXT.encode())), ("file", ("varn.txt", TEXT.replace("twelve", "nine").encode()))]
    job = client.post("/v1/articles", files=files).json()
    assert [each["change"] for each in job["articles"]] == ["added", "changed"]
    assert len({each["id"] for each in job["articles"]}) == 1


def test_one_byte_is_no_article(client: TestClient) -> None:
    response = client.post("/v1/articles", files=[("file", ("x.bin", b"A"))])
    assert kind(response) == ProblemKind.UNUSABLE_ARTICLE.type
    assert "x.bin is of no kind that can be read" in response.json()["detail"]


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


def test_what_is_removed_is_gone_at_once(client: TestClient) -> None:
    response = client.delete(f"/v1/articles/{HARBOUR.id}")
    assert response.status_code == 200
    assert response.json() == {"id": HARBOUR.id, "corpus_generation": 2}
    assert client.get("/v1/articles").json()["articles"] == []
    assert client.get("/v1/ask", params={"q": "when will the bridge close?"}).json()["reason"] == "empty_corpus"
    assert kind(client.delete(f"/v1/articles/{HARBOUR.id}")) == ProblemKind.UNKNOWN_ARTICLE.type
