"""The `onrecord` command: parse, call, print.

A module that takes more than a few milliseconds to import is imported by the one command that needs it, so that the
others, `--help`, `--version` and completion stay quick.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.api import wiring
from onrecord.api.cli import output, upkeep
from onrecord.api.cli.cases import cases_app
from onrecord.api.cli.check import check_directory
from onrecord.api.cli.eval import evaluate_cases
from onrecord.api.cli.running import FAILED, Data, Wait, settings_for, telling
from onrecord.api.words import printable
from onrecord.index.adding import batches, urls
from onrecord.index.records import Change
from onrecord.rag.answer import MAX_TOP_K

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer(
    name="onrecord",
    epilog="Exit codes: 0 done (abstaining included), 1 a case failed or the work could not be done, 2 wrong usage.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
articles_app = typer.Typer(help="List, show or remove articles; alone it lists them.", rich_markup_mode=None)
app.add_typer(articles_app, name="articles")
app.add_typer(cases_app, name="cases")


def main() -> None:
    """Run the command line."""
    app(prog_name="onrecord")


def _print_version(*, asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - saves 10 ms of all other commands

        typer.echo(f"onrecord {version('onrecord')}")
        raise typer.Exit


@app.callback()
def onrecord(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Ask articles, and be answered only in the articles' own words."""


@app.command()
def index(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH_OR_URL...", help="Files, directories of files, or URLs: of pages, feeds, sitemaps."
        ),
    ],
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Follow one directory until stopped; see below.")] = False,
    wait: Wait = False,
    data: Data = None,
) -> None:
    """Add articles, or refresh those that are there.

    Prints what was added, changed or left unchanged, and to standard error what was refused. A refused file stops no
    other; the exit code is then 1. Ctrl-C leaves what was committed by then, and that is printed, too. Links to folders
    are not followed, which is told.

    With `--watch` the articles of one directory are kept as they are there, until Ctrl-C: what is written is added, and
    what is deleted is removed.
    """
    with telling():
        settings = settings_for(data_dir=data)
        if watch:
            upkeep.watch(paths, settings, wait=wait)
            return
        found = batches.find(paths)
        for link in found.links:
            output.to_stderr().print(output.link_line(link))
        results: list[batches.Indexed] = []
        refused = list(found.refused)
        try:
            with output.progress_bars() as report, wiring.open_corpus(settings, progress=report, wait=wait) as corpus:
                read = batches.read_files(found.files, root=settings.data_dir.resolve().parent)
                fetched = urls.from_urls(found.urls, lambda: wiring.fetcher(settings))
                total = len(found.files) + len(found.urls)
                report("indexing", 0, total)
                for done, result in enumerate(batches.add(corpus, chain(read, fetched)), start=1):
                    report("indexing", done, max(done, total))  # a feed or sitemap turns out to be many
                    if isinstance(result, batches.Indexed):
                        results.append(result)
                    else:
                        refused.append(result)
        finally:
            # Also when it was interrupted: these have been committed.
            _print_results(results, refused)
        if refused:
            raise typer.Exit(FAILED)


@app.command()
def ask(  # noqa: PLR0913 - one parameter for each option
    question: Annotated[str, typer.Argument(help="What to ask, in quotation marks.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly what POST /v1/ask returns.")] = False,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=MAX_TOP_K, help="How many passages to return.")] = 5,
    history: Annotated[
        list[str] | None,
        typer.Option("--history", metavar="QUESTION", help="What was asked before, oldest first. May be repeated."),
    ] = None,
    article_ids: Annotated[
        list[str] | None,
        typer.Option("--article", metavar="ID", help="Ask only this article. May be repeated."),
    ] = None,
    published_after: Annotated[
        str | None, typer.Option(metavar="DATE", help="Ask only articles published on this day or later.")
    ] = None,
    published_before: Annotated[
        str | None, typer.Option(metavar="DATE", help="Ask only articles published on this day or earlier.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            metavar="START",
            help="Ask only articles whose source or web address begins so; a host alone stands for all its pages.",
        ),
    ] = None,
    min_confidence: Annotated[
        float | None, typer.Option(metavar="P", help="How confident a quote must be to be an answer, 0 to 1.")
    ] = None,
    data: Data = None,
) -> None:
    """Ask the articles. That they do not answer is an answer too: the exit code is 0.

    Where `onrecord serve` runs on the same data directory with the same settings, it is asked, and answers at once.
    """
    from onrecord.api.cli import asking  # noqa: PLC0415 - saves 0.1 s of all other commands

    with telling():
        asked = asking.question(
            question,
            top_k=top_k,
            history=history,
            article_ids=article_ids,
            published_after=published_after,
            published_before=published_before,
            source=source,
            min_confidence=min_confidence,
        )
        response = asking.answer(settings_for(data_dir=data), asked)
    if as_json:
        typer.echo(response.model_dump_json().encode())
    else:
        output.to_stdout().print(output.answer(response))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 for any.", show_default=False)] = None,
    data: Data = None,
) -> None:
    """Serve the chat page and the HTTP API until stopped."""
    from onrecord.api.http import server  # noqa: PLC0415 - saves 0.25 s of all other commands

    with telling():
        settings = settings_for(serving=True, data_dir=data, host=host, port=port)
        server.serve(settings, on_loading=output.announce_loading, on_ready=output.announce_ready)


app.command("eval")(evaluate_cases)
app.command("check")(check_directory)
app.command("refresh")(upkeep.refresh)
app.command("compact")(upkeep.compact)


@articles_app.callback(invoke_without_command=True)
def articles_command(context: typer.Context, data: Data = None) -> None:
    """List, show or remove articles; alone it lists them."""
    if context.invoked_subcommand is None:
        list_articles(data)
    else:
        context.obj = data


@articles_app.command("list")
def list_articles_command(context: typer.Context, data: Data = None) -> None:
    """List the articles by title: id, how many passages can be found, title."""
    list_articles(data or context.obj)


@articles_app.command("show")
def show_article(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID", help="As `articles list` prints it.")],
    data: Data = None,
) -> None:
    """Show an article: what is known of it, and each passage with its kind and offsets."""
    with telling(), wiring.open_corpus(settings_for(data_dir=data or context.obj)) as corpus:
        shown = output.article_page(corpus.contents(article_id))
    output.to_stdout().print(shown)


@articles_app.command("remove")
def remove_article(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID", help="As `articles list` prints it.")],
    *,
    wait: Wait = False,
    data: Data = None,
) -> None:
    """Remove an article: nothing of it can be found any more."""
    with telling(), wiring.open_corpus(settings_for(data_dir=data or context.obj), wait=wait) as corpus:
        corpus.remove(article_id)
    output.to_stdout().print(f"removed    {printable(article_id)}")


def list_articles(data: Path | None) -> None:
    """Print the list of articles."""
    with telling(), wiring.open_corpus(settings_for(data_dir=data)) as corpus:
        summaries = corpus.articles()
    for summary in summaries:
        output.to_stdout().print(output.article_line(summary))
    if not summaries:
        output.to_stderr().print("There are no articles yet: onrecord index PATH adds some.")


def _print_results(results: list[Any], refused: list[Any]) -> None:
    stdout, stderr = output.to_stdout(), output.to_stderr()
    for result in results:
        stdout.print(output.result_line(result))
    for refusal in refused:
        stderr.print(output.refusal_line(refusal))
    counts = Counter(result.change for result in results)
    told = ", ".join(f"{counts[change]} {change}" for change in Change)
    stdout.print(f"{told}, {len(refused)} refused")


if __name__ == "__main__":
    main()
