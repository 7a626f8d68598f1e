"""Projects whose case files are run by the plugin, with a fake pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PLUGIN = ("--disable-plugin-autoload", "-p", "onrecord.api.pytest_plugin", "-p", "no:cacheprovider")
"""Our plugin alone, by module, so that these tests are quick and run whether or not the project is installed."""

TOWN = "The mayor resigned.\n\nThe bridge opened in 2013."

CONFTEST = '''
"""Asks paragraphs by shared words, and quotes the first one unless the question holds “nothing”."""
from onrecord.index.errors import ModelUnavailable
from onrecord.index.records import Article, Hit, Passage, PassageKind
from onrecord.rag.answer import Answer, NotFound, Quote, RankedPassage, Reason, Span, Timings

TIMINGS = Timings(0, 0, 0)

def pytest_onrecord_ask(case_file, directory, session):
    def log(*event):
        with (session.config.rootpath / "log.txt").open("a") as file:
            print(*event, file=file)

    log("open", case_file.path.name, sorted(path.name for path in directory.iterdir()))
    (directory / "built").touch()
    session.addfinalizer(lambda: log("close", case_file.path.name, directory.exists(), directory))
    if case_file.path.name.startswith("broken"):
        raise ModelUnavailable("No model.", hint="Install one.")
    article = Article.create(source="text:", text=case_file.articles[0].read_text(), title="")

    def ask(question):
        if "crash" in question.text:
            raise ZeroDivisionError
        if "refuse" in question.text:
            raise ModelUnavailable("Model gone.", hint="Install it again.")
        words = set(question.text.lower().strip("?").split())
        paragraphs = sorted(article.text.split("\\n\\n"), key=lambda text: -len(words & set(text.lower().split())))
        passages = []
        for rank, text in enumerate(paragraphs, start=1):
            start = article.text.index(text)
            passage = Passage.of(article, ordinal=rank, paragraph=rank, start=start, end=start + len(text),
                                 kind=PassageKind.BODY)
            passages.append(RankedPassage(rank, Hit(passage, article, "", 0.5, 0.5, 0.5), 0.5, ()))
        if "nothing" in question.text:
            return NotFound(question.text, Reason.NO_ANSWER_IN_PASSAGES, tuple(passages), 0.1, 1, TIMINGS)
        best = passages[0].hit.passage
        span = Span.of(article, best.start, best.end)
        return Answer(question.text, (Quote(span, span, 0.9, best, article),), tuple(passages), 0.9, 1, TIMINGS)

    return ask
'''


def write_cases(project: pytest.Pytester, cases: str, name: str = "town", articles: str = "[town.txt]") -> Path:
    path = project.path / f"{name}.qa.yaml"
    path.write_text(f"articles: {articles}\ncases:\n{cases}", encoding="utf-8")
    return path


def log(project: pytest.Pytester) -> list[str]:
    """Return what the fake pipeline has noted: one line for each opening, one for each closing."""
    path = project.path / "log.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def opened(project: pytest.Pytester) -> list[str]:
    return [line for line in log(project) if line.startswith("open")]


RIGHT = "  - question: when was the bridge opened?\n    passages: [bridge opened]\n    answers: ['2013']\n"
WRONG = "  - question: who is the mayor?\n    passages: [bridge opened]\n    top_k: 1\n    answers: [Ann]\n"
REFUSED = "  - question: nothing about dragons?\n    not_found: true\n"
