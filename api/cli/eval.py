"""`onrecord eval`: its options, and the exit code that says whether all is right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onrecord.api.cli.running import FAILED, settings_for, telling

Cases = Annotated[list[Path], typer.Argument(metavar="CASES.qa.yaml...", help="Case files, or folders that hold some.")]
Json = Annotated[bool, typer.Option("--json", help="Print the figures, every case and what moved as JSON.")]
Html = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Also write one self-contained page of it all.", show_default=False),
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        "--baseline", metavar="FILE", help="Compare with this saved run and hold its floors.", show_default=False
    ),
]
Update = Annotated[bool, typer.Option("--update-baseline", help="Make the baseline anew from this run.")]
Accept = Annotated[bool, typer.Option("--accept", help="With --update-baseline: floors may be lowered.")]


def evaluate_cases(  # noqa: PLR0913 - one parameter for each option
    cases: Cases,
    *,
    as_json: Json = False,
    html: Html = None,
    baseline: Baseline = None,
    update_baseline: Update = False,
    accept: Accept = False,
) -> None:
    """Ask the questions of case files about the articles they name, and print how it went.

    The exit code is 1 when a case fails. With a baseline it is 1 when a case broke since, or a figure has fallen below
    its floor. Making the baseline anew raises floors; it is refused where a floor would be lowered, unless accepted.
    """
    if update_baseline and baseline is None:
        raise typer.BadParameter("name the file to make: --baseline FILE", param_hint="--update-baseline")
    if accept and not update_baseline:
        raise typer.BadParameter("it says what --update-baseline may do", param_hint="--accept")
    from onrecord.api.cli import evaluating  # noqa: PLC0415 - saves 0.3 s of all other commands

    with telling():
        kept = evaluating.evaluate(
            cases,
            settings_for(),
            as_json=as_json,
            html=html,
            baseline=baseline,
            update_baseline=update_baseline,
            accept=accept,
        )
    if not kept:
        raise typer.Exit(FAILED)
