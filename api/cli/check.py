"""`onrecord check`: verify a data directory, and mend what can be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.api import wiring
from onrecord.api.cli import output
from onrecord.api.cli.running import FAILED, Data, Wait, settings_for, telling
from onrecord.api.words import printable

if TYPE_CHECKING:
    from rich.console import Console

    from onrecord.index.check.integrity import Report


def check_directory(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Make again what is damaged and can be made again.")] = False,
    sample: Annotated[int, typer.Option(min=0, help="How many passages are embedded and compared.")] = 64,
    wait: Wait = False,
    data: Data = None,
) -> None:
    """Verify a data directory: database, texts, passages, links, counts, a sample of the vectors, and both indexes.

    Prints what is damaged and what mends it. The exit code is 1 where something is damaged, with `--repair` where
    something still is.
    """
    from onrecord.index.check import integrity  # noqa: PLC0415 - saves 0.2 s of all other commands

    with telling(), output.progress_bars() as progress:
        settings = settings_for(data_dir=data)
        embedder = wiring.open_embedder(settings)
        if repair:
            before, after = integrity.repair(settings.data_dir, embedder, progress=progress, sample=sample, wait=wait)
        else:
            before = after = integrity.verify_corpus(
                settings.data_dir, embedder, progress=progress, sample=sample, wait=wait
            )
    console = output.to_stdout()
    if repair and not before.sound:
        mended = set(before.findings) - set(after.findings)
        for finding in before.findings:
            if finding in mended:
                console.print(f"mended     {printable(finding.what)}")
    _print(console, after)
    if not after.sound:
        raise typer.Exit(FAILED)


def _print(console: Console, report: Report) -> None:
    for finding in report.findings:
        console.print(f"damaged    {printable(finding.what)}")
    for how in dict.fromkeys(finding.remedy.how for finding in report.findings):
        output.to_stderr().print(how)
    told = f"{report.articles} articles, {report.passages} passages, {report.embedded} vectors compared"
    damaged = len(report.findings)
    console.print(f"{told}: {'sound' if report.sound else f'{damaged} found damaged'}")
