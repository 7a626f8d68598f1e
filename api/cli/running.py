"""What every command does around its work: read the settings, and end as the contract says."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.api.cli import logs, output
from onrecord.api.settings import InvalidSettings, Settings, load_settings
from onrecord.api.words import printable
from onrecord.index.errors import OnRecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130


def settings_for(*, logs_as_json: bool = False, **given: Any) -> Settings:
    """Read the settings, where the options of the command go before the environment, and set up log lines by them."""
    settings = load_settings(**given)
    logs.configure(settings.log_level or ("info" if logs_as_json else "warning"), as_json=logs_as_json)
    return settings


Wait = Annotated[bool, typer.Option("--wait", help="Wait while another process is writing, instead of failing.")]


@contextmanager
def telling() -> Iterator[None]:
    """End the process as the contract says, with the error's own words on standard error."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except OnRecordError as error:
        output.to_stderr().print(f"error: {printable(str(error))}")
        raise typer.Exit(WRONG_USAGE if isinstance(error, InvalidSettings) else FAILED) from error
