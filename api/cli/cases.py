"""`onrecord cases`: what helps to write case files."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from onrecord.api.cli import output
from onrecord.api.cli.running import Data, settings_for, telling
from onrecord.api.words import printable

cases_app = typer.Typer(help="Write case files.", rich_markup_mode=None, no_args_is_help=True)

Log = Annotated[
    Path | None,
    typer.Argument(metavar="[LOG]", help="The question log; by default ONRECORD_QUESTION_LOG.", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE.qa.yaml", help="Write there, not to standard output.", show_default=False),
]
Articles = Annotated[
    list[str] | None,
    typer.Option(
        "--articles",
        metavar="PATTERN",
        help="What the cases are about, relative to FILE; by default the files that were quoted. May be repeated.",
        show_default=False,
    ),
]
Known = Annotated[
    list[Path] | None,
    typer.Option(
        "--known",
        metavar="CASES.qa.yaml",
        help="Leave out what this file, or those in this folder, ask. May be repeated.",
        show_default=False,
    ),
]
AtLeast = Annotated[int, typer.Option("--at-least", metavar="N", min=1, help="Leave out what was asked less often.")]
Most = Annotated[int, typer.Option("--most", metavar="N", min=1, help="How many cases to draft.")]


class ImportFormat(StrEnum):
    """What cases can be imported from."""

    SQUAD = "squad"
    BEIR = "beir"
    CSV = "csv"


@cases_app.command("import")
def import_cases(
    source_format: Annotated[ImportFormat, typer.Argument(metavar="FORMAT", help="squad, beir or csv.")],
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="The SQuAD file, the folder of the BEIR data set, or the sheet.")
    ],
    *,
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="The folder to make; it must hold nothing yet.")],
    split: Annotated[
        str | None,
        typer.Option("--split", help="Of BEIR, whose judgements to import: `test` if left out.", show_default=False),
    ] = None,
) -> None:
    """Make article files and a case file of SQuAD 1.1 or 2.0, of BEIR, or of a sheet saved as CSV.

    docs/case-files.md describes the formats, and what of each becomes a case. Nothing is written if a record is not of
    the format.
    """
    from onrecord.rag.cases.importers import beir, sheet, squad  # noqa: PLC0415 - saves 50 ms of all others

    if split is not None and source_format is not ImportFormat.BEIR:
        raise typer.BadParameter("only BEIR has judgements for several splits", param_hint="--split")
    with telling():
        match source_format:
            case ImportFormat.SQUAD:
                imported = squad.convert(source, into)
            case ImportFormat.BEIR:
                imported = beir.convert(source, into, split_name=split or beir.DEFAULT_SPLIT)
            case ImportFormat.CSV:
                imported = sheet.convert(source, into)
    path = printable(str(imported.case_file))
    output.to_stdout().print(f"cases: {imported.cases}, articles: {imported.articles}, case file: {path}")
    for reason, count in imported.left_out.items():
        output.to_stderr().print(f"left out {count}: {reason}")


@cases_app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of case files, with which editors complete and check them while they are written."""
    from onrecord.rag.cases.schema import schema  # noqa: PLC0415 - saves 20 ms of all other commands

    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


@cases_app.command("suggest")
def suggest_cases(  # noqa: PLR0913 - one parameter for each option
    log: Log = None,
    *,
    out: Out = None,
    articles: Articles = None,
    known: Known = None,
    at_least: AtLeast = 1,
    most: Most = 50,
    data: Data = None,
) -> None:
    """Draft cases from the questions that were asked of the server, for a person to confirm; most asked first.

    What was answered becomes what is expected, what was refused becomes `not_found`. A comment on each says how often
    it was asked and how sure the answer was.
    """
    from onrecord.api.cli import drafting  # noqa: PLC0415 - saves 30 ms of all other commands

    with telling():
        settings = settings_for(data_dir=data)
        drafting.draft(settings, log, out=out, articles=articles or (), known=known or (), at_least=at_least, most=most)
