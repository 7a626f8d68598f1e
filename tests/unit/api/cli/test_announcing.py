"""Where a server says that it answers: to a program at once, to a person when there is somebody to ask."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from onrecord.api.cli import output

if TYPE_CHECKING:
    import pytest

ADDRESS = "http://127.0.0.1:8000"


def announced(capsys: pytest.CaptureFixture[str]) -> list[str]:
    output.announce_loading(ADDRESS)
    output.announce_ready(ADDRESS)
    return capsys.readouterr().out.splitlines()


def test_a_program_reads_the_address_before_loading_and_again_when_questions_are_answered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    loading, ready, reference = announced(capsys)
    assert loading.split()[2] == f"{ADDRESS}/"
    assert ready == f"On Record answers at {ADDRESS}/"
    assert reference == f"Reference: {ADDRESS}/docs   Ctrl-C stops it."


def test_a_person_sees_the_address_once_bold_and_set_apart(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    loading, before, ready, _, after = announced(capsys)
    assert ADDRESS not in loading
    assert ready == f"On Record answers at \x1b[1m{ADDRESS}/\x1b[0m"
    assert (before, after) == ("", "")


def test_a_server_goes_on_when_whoever_read_the_address_has_left() -> None:
    read, write = os.pipe()
    os.close(read)
    script = (
        "import sys\nfrom onrecord.api.cli import output\n"
        f"output.announce_ready({ADDRESS!r})\nprint('goes on', file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "goes on\n")
