"""One evaluation of case files: its runs, its figures, what moved since a baseline, and whether that is all right."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from onrecord.api.evaluation import baseline as eval_baseline
from onrecord.api.evaluation import runs as case_runs
from onrecord.rag.cases.case import Outcome
from onrecord.rag.evaluation.comparison import compare
from onrecord.rag.evaluation.figures import Columns
from onrecord.rag.evaluation.floors import crossed, raised
from onrecord.rag.evaluation.metrics import evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from onrecord.api.evaluation.runs import CaseRun
    from onrecord.api.settings import Settings
    from onrecord.index.records import Progress
    from onrecord.rag.cases.case import CaseReport
    from onrecord.rag.evaluation.comparison import Comparison
    from onrecord.rag.evaluation.floors import Crossed
    from onrecord.rag.evaluation.metrics import Metrics
    from onrecord.rag.evaluation.scores import CaseKey, CaseScore


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What asking all cases gave, and how it stands to a baseline.

    comparison: None without a baseline, or with one that was made for other cases and is about to be replaced.
    articles_changed: whether the baseline was made over other articles.
    floors: the baseline's; crossed: the figures on their wrong side.
    """

    runs: Sequence[CaseRun]
    scores: Mapping[CaseKey, CaseScore]
    metrics: Metrics
    comparison: Comparison | None
    articles_changed: bool
    floors: Mapping[str, float]
    crossed: Sequence[Crossed]

    @property
    def reports(self) -> dict[CaseKey, tuple[CaseRun, CaseReport]]:
        """Every case's report, with the run it belongs to, in order."""
        found = [(each, report) for each in self.runs for report in each.reports]
        return dict(zip(self.scores, found, strict=True))

    @property
    def wrong(self) -> list[CaseKey]:
        """The cases that somebody has to look at: those that broke since the baseline, or without one all that fail."""
        if self.comparison is not None:
            return [key for key in self.comparison.broke if key not in self.comparison.known]
        return [key for key, score in self.scores.items() if score.outcome is Outcome.FAILED]

    @property
    def all_right(self) -> bool:
        """Whether no case is wrong and no floor crossed."""
        return not self.wrong and not self.crossed

    def new_floors(self) -> dict[str, float]:
        """The floors of a baseline made of this evaluation: raised where figures rose, lowered where they crossed."""
        return raised(self.floors, Columns.of(list(self.scores.values())))

    def document(self) -> dict[str, Any]:
        """All of it as JSON: the figures, each case, and what moved."""
        cases = [
            asdict(key) | {"line": report.case.line} | asdict(self.scores[key])
            for key, (_, report) in self.reports.items()
        ]
        return asdict(self.metrics) | {"cases": cases, "comparison": self._moved()}

    def _moved(self) -> dict[str, Any] | None:
        if self.comparison is None:
            return None
        return {
            "articles_changed": self.articles_changed,
            "broke": [asdict(key) for key in self.comparison.broke],
            "known": [asdict(key) for key in self.comparison.known],
            "fixed": [asdict(key) for key in self.comparison.fixed],
            "changes": {
                change.figure.name: {
                    "before": change.before,
                    "after": change.after,
                    "change": change.difference,
                    "interval": change.interval and [change.interval.low, change.interval.high],
                    "floor": self.floors.get(change.figure.name),
                }
                for change in self.comparison.changes
            },
            "crossed": [each.figure.name for each in self.crossed],
        }


def run(
    paths: Sequence[Path], settings: Settings, progress: Progress, *, baseline: Path | None, replacing: bool
) -> Evaluation:
    """Ask the cases of each file and hold the figures against a baseline.

    Args:
        paths: the case files.
        settings: those to ask with.
        progress: told of each case.
        baseline: the file of the baseline, if any.
        replacing: whether the baseline is about to be replaced: it may then be missing, or be made for other cases.

    Raises:
        BaselineError: the baseline is missing, is not one, or was made for other cases.
        EvaluationUnavailable: what computes ranking figures is not installed.
        CaseFileError: a file does not follow its format.
        SourceError: one of its articles cannot be read.
        ModelUnavailable: a model is missing.
    """
    case_files = case_runs.read_case_files(paths)
    saved = None
    if baseline is not None and not (replacing and not baseline.exists()):
        saved = eval_baseline.load(baseline)
    comparable = saved is not None and saved.cases_digest == eval_baseline.cases_digest(case_files)
    if baseline is not None and saved is not None and not comparable and not replacing:
        raise eval_baseline.other_cases(baseline, saved, case_files)
    runs = case_runs.run(case_files, settings, progress)
    scores = case_runs.scores(runs)
    return Evaluation(
        runs=runs,
        scores=scores,
        metrics=evaluate(list(scores.values())),
        comparison=compare(saved.scores, scores) if saved is not None and comparable else None,
        articles_changed=saved is not None and saved.articles_digest != eval_baseline.articles_digest(runs),
        floors=saved.floors if saved is not None else {},
        crossed=crossed(saved.floors, Columns.of(list(scores.values()))) if saved is not None else [],
    )
