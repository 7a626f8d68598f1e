"""The work of `onrecord eval`: ask the cases, print how it went, write the page, make the baseline anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from onrecord.api.cli import output
from onrecord.api.evaluation import baseline as baselines
from onrecord.api.evaluation import evaluation, report, tables
from onrecord.api.words import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onrecord.api.evaluation.evaluation import Evaluation
    from onrecord.api.settings import Settings


def evaluate(  # noqa: PLR0913 - one parameter for each option
    cases: Sequence[Path],
    settings: Settings,
    *,
    as_json: bool,
    html: Path | None,
    baseline: Path | None,
    update_baseline: bool,
    accept: bool,
) -> bool:
    """Do what the options say, and return whether all is right."""
    if html is not None:
        report.require_place(html)  # before questions are asked, not after
    with output.progress_bars() as progress:
        done = evaluation.run(cases, settings, progress, baseline=baseline, replacing=update_baseline)
    _print(done, as_json=as_json)
    if html is not None:
        _write_report(html, done)
    if baseline is not None and update_baseline:
        return _update(baseline, done, accept=accept)
    return done.all_right


def _print(done: Evaluation, *, as_json: bool) -> None:
    console = output.to_stderr() if as_json else output.to_stdout()
    for told in tables.wrong_cases(done):
        console.print(told)
    if as_json:
        typer.echo(json.dumps(done.document(), ensure_ascii=False))
    else:
        console.print(tables.summary(done))
        console.print(tables.figures(done))


def _write_report(path: Path, done: Evaluation) -> None:
    report.write(path, done)
    output.to_stderr().print(f"report: {printable(str(path))}")


def _update(path: Path, done: Evaluation, *, accept: bool) -> bool:
    """Make the baseline anew, and say whether that was allowed."""
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
    baselines.save(path, done.runs, done.scores, done.new_floors())
    output.to_stderr().print(f"baseline: {printable(str(path))}")
    return True
