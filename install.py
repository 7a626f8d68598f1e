"""Makes the virtual environment with the pinned dependencies, and says in short lines what is going on.

    python3 install.py .venv

`make setup` runs it. It needs the standard library alone, and writes plain lines, so that a log of it can be read, too.
Of what pip says only what is wrong is shown as it stands; all of it is kept in pip.log inside the environment.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Empty, Queue
from typing import IO

ROOT = Path(__file__).parent
QUIET_SECONDS = 20.0
"""How long nothing is said at most."""
LARGE = 20.0
"""Megabytes from which a download is worth a line."""

_DOWNLOADING = re.compile(r"\s*Downloading (?:\S*/)?([^-/\s]+)-(\S+?)(?:-\S+)?\.(?:whl|tar\.gz) \(([\d.]+) (\w+)\)")
_FOUND = re.compile(r"\s*(?:Collecting|Processing) (?:\S*/)?([A-Za-z0-9_.]+(?:-[A-Za-z][A-Za-z0-9_.]*)*)")
_BUILDING = re.compile(r"\s*Building wheel for (\S+) \(.*\): started")
_UNPACKING = "Installing collected packages: "
_STEP = re.compile(
    r"\s*(Building|Checking|Collecting|Downloading|Getting|Installing|Preparing|Processing|Requirement|Using cached) "
)
_MEGABYTES = {"bytes": 1e-6, "kB": 1e-3, "MB": 1.0, "GB": 1e3}
_NOISE = re.compile(r"WARNING: Location '.*' is ignored: |WARNING: .* does not provide the extra |\[notice\] |\s*$")
"""What pip warns of where nothing is wrong: a place without a page for some package, a name of old, a newer pip."""


class Progress:
    """What is told of the lines that pip writes, and of its silence."""

    def __init__(self) -> None:
        self._packages: set[str] = set()
        self._doing = "looking for packages"

    def note(self, line: str) -> str | None:
        """What to say about a line of pip's, at once; mostly nothing."""
        if downloading := _DOWNLOADING.match(line):
            name, version, size, unit = downloading.groups()
            megabytes = float(size) * _MEGABYTES.get(unit, 1.0)
            self._doing = f"downloading {name}"
            return f"downloading {name} {version} ({megabytes:.0f} MB) …" if megabytes >= LARGE else None
        if line.startswith(_UNPACKING):
            count = line.count(",") + 1
            self._doing = "unpacking"
            return f"unpacking {count} package{'s' if count > 1 else ''} …"
        if building := _BUILDING.match(line):
            self._doing = f"building {building[1]}"
            return f"building {building[1]} …"
        if found := _FOUND.match(line):
            self._packages.add(found[1])
            self._doing = f"{len(self._packages)} packages found, now {found[1]}"
        return None

    def still(self, seconds: float) -> str:
        """What to say when nothing was said for a while, `seconds` after pip was started."""
        return f"{self._doing} … {seconds:.0f} s by now"


def install(command: list[str], log: IO[str], *, quiet: float = QUIET_SECONDS) -> int:
    """Run pip, say what it does, show what is wrong in its own words, keep all of them; returns its exit code."""
    progress, lines = Progress(), Queue[tuple[IO[str], str] | None]()
    after_last_step: list[str] = []  # where pip says why it fails, beside its errors
    began = said = time.monotonic()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as pip:
        readers = [_each_line(stream, lines) for stream in (pip.stdout, pip.stderr) if stream]
        threading.Thread(target=_finish, args=(readers, lines)).start()
        while True:
            told = None
            try:
                written = lines.get(timeout=max(0.0, said + quiet - time.monotonic()))
            except Empty:
                told = progress.still(time.monotonic() - began)
            else:
                if written is None:
                    break
                stream, line = written
                log.write(line)
                if stream is pip.stdout:
                    told = progress.note(line)
                    after_last_step = [] if _STEP.match(line) else [*after_last_step, line]
                elif not _NOISE.match(line):
                    _complain(line.rstrip())
            if told is not None:
                _say(f"  {told}")
                said = time.monotonic()
    if pip.returncode and after_last_step:
        _complain("".join(after_last_step).strip("\n"))
    return pip.returncode


def main() -> int:
    """Make the environment whose folder is given, and install the project in it for development."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # “…” where a terminal knows no such thing
    environment = Path(sys.argv[1])
    began = time.monotonic()
    _say(f"making the environment {environment} …")
    made = subprocess.run([sys.executable, "-m", "venv", str(environment)], check=False)
    if made.returncode:
        return made.returncode
    _say("installing the packages (about 2 GB; one to three minutes) …")
    os.environ["PIP_CONSTRAINT"] = str(ROOT / "constraints.txt")  # also for what a build needs, as no option does
    pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    wanted = ["install", "--progress-bar", "off", "--editable", f"{ROOT}[dev]"]
    log = environment / "pip.log"
    with log.open("w", encoding="utf-8") as kept:
        code = install([*pip, *wanted], kept)
    if code:
        _complain(f"pip could not install the packages (exit code {code}); all that it said stands in {log}")
    else:
        _say(f"the packages are installed ({time.monotonic() - began:.0f} s)")
    return code


def _say(line: str) -> None:
    print(line, flush=True)


def _complain(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _each_line(stream: IO[str], lines: Queue[tuple[IO[str], str] | None]) -> threading.Thread:
    def read() -> None:
        for line in stream:
            lines.put((stream, line))

    reader = threading.Thread(target=read)
    reader.start()
    return reader


def _finish(readers: list[threading.Thread], lines: Queue[tuple[IO[str], str] | None]) -> None:
    for reader in readers:
        reader.join()
    lines.put(None)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
