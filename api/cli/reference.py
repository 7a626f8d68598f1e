"""Writes docs/cli.md from the commands and the settings: python -m onrecord.api.cli.reference > docs/cli.md."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from onrecord.api.cli.main import app
from onrecord.api.settings import Settings, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = """\
# The command line

This page is generated: `python -m onrecord.api.cli.reference > docs/cli.md`.

Answers go to standard output, progress and logs to standard error. Bars and bold type appear only on a terminal, and
not where `NO_COLOR` is set. `-h` after any command says what it takes.

| Exit code | Meaning |
|---|---|
| 0 | Done. That the articles do not answer is an answer, too. |
| 1 | A case failed, or the work could not be done (also when only one file of many was refused). |
| 2 | Wrong usage: an unknown option or setting, or a value that cannot be used. |
| 130 | Interrupted with Ctrl-C. |
"""

_SETTINGS_HEAD = """\
## Settings

Environment variables. An unknown one that begins with `ONRECORD_` is refused, so that a misspelt setting is never
silently ignored. Options of a command go before them.

| Variable | Default | Meaning |
|---|---|---|"""


def render() -> str:
    """The page, in Markdown."""
    return "\n".join([_HEAD, *_commands(get_command(app), "onrecord"), _SETTINGS_HEAD, *_settings(), ""])


def _commands(command: Any, name: str) -> Iterator[str]:
    yield from _command(command, name)
    for subname, subcommand in getattr(command, "commands", {}).items():
        yield from _commands(subcommand, f"{name} {subname}")


def _command(command: Any, name: str) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    usage = [name, *(one.metavar or one.name.upper() for one in arguments), *(["[OPTIONS]"] if options else [])]
    yield f"## `{' '.join(usage)}`\n"
    yield f"{command.help}\n"
    if arguments or options:
        yield "| | |\n|---|---|"
        for one in arguments:
            yield f"| `{one.metavar or one.name.upper()}` | {one.help} |"
        for one in options:
            default = f" Default: {one.default}." if one.default not in (None, False) else ""
            value = "" if one.is_flag else f" {one.metavar or one.name.upper()}"
            yield f"| `{'`, `'.join(one.opts)}{value}` | {one.help}{default} |"
        yield ""


def _settings() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory or field.default is None else f"`{field.default}`"
        yield f"| `{variable(name)}` | {default} | {field.description} |"


if __name__ == "__main__":
    sys.stdout.write(render())
