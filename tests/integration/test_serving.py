"""What `onrecord serve` shows: to a person the address, last and alone; to a program the address first, and JSON."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.integration.processes import PATIENCE, command, environment, serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.integration


class Screen:
    """A terminal that a process writes to; everything that it wrote is kept."""

    def __init__(self) -> None:
        self._controller, self.terminal = pty.openpty()
        self._written = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def text(self) -> str:
        return self._written.decode(errors="replace")

    def finish(self) -> None:
        """Read what is left; the process must have ended."""
        os.close(self.terminal)
        self._reader.join(timeout=PATIENCE)

    def wait_for(self, words: str) -> None:
        until = time.monotonic() + PATIENCE
        while words not in self.text:
            assert time.monotonic() < until, self.text
            time.sleep(0.05)

    def _read(self) -> None:
        while True:
            try:
                read = os.read(self._controller, 4096)
            except OSError:  # so Linux says that nobody writes any more
                return
            if not read:
                return
            self._written += read


def test_at_a_terminal_the_address_stands_there_once_and_no_request_buries_it(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    screen = Screen()
    served = command("serve", "--port", str(port), "--data", str(tmp_path / "data"))
    at_a_terminal = environment(TERM="xterm", PYTHONWARNINGS="ignore")
    with subprocess.Popen(served, env=at_a_terminal, stdout=screen.terminal, stderr=screen.terminal) as process:
        try:
            screen.wait_for("Ctrl-C stops it.")
            for path in ("", "healthz", "v1/ask?q=Who", "nowhere"):
                httpx.get(address + path, timeout=PATIENCE)
        finally:
            process.terminate()
        assert process.wait(timeout=60) == 0
    screen.finish()
    assert screen.text.splitlines() == [
        "On Record is loading the articles and the models …",
        "",
        f"On Record answers at \x1b[1m{address}\x1b[0m",
        f"Reference: {address}docs   Ctrl-C stops it.",
        "",
    ]


def test_a_program_reads_the_address_first_questions_are_answered_at_the_second_line_and_the_log_is_json(
    tmp_path: Path,
) -> None:
    with serving(tmp_path / "data") as server:
        assert server.process.stdout
        assert server.process.stdout.readline() == f"On Record answers at {server.url}/\n"
        assert httpx.get(f"{server.url}/readyz").status_code == 200
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert "/readyz" in [line.get("path") for line in lines]
