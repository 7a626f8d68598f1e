from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.integration.processes import SEEDS, command, environment, interruptible, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("cli") / "data"
    done = run("index", str(SEEDS), "--data", str(data))
    assert done.stdout.splitlines()[-1] == "1 added, 0 changed, 0 unchanged, 0 refused"
    assert done.stderr == ""
    return data


def test_indexing_again_changes_nothing_and_loads_no_model(data: Path) -> None:
    began = time.monotonic()
    assert "0 added, 0 changed, 1 unchanged" in run("index", str(SEEDS), "--data", str(data)).stdout
    assert time.monotonic() - began < 30


def test_asking_prints_a_quote_of_the_article(data: Path) -> None:
    done = run("ask", "When was the Nujaba Movement established?", "--data", str(data))
    assert "The Nujaba Movement was established in 2013" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stderr == ""


def test_ctrl_c_ends_a_command_with_130_and_without_a_traceback(data: Path) -> None:
    arguments = command("ask", "who?", "--data", str(data))
    with (
        interruptible(),
        subprocess.Popen(arguments, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        opened = data / "corpus.db-shm"  # past first imports, before models are loaded
        while process.poll() is None and not opened.exists():
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in errors


def test_a_data_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("articles", "--data", str(tmp_path / "file" / "data"), code=1)
    assert "--data" in done.stderr
