"""The work of `onrecord cases suggest`: drafts of cases from the question log, to a file or to standard output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from onrecord.api.cli import output
from onrecord.api.evaluation import drafts
from onrecord.api.words import printable
from onrecord.rag.cases.files import SUFFIX, find, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.api.settings import Settings


def draft(  # noqa: PLR0913 - one parameter for each option
    settings: Settings,
    log: Path | None,
    *,
    out: Path | None,
    articles: Sequence[str],
    known: Sequence[Path],
    at_least: int,
    most: int,
) -> None:
    """Write the drafts to `out`, or print them where it is None.

    Raises:
        typer.BadParameter: no question log is named, or nothing may be written to `out`.
        NothingToSuggest: the log does not hold what drafts need.
    """
    path = log or settings.question_log
    if path is None:
        raise typer.BadParameter("name the question log, here or as ONRECORD_QUESTION_LOG", param_hint="LOG")
    if out is not None and not out.name.endswith(SUFFIX):
        raise typer.BadParameter(f"the name of a case file ends in {SUFFIX}", param_hint="--out")
    if out is not None and out.exists():
        raise typer.BadParameter(f"{out} is there already; name another file", param_hint="--out")
    read = drafts.read_log(path)
    found = drafts.drafts(read.questions, [load(file) for each in known for file in find(each)])
    chosen = [each for each in found if each.times >= at_least][:most]
    folder = out.parent if out else Path()
    files = drafts.article_files(chosen, settings.data_dir.resolve().parent)
    text = drafts.render(chosen, articles or drafts.patterns(files, folder))
    if out is None:
        typer.echo(text, nl=False)
    else:
        drafts.write(out, text)
        output.to_stderr().print(f"{len(chosen)} drafts: {printable(str(out))}")
    if read.unreadable:
        output.to_stderr().print(f"{read.unreadable} lines of the log could not be read and were passed over")
