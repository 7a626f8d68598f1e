"""What people expect of any command: help, version, completion, and all of it at once."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from onrecord.api.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[4]
NEEDED_BY_COMMANDS_ALONE = {
    "faiss",
    "fastapi",
    "httpx",
    "jinja2",
    "numpy",
    "pydantic_settings",
    "sqlite3",
    "torch",
    "yaml",
}


def paths(command: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command and group of commands, as it is typed."""
    yield path
    for name, subcommand in getattr(command, "commands", {}).items():
        yield from paths(subcommand, *path, name)


def process(*arguments: str, **environment: str) -> str:
    """What the command prints as a process."""
    command = [sys.executable, "-m", "onrecord", *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    done = subprocess.run(command, env=kept | environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


def test_the_version_is_that_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert CliRunner().invoke(app, ["--version"]).stdout == f"onrecord {version}\n"


@pytest.mark.parametrize("path", list(paths(get_command(app))), ids=" ".join)
def test_every_command_tells_its_help_in_short_and_in_long(path: tuple[str, ...]) -> None:
    short, long = (CliRunner().invoke(app, [*path, option]) for option in ("-h", "--help"))
    assert (short.exit_code, short.stdout) == (0, long.stdout)
    assert "-h, --help" in short.stdout


@pytest.mark.parametrize(
    ("words", "completed"),
    [("onrecord a", ["ask", "articles"]), ("onrecord articles re", ["remove"]), ("onrecord ask --js", ["--json"])],
)
def test_bash_is_told_how_to_complete_what_was_begun(words: str, completed: list[str]) -> None:
    place = str(words.count(" "))
    told = process(_ONRECORD_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=place)
    assert sorted(told.split()) == sorted(completed)


def test_the_script_for_bash_completes_the_installed_command() -> None:
    shown = process("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "_ONRECORD_COMPLETE=complete_bash $1" in shown
    assert shown.rstrip().endswith("complete -o default -F _onrecord_completion onrecord")


def test_completion_is_installed_where_bash_reads_it(tmp_path: Path) -> None:
    process("--install-completion", "bash", HOME=str(tmp_path), _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    installed = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".bashrc"]
    assert [path.name for path in installed] == ["onrecord.sh"]
    assert str(installed[0]) in (tmp_path / ".bashrc").read_text()


@pytest.mark.parametrize("arguments", [["--version"], ["-h"], ["index", "-h"], ["articles", "list", "-h"]])
def test_what_only_tells_about_the_command_reads_nothing_that_its_work_needs(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom onrecord.api.cli.main import app\n"
        f"try:\n    app({arguments!r})\nexcept SystemExit:\n"
        f"    print(sorted({NEEDED_BY_COMMANDS_ALONE!r} & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
