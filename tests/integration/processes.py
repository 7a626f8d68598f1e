"""Real `onrecord` processes for integration tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = Path(__file__).parents[2] / "seeds"
PATIENCE = 240


@dataclass(frozen=True, slots=True)
class Server:
    """An `onrecord serve` process: its base URL, its data directory, and where its log lines go."""

    url: str
    data: Path
    log: Path
    process: subprocess.Popen[str]

    def wait_until_ready(self) -> None:
        """Wait until questions can be asked."""
        until = time.monotonic() + PATIENCE
        while not httpx.get(f"{self.url}/readyz", timeout=PATIENCE).is_success:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until
            time.sleep(0.1)


def command(*arguments: str) -> list[str]:
    """The command line of `onrecord`."""
    return [sys.executable, "-m", "onrecord", *arguments]


def environment(**settings: str) -> dict[str, str]:
    """Ours without any setting of On Record but the given ones."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")} | settings


def run(*arguments: str, code: int = 0, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and check its exit code."""
    done = subprocess.run(
        command(*arguments),
        env=environment(**settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@contextmanager
def interruptible() -> Iterator[None]:
    """What is started in here can be interrupted, whatever started us.

    A shell without job control starts what runs in the background with Ctrl-C ignored, and so would be our children. A
    handler is not inherited: instead of it they have the default.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[Server]:
    """Serve a data directory on a free port; the process has announced where when this begins, no more."""
    log = data.with_suffix(".log")
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command("serve", "--port", "0", "--data", str(data)),
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout
            announced = process.stdout.readline().split()
            assert announced, log.read_text()
            yield Server(announced[2].rstrip("/"), data, log, process)
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
