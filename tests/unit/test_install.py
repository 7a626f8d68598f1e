"""What `make setup` says while it installs, with a stand-in for pip."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import install

ROOT = Path(__file__).parents[2]
WRITTEN = """\
Looking in links: /opt/wheels
Obtaining file:///home/somebody/on-record
  Installing build dependencies: started
  Preparing editable metadata (pyproject.toml): finished with status 'done'
Collecting torch>=2.8 (from onrecord==0.1.0)
  Downloading torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl (899.7 MB)
Collecting idna
  Downloading idna-3.20-py3-none-any.whl (71 kB)
Collecting cuda (from torch)
  Downloading https://wheels.example/cuda_bindings-1.0-py3-none-any.whl.metadata (1.2 kB)
  Downloading cuda_bindings-1.0-py3-none-any.whl (1.1 GB)
Building wheels for collected packages: onrecord
  Building wheel for onrecord (pyproject.toml): started
  Building wheel for onrecord (pyproject.toml): finished with status 'done'
Installing collected packages: torch, idna, cuda
Successfully installed cuda-1.0 idna-3.20 torch-2.13.0
"""
WRONG = "ERROR: Could not find a version that satisfies the requirement tantivy>=0.25\n"
NOISE = (
    "WARNING: Location 'file:///opt/simple/idna/' is ignored: it is neither a file nor a directory.\n"
    "WARNING: lxml 6.1.3 does not provide the extra 'html_clean'\n"
    "\n[notice] A new release of pip is available: 23.2 -> 27.0\n"
)


def pip(tmp_path: Path, *, out: str = "", err: str = "", seconds: float = 0, code: int = 0) -> list[str]:
    """A command that writes this, takes so long, and ends so."""
    script = tmp_path / "pip.py"
    script.write_text(
        f"import sys, time\nprint({out!r}, end='', flush=True)\nprint({err!r}, end='', file=sys.stderr, flush=True)\n"
        f"time.sleep({seconds})\nsys.exit({code})\n"
    )
    return [sys.executable, str(script)]


def test_large_downloads_builds_and_unpacking_have_a_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install.install(pip(tmp_path, out=WRITTEN), io.StringIO()) == 0
    assert capsys.readouterr().out.splitlines() == [
        "  downloading torch 2.13.0 (900 MB) …",
        "  downloading cuda_bindings 1.0 (1100 MB) …",
        "  building onrecord …",
        "  unpacking 3 packages …",
    ]


def test_a_long_silence_is_broken_with_what_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began, _ = WRITTEN.split("Building wheels")
    install.install(pip(tmp_path, out=began, seconds=0.8), io.StringIO(), quiet=0.3)
    *_, last = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"  downloading cuda_bindings … \d s by now", last)
    assert install.QUIET_SECONDS <= 20


def test_what_is_wrong_is_shown_in_full_and_the_exit_code_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = io.StringIO()
    assert install.install(pip(tmp_path, out=WRITTEN, err=NOISE + WRONG * 3, code=3), kept) == 3
    assert capsys.readouterr().err == WRONG * 3 + "Successfully installed cuda-1.0 idna-3.20 torch-2.13.0\n"
    assert sorted(kept.getvalue().splitlines()) == sorted((WRITTEN + NOISE + WRONG * 3).splitlines())


def test_why_it_failed_is_shown_where_pip_says_it_beside_its_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began, _ = WRITTEN.split("Building wheels")
    why = "\nThe conflict is caused by:\n    httpx 0.28.1 depends on idna\n    The user requested idna==0.0.1\n"
    assert install.install(pip(tmp_path, out=began + why, err=WRONG, code=1), io.StringIO()) == 1
    assert capsys.readouterr().err == WRONG + why.removeprefix("\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with what `make setup` needs, and a Python whose `install.py` fails with 7."""
    for name in ("Makefile", "install.py", "pyproject.toml", "constraints.txt", "hatch_build.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$1" in -c) exec {sys.executable} "$@";; esac\necho "$@"; exit 7\n')
    python.chmod(0o755)
    return tmp_path


def make(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=project, env=environment, capture_output=True, text=True, check=False
    )


def test_what_could_not_be_set_up_is_tried_again(project: Path) -> None:
    for _ in range(2):
        done = make(project, "setup", "PYTHON=./python")
        assert done.returncode == 2
        assert "Error 7" in done.stderr
        assert done.stdout.startswith("install.py .venv\n")


def test_a_python_that_is_too_old_is_told(project: Path) -> None:
    (project / "python").write_text("#!/bin/sh\necho 'On Record needs Python 3.11 or newer' >&2; exit 1\n")
    done = make(project, "serve", "PYTHON=./python")
    assert "On Record needs Python 3.11 or newer" in done.stderr
    assert "indexing" not in done.stdout


def test_serving_says_that_it_indexes_before_it_does(project: Path) -> None:
    lines = make(project, "--dry-run", "serve").stdout.splitlines()
    indexing = lines.index('echo "indexing seeds/ …"')
    assert lines[indexing + 1 :] == [".venv/bin/onrecord index seeds", ".venv/bin/onrecord serve --port 8000"]


def test_nothing_that_is_written_moves_a_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install.install(pip(tmp_path, out=WRITTEN, err=NOISE + WRONG), io.StringIO())
    assert not set(re.findall(r"[\x00-\x09\x0b-\x1f]", "".join(capsys.readouterr())))
