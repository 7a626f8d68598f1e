"""Real processes that write while others serve, wait, are interrupted or killed."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from onrecord.index.store.write_lock import WriteLock
from tests.articles import own_words
from tests.integration.processes import command, environment, interruptible, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.processes import Server

pytestmark = pytest.mark.integration

VARN = "The lighthouse of Varn was lit again on Friday.\n\nIts lamp turns once in twelve seconds."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("writing") / "data") as server:
        server.wait_until_ready()
        yield server


def ask(server: Server, question: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.get(f"{server.url}/v1/ask", params={"q": question}, timeout=60).json()
    return answer


def test_a_server_sees_within_a_second_what_another_process_commits_and_removes(server: Server, tmp_path: Path) -> None:
    (tmp_path / "varn.txt").write_text(VARN)
    printed = run("index", str(tmp_path / "varn.txt"), "--data", str(server.data)).stdout
    began = time.monotonic()
    answer = ask(server, "How often does the lamp of the lighthouse turn?")
    assert answer["passages"][0]["text"] == "Its lamp turns once in twelve seconds."
    assert time.monotonic() - began < 30  # the question itself may be slow on a busy machine, and it is asked once
    run("articles", "remove", printed.split()[1], "--data", str(server.data))
    assert all("lamp" not in each["text"] for each in ask(server, "How often does the lamp turn?")["passages"])


def test_no_answer_mixes_two_generations_while_articles_are_written(server: Server, tmp_path: Path) -> None:
    """Two articles are always added and changed together: an answer that shows both must show one version of them."""
    folder = tmp_path / "pair"
    folder.mkdir()
    seen = set()
    for version in range(4):
        for name in ("left", "right"):
            (folder / f"{name}.txt").write_text(f"Report {name}\n\nThe {name} gauge of Ostby shows version{version}.")
        arguments = command("index", str(folder), "--data", str(server.data))
        with subprocess.Popen(arguments, env=environment(), stdout=subprocess.DEVNULL) as writer:
            while writer.poll() is None:
                answer = ask(server, "What does the gauge of Ostby show?")
                texts = [each["text"] for each in answer["passages"] if "gauge of Ostby" in each["text"]]
                versions = {text.split()[-1] for text in texts}
                assert len(versions) <= 1, texts
                assert len(texts) in (0, 2)
                seen |= versions
        assert writer.returncode == 0
    assert len(seen) > 1


def test_ctrl_c_leaves_the_last_committed_state_and_prints_it(tmp_path: Path) -> None:
    articles, data = tmp_path / "articles", tmp_path / "data"
    articles.mkdir()
    for number in range(600):
        (articles / f"{number:03}.txt").write_text(
            f"Report {number}\n\n{own_words(number)}\n\n{own_words(number + 5000)}"
        )
    arguments = command("index", str(articles), "--data", str(data))
    with (
        interruptible(),
        subprocess.Popen(arguments, env=environment(), stdout=subprocess.PIPE, text=True) as process,
    ):
        until = time.monotonic() + 200
        while not (data / "lexical" / "manifest.json").exists():  # written after the first commit
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=120)
    assert process.returncode == 130
    added = int(out.splitlines()[-1].split()[0])
    listed = run("articles", "list", "--data", str(data)).stdout.splitlines()
    assert 0 < len(listed) < 600
    # What was committed while the signal came is there, too, and its batch is not told.
    assert len(listed) - added in (0, 64)
    assert "sound" in run("check", "--sample", "4", "--data", str(data)).stdout


def test_a_second_writer_is_told_or_waits(tmp_path: Path) -> None:
    (tmp_path / "varn.txt").write_text(VARN)
    arguments = ("index", str(tmp_path / "varn.txt"), "--data", str(tmp_path / "data"))
    run(*arguments)
    (tmp_path / "varn.txt").write_text(VARN.replace("twelve", "nine"))
    with WriteLock(tmp_path / "data").held():
        refused = run(*arguments, code=1)
        assert "Another process is writing" in refused.stderr
        assert "--wait" in refused.stderr
        waiting = subprocess.Popen(command(*arguments, "--wait"), env=environment(), stdout=subprocess.PIPE, text=True)
        time.sleep(3)
        assert waiting.poll() is None
    out, _ = waiting.communicate(timeout=120)
    assert waiting.returncode == 0
    assert out.splitlines()[-1] == "0 added, 1 changed, 0 unchanged, 0 refused"


def test_a_job_that_a_killed_server_had_accepted_is_done_by_the_next(tmp_path: Path) -> None:
    data = tmp_path / "data"
    body = {"text": "\n\n".join(own_words(number) for number in range(300)), "title": "Long", "source": "test:long"}
    with serving(data) as server:
        server.wait_until_ready()
        headers = {"Prefer": "respond-async"}
        response = httpx.post(f"{server.url}/v1/articles", json=body, headers=headers, timeout=60)
        assert response.status_code == 202
        server.process.kill()
        server.process.wait(60)
    with serving(data) as server:
        server.wait_until_ready()
        until = time.monotonic() + 200
        while (job := httpx.get(server.url + response.headers["location"], timeout=60).json())["status"] != "done":
            assert time.monotonic() < until
            time.sleep(0.2)
        assert job["counts"]["added"] + job["counts"]["unchanged"] == 1
        (listed,) = httpx.get(f"{server.url}/v1/articles", timeout=60).json()["articles"]
        assert (listed["title"], listed["passages"]) == ("Long", 300)


def test_a_server_that_others_can_reach_takes_no_articles_unless_told(tmp_path: Path) -> None:
    with serving(tmp_path / "data", ONRECORD_HOST="0.0.0.0") as server:  # noqa: S104 - what the test is about
        server.wait_until_ready()
        response = httpx.post(f"{server.url}/v1/articles", json={"text": VARN}, timeout=60)
        assert response.status_code == 403
        assert "ONRECORD_API_KEY" in response.json()["detail"]
