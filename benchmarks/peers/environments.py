"""Each peer's own virtual environment, made once from its pinned requirements; the project's own is never touched."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
_STAMP = "requirements.sha256"


class CannotInstall(Exception):  # noqa: N818 - named for what is wrong, as in index.errors
    """An environment could not be made; the message ends with what pip said."""


def requirements(peer: str) -> Path:
    """Where the pinned requirements of a peer stand."""
    return HERE / f"requirements-{peer}.txt"


def python_of(peer: str, cache: Path) -> Path:
    """The interpreter of a peer's environment below `cache`, which is made first where it is missing or out of date.

    Raises:
        CannotInstall: pip could not install the requirements.
    """
    folder = (cache / "environments" / peer).resolve()
    python, stamp = folder / "bin" / "python", folder / _STAMP
    wanted = hashlib.sha256(requirements(peer).read_bytes() + sys.version.encode()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        print(f"making the environment of {peer} in {folder}; this takes minutes, once", file=sys.stderr)
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        # Without --no-compile pip compiles all of torch before anything runs; Python compiles what it imports.
        _run([str(python), "-m", "pip", "install", "--quiet", "--no-compile", "-r", str(requirements(peer))])
        stamp.write_text(wanted)
    return python


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        raise CannotInstall(last[0])
