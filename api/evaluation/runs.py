"""Asks the questions of case files about the articles that they name, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from onrecord.api import wiring
from onrecord.index import sources
from onrecord.index.errors import SourceError
from onrecord.rag.cases.case import check_case
from onrecord.rag.cases.files import find, load
from onrecord.rag.evaluation.rankings import require
from onrecord.rag.evaluation.scores import key_of, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.api.settings import Settings
    from onrecord.api.wiring import Services
    from onrecord.index.records import Article, Progress
    from onrecord.rag.cases.case import CaseFile, CaseReport
    from onrecord.rag.evaluation.scores import CaseKey, CaseScore


@dataclass(frozen=True, slots=True)
class NamedCases:
    """A case file, and what it is called beside the others, wherever it lies."""

    name: str
    case_file: CaseFile

    @property
    def keys(self) -> list[CaseKey]:
        """Which cases it holds, in order."""
        return [key_of(self.name, case) for case in self.case_file.cases]


@dataclass(frozen=True, slots=True)
class CaseRun:
    """A case file with a report on each of its cases; `articles` are the content hashes of what was asked, sorted."""

    cases: NamedCases
    articles: tuple[str, ...]
    reports: tuple[CaseReport, ...]


def open_articles(
    case_file: CaseFile, settings: Settings, progress: Progress | None = None, *, warm: bool = True
) -> Services:
    """Index the articles of a case file in the settings' data directory, and open what asks them; see `wiring.load`.

    Raises:
        SourceError: one of the articles cannot be read.
        ModelUnavailable: a model is missing.
    """
    return _open(_articles(case_file), settings, progress, warm=warm)


def read_case_files(paths: Sequence[Path]) -> list[NamedCases]:
    """Read case files, or all below a folder, each once, and sort them by what they are called.

    Raises:
        CaseFileError: a file does not follow its format, or a folder holds no case file.
    """
    case_files = [load(path) for path in {path.resolve(): path for given in paths for path in find(given)}.values()]
    names = _names([case_file.path for case_file in case_files])
    named = [NamedCases(name, case_file) for name, case_file in zip(names, case_files, strict=True)]
    return sorted(named, key=lambda each: each.name)


def run(case_files: Sequence[NamedCases], settings: Settings, progress: Progress) -> list[CaseRun]:
    """Ask every case of each file and check what comes back; a file's articles are indexed in a directory of their own.

    Raises:
        EvaluationUnavailable: what computes ranking figures is not installed.
        SourceError: one of the articles cannot be read.
        ModelUnavailable: a model is missing.
    """
    require()
    return [_run(each, settings, progress) for each in case_files]


def scores(runs: Sequence[CaseRun]) -> dict[CaseKey, CaseScore]:
    """The score of every case of every run, in order."""
    return {key: score(report) for each in runs for key, report in zip(each.cases.keys, each.reports, strict=True)}


def _run(named: NamedCases, settings: Settings, progress: Progress) -> CaseRun:
    cases = named.case_file.cases
    progress(named.name, 0, len(cases))
    articles = _articles(named.case_file)
    with TemporaryDirectory(prefix="onrecord-eval-") as directory:
        services = _open(articles, settings.model_copy(update={"data_dir": Path(directory)}), progress)
        with services.corpus:
            reports = []
            for done, case in enumerate(cases, start=1):
                reports.append(check_case(case, services.pipeline.ask(case.as_question())))
                progress(named.name, done, len(cases))
    return CaseRun(named, tuple(sorted(article.content_hash for article in articles)), tuple(reports))


def _articles(case_file: CaseFile) -> list[Article]:
    files = [file for found in case_file.articles for file in sources.discover(found)]
    return [_readable(found) for file in files for found in sources.load_all(file, root=case_file.path.parent)]


def _readable(found: Article | SourceError) -> Article:
    if isinstance(found, SourceError):
        raise found
    return found


def _open(articles: Sequence[Article], settings: Settings, progress: Progress | None, *, warm: bool = True) -> Services:
    services = wiring.load(settings, progress=progress, warm=warm)
    try:
        services.corpus.add(articles)
    except BaseException:
        services.corpus.close()
        raise
    return services


def _names(paths: Sequence[Path]) -> list[str]:
    """Each path's shortest end that no other path has, so that a saved run means the same files on another machine."""
    ends = [path.resolve().parts[1:] for path in paths]

    def name(parts: tuple[str, ...]) -> str:
        for length in range(1, len(parts)):
            if sum(other[-length:] == parts[-length:] for other in ends) == 1:
                return "/".join(parts[-length:])
        return "/".join(parts)

    return [name(parts) for parts in ends]
