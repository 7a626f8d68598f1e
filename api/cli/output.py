"""What commands print: answers and lists as text for a person, progress as a bar on standard error."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
)
from rich.text import Text

from onrecord.api.cli.pace import Pace
from onrecord.api.words import DISAGREE, confidence_words, printable, refusal
from onrecord.rag.answer import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.progress import TaskID

    from onrecord.api.http.messages.answers import AskResponse, CitationOut, PassageOut, QuoteOut
    from onrecord.index.adding.batches import Indexed, Refused
    from onrecord.index.records import ArticleContents, ArticleSummary
    from onrecord.index.records import Progress as Report


def to_stdout() -> Console:
    """Where results go: lines are never folded, and styles are written only to a terminal."""
    return _console(stderr=False)


def to_stderr() -> Console:
    """Where progress and errors go."""
    return _console(stderr=True)


def answer(response: AskResponse) -> Text:
    """An answer: each quote with the words that answer in bold, and where it stands; or that there is none."""
    if response.reason is None:
        told = [Text(DISAGREE)] if any(quote.disagrees for quote in response.quotes) else []
        return Text("\n\n").join([*told, *(_quote(quote) for quote in response.quotes)])
    words = refusal(response.reason, response.confidence)
    if response.reason is Reason.EMPTY_CORPUS:
        words = f"{words.removesuffix('.')}: onrecord index PATH adds some."
    parts = [Text(words)]
    if response.passages:
        parts += [Text("Nearest passages:"), *(_passage(passage) for passage in response.passages)]
    return Text("\n\n").join(parts)


def article_line(summary: ArticleSummary) -> Text:
    """One line of the list of articles: id, passages that can be found, title."""
    return Text(f"{summary.id}  {summary.passages:>5}  {printable(_one_line(summary.title))}")


def article_page(contents: ArticleContents) -> Text:
    """An article: what is known of it, then each passage with its kind and offsets."""
    article = contents.article
    known = {
        "id": article.id,
        "title": article.title,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "source": article.source,
    }
    head = "\n".join(f"{name + ':':<11}{printable(_one_line(value))}" for name, value in known.items() if value)
    body = (
        f"{_numbered(article.page_at(passage.start), passage.paragraph)} · {passage.kind}"
        f" · characters {passage.start}–{passage.end}\n"
        f"{printable(passage.text)}"
        for passage in contents.passages
    )
    return Text("\n\n".join([head, *body]))


def result_line(result: Indexed) -> Text:
    """One line of what indexing did."""
    return Text(f"{result.change:<10} {result.article.id}  {printable(_one_line(result.article.title))}")


def refusal_line(refused: Refused) -> Text:
    """One line about a path that did not become an article."""
    return Text(f"refused    {printable(refused.path)}: {printable(refused.why)}")


def link_line(link: Path) -> Text:
    """One line about a link that was not followed."""
    what = "leads to a folder elsewhere. Index that by its own path." if link.exists() else "leads nowhere."
    return Text(f"passed over {printable(str(link))}: the link {what}")


def announce_loading(address: str) -> None:
    """Say that a server loads. A program is told where already; a person when there is somebody to ask."""
    console = to_stdout()
    where = "" if console.is_terminal else f": {address}/"
    console.print(f"On Record{where} is loading the articles and the models …")


def announce_ready(address: str) -> None:
    """Say where a server answers, so that it is seen."""
    console = to_stdout()
    told = Text.assemble("On Record answers at ", (f"{address}/", "bold"))
    told.append(f"\nReference: {address}/docs   Ctrl-C stops it.")
    apart = Text("\n" if console.is_terminal else "")
    with suppress(SystemExit):  # so rich ends a command whose reader has left; a server answers on without one
        console.print(apart + told + apart)


@contextmanager
def progress_bars() -> Iterator[Report]:
    """Bars on standard error, one for each kind of work that is reported; nothing where it is no terminal."""
    console = to_stderr()
    tasks: dict[str, TaskID] = {}
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        _LeftColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, redirect_stdout=False, disable=not console.is_terminal
    ) as bars:

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, pace=Pace())
            bars.update(tasks[what], completed=done, total=total)
            task = bars.tasks[tasks[what]]
            task.fields["pace"].note(done, task.get_time())

        yield report


class _RateColumn(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        """Show the rate, once there is one."""
        rate = task.fields["pace"].rate(task.get_time())
        return Text("" if rate is None else f"{rate:.1f}/s")


class _LeftColumn(ProgressColumn):
    """How long the rest will take."""

    def render(self, task: Task) -> Text:
        """Show it in hours, minutes and seconds, once it can be told."""
        left = None if task.total is None else task.fields["pace"].left(int(task.total), task.get_time())
        return Text("" if left is None else f"{timedelta(seconds=round(left))} left")


def _console(*, stderr: bool) -> Console:
    return Console(
        file=sys.stderr if stderr else sys.stdout,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        soft_wrap=True,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _quote(quote: QuoteOut) -> Text:
    marked = quote.highlight
    place = _place(quote.citation, quote.start, quote.end, dated=quote.disagrees)
    return Text.assemble(
        printable(marked.before),
        (printable(marked.exact), "bold"),
        printable(marked.after),
        f"\n    {place} · {_confidence(quote.confidence)}",
        f"\n    {quote.citation.link}" if quote.citation.link else "",
    )


def _passage(passage: PassageOut) -> Text:
    return Text(f"{passage.rank}. {printable(passage.text)}\n    {_place(passage, passage.start, passage.end)}")


def _place(cited: CitationOut | PassageOut, start: int, end: int, *, dated: bool = False) -> str:
    where = _numbered(cited.page, cited.paragraph)
    if dated and cited.published:
        where = f"{cited.published} · {where}"
    return f"{printable(_one_line(cited.title))} · {where} · characters {start}–{end}"


def _numbered(page: int | None, paragraph: int) -> str:
    return f"paragraph {paragraph}" if page is None else f"page {page} · paragraph {paragraph}"


def _confidence(probability: float) -> str:
    words = confidence_words(probability)
    return f"{words[0].lower()}{words[1:]} ({probability:.2f})"


def _one_line(text: str) -> str:
    return " ".join(text.split())
