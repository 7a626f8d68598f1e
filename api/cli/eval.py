"""`onrecord eval`: parse, run, print, and say by the exit code whether all is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.api.cli import output
from onrecord.api.cli.running import FAILED, settings_for, telling
from onrecord.api.words import printable

if TYPE_CHECKING:
    from onrecord.api.evaluation.evaluation import Evaluation

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


def evaluate(  # noqa: PLR0913 - one parameter for each option
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
    from onrecord.api.evaluation import evaluation  # noqa: PLC0415 - parsing the command line must stay quick

    with telling():
        settings = settings_for()
        if html is not None:
            _require_place(html)
        with output.progress_bars() as progress:
            done = evaluation.run(cases, settings, progress, baseline=baseline, replacing=update_baseline)
        _print(done, as_json=as_json)
        if html is not None:
            _write_report(html, done)
        kept = done.all_right
        if baseline is not None and update_baseline:
            kept = _update(baseline, done, accept=accept)
    if not kept:
        raise typer.Exit(FAILED)


def _print(done: Evaluation, *, as_json: bool) -> None:
    from onrecord.api.evaluation import tables  # noqa: PLC0415 - as above

    console = output.to_stderr() if as_json else output.to_stdout()
    for told in tables.wrong_cases(done):
        console.print(told)
    if as_json:
        typer.echo(json.dumps(done.document(), ensure_ascii=False))
    else:
        console.print(tables.summary(done))
        console.print(tables.figures(done))


def _require_place(path: Path) -> None:
    """Refuse a place for the page before questions are asked, not after."""
    from onrecord.api.evaluation import report  # noqa: PLC0415 - as above

    report.require_place(path)


def _write_report(path: Path, done: Evaluation) -> None:
    from onrecord.api.evaluation import report  # noqa: PLC0415 - as above

    report.write(path, done)
    output.to_stderr().print(f"report: {printable(str(path))}")


def _update(path: Path, done: Evaluation, *, accept: bool) -> bool:
    """Make the baseline anew, and say whether that was allowed."""
    from onrecord.api.evaluation import baseline as eval_baseline  # noqa: PLC0415 - as above

    if done.crossed and not accept:
        floors = ", ".join(each.figure.label for each in done.crossed if not each.figure.lower_is_better)
        ceilings = ", ".join(each.figure.label for each in done.crossed if each.figure.lower_is_better)
        would = [
            *([f"the floor of {floors} would be lowered"] if floors else []),
            *([f"the ceiling of {ceilings} would be raised"] if ceilings else []),
        ]
        output.to_stderr().print(
            f"error: {printable(str(path))} is left as it was: {', and '.join(would)}. Add --accept if that is meant."
        )
        return False
    eval_baseline.save(path, done.runs, done.scores, done.new_floors())
    output.to_stderr().print(f"baseline: {printable(str(path))}")
    return True
