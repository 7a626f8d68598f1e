"""Asks the questions of a case file about the articles that it names, and nothing else."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from api import wiring
from index import sources
from rag.case_files import load
from rag.cases import check

if TYPE_CHECKING:
    from api.settings import Settings
    from api.wiring import Services
    from index.derived import Progress
    from rag.cases import CaseFile, CaseReport


def open_articles(case_file: CaseFile, settings: Settings, progress: Progress | None = None) -> Services:
    """Index the articles of a case file in the settings' data directory, and open what asks them.

    Raises:
        SourceError: one of the articles cannot be read.
        ModelUnavailable: a model is missing.
    """
    services = wiring.load(settings, progress=progress, warm=True)
    try:
        files = [file for found in case_file.articles for file in sources.discover(found)]
        services.corpus.add([sources.load(file, root=case_file.path.parent) for file in files])
    except BaseException:
        services.corpus.close()
        raise
    return services


def run(path: Path, settings: Settings, progress: Progress) -> list[CaseReport]:
    """Index the articles of a case file in a directory of their own, ask every case, and check what comes back.

    Raises:
        CaseFileError: the file does not follow its format.
        SourceError: one of its articles cannot be read.
        ModelUnavailable: a model is missing.
    """
    case_file = load(path)
    with TemporaryDirectory(prefix="onrecord-eval-") as directory:
        services = open_articles(case_file, settings.model_copy(update={"data_dir": Path(directory)}), progress)
        with services.corpus:
            reports = []
            for done, case in enumerate(case_file.cases):
                progress(path.name, done, len(case_file.cases))
                reports.append(check(case, services.pipeline.ask(case.as_question())))
            return reports
