"""What answering takes: no torch, little memory, few seconds; and the server that runs already, where there is one."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest

from onrecord.api.http.messages.answers import AskResponse
from tests.integration.processes import SEEDS, environment, run, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.integration.processes import Server

pytestmark = pytest.mark.integration

QUESTION = "When was the Nujaba Movement established?"
MEBIBYTE = 1 << 20

ASKING = """
import sys
from pathlib import Path
from onrecord.api import wiring
from onrecord.api.settings import Settings
from onrecord.rag.answer import Answer, Question
services = wiring.load(Settings(data_dir=Path(sys.argv[1])), warm=True)
with services.corpus:
    assert isinstance(services.pipeline.ask(Question("When was the Nujaba Movement established?")), Answer)
heavy = {"torch", "sentence_transformers", "transformers"} & set(sys.modules)
assert not heavy, heavy
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("asking") / "data"
    run("index", str(SEEDS), "--data", str(data))
    return data


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    with serving(data) as started:
        started.wait_until_ready()
        yield started


def requests(server: Server) -> int:
    """How many questions the server has been asked."""
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    return sum(line.get("path") == "/v1/ask" for line in lines)


def answer(data: Path, *options: str) -> dict[str, object]:
    """What is printed, without the times that it took."""
    told = run("ask", QUESTION, "--json", "--data", str(data), *options).stdout
    return AskResponse.model_validate_json(told).model_dump(exclude={"timings_ms"})


def processor_seconds(work: Callable[[], object]) -> float:
    """What the processes that end meanwhile used of a processor: how busy the machine is does not matter to it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_an_answer_is_given_without_torch(data: Path) -> None:
    subprocess.run([sys.executable, "-c", ASKING, str(data)], env=environment(), check=True)


def test_a_command_without_a_server_takes_few_seconds(data: Path) -> None:
    assert processor_seconds(lambda: answer(data)) < 3


def test_a_server_answers_in_little_memory_and_without_torch(server: Server) -> None:
    for words in ("Nujaba Movement", "Iraqi airspace", "ballistic missiles", "Asadi", "Hamas"):
        run("ask", f"What is said of the {words}?", "--data", str(server.data))
    assert requests(server) == 5
    process = psutil.Process(server.process.pid)
    assert process.memory_info().rss < 450 * MEBIBYTE
    assert [each.path for each in process.memory_maps() if "torch" in each.path] == []


def test_a_command_is_answered_by_the_server_of_its_directory_as_it_would_answer_itself(data: Path) -> None:
    options = (), ("--top-k", "1", "--history", "Who is Asadi?"), ("--article", "none")
    alone = [answer(data, *given) for given in options]
    with serving(data) as server:
        server.wait_until_ready()
        beside = [answer(data, *given) for given in options]
        assert requests(server) == 3
    assert beside == alone


def test_a_command_with_other_settings_answers_itself(server: Server) -> None:
    run("ask", QUESTION, "--data", str(server.data), ONRECORD_CANDIDATES="4")
    assert requests(server) == 0


def test_a_command_answers_itself_where_the_server_was_killed(data: Path) -> None:
    with serving(data) as server:
        server.wait_until_ready()
        server.process.kill()
        server.process.wait()
        assert list(data.glob("*.sock"))
        assert answer(data)["status"] == "answered"


def test_a_server_that_stops_takes_its_socket_away(data: Path) -> None:
    with serving(data) as server:
        server.wait_until_ready()
        assert list(data.glob("*.sock"))
    assert list(data.glob("*.sock")) == []
