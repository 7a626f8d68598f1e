"""What every command does around its work: read the settings, and end as the contract says."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.api.cli import logs, output
from onrecord.api.words import printable
from onrecord.index.errors import OnRecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.api.settings import Settings

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130


Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data directory.", show_default=False)]
Wait = Annotated[bool, typer.Option("--wait", help="Wait while another process is writing, instead of failing.")]


def settings_for(*, serving: bool = False, **given: Any) -> Settings:
    """Read the settings, where the options of the command go before the environment, and set up log lines by them.

    Where they cannot be used, the process ends as after any wrong usage.
    """
    from onrecord.api.settings import InvalidSettings, load_settings  # noqa: PLC0415 - saves 0.1 s of --help, --version

    try:
        settings = load_settings(**given)
    except InvalidSettings as error:
        _tell(error)
        raise typer.Exit(WRONG_USAGE) from error
    logs.configure(settings.log_level, settings.log_format, serving=serving)
    return settings


@contextmanager
def telling() -> Iterator[None]:
    """End the process as the contract says, with the error's own words on standard error."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except OnRecordError as error:
        _tell(error)
        raise typer.Exit(FAILED) from error


def _tell(error: OnRecordError) -> None:
    output.to_stderr().print(f"error: {printable(str(error))}")
