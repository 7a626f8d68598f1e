"""Baseline files: a saved run over case files, with floors, as JSON that a person reads and a diff shows line by line.

A baseline holds no times and no paths, so that it can be committed and is the same wherever it was made. It is bound
to what its cases ask and expect by a digest; articles, models and settings may change, for that is what it is for.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, asdict, dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from onrecord.index.atomic import replace_file
from onrecord.index.errors import OnRecordError
from onrecord.rag.cases.case import Case, Outcome
from onrecord.rag.evaluation.figures import FIGURES, Columns
from onrecord.rag.evaluation.floors import rounded
from onrecord.rag.evaluation.scores import CaseKey, CaseScore, Expectation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from onrecord.api.evaluation.runs import CaseRun, NamedCases

_NOT_EXPECTED = frozenset({"line", "tags", "xfail"})
_UPDATE = "Make one: onrecord eval CASES --baseline FILE --update-baseline."

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Rank = Annotated[int, Field(ge=1)]


class BaselineError(OnRecordError):
    """A baseline file cannot be used for this evaluation."""


class _SavedCase(BaseModel):
    """One case of a saved run, as one line of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    question: str
    history: tuple[str, ...] = ()
    holds: bool
    expects: Expectation
    abstained: bool
    confidence: Share
    top_k: Rank
    ranks: tuple[Rank | None, ...] = ()
    quote: Rank | None = None
    exact: Share | None = None
    f1: Share | None = None

    @classmethod
    def of(cls, key: CaseKey, score: CaseScore) -> _SavedCase:
        known = asdict(key) | asdict(score)
        return cls(**{name: known[name] for name in cls.model_fields})

    def to_key(self) -> CaseKey:
        return CaseKey(self.file, self.question, self.history)

    def to_score(self) -> CaseScore:
        scored = self.model_dump(exclude={"file", "question", "history"})
        return CaseScore(outcome=Outcome.PASSED if self.holds else Outcome.FAILED, **scored)


class _Saved(BaseModel):
    """A whole baseline file; `figures` are for its readers and are computed anew from the cases."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["onrecord-baseline-1"] = "onrecord-baseline-1"
    cases_digest: str
    articles_digest: str
    floors: dict[str, Share]
    ceilings: dict[str, Share]
    figures: dict[str, Share]
    cases: list[_SavedCase]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A saved run: what its cases and articles were, the score of each case, and the floor of each figure.

    `floors` also holds the ceilings of figures where lower is better.
    """

    cases_digest: str
    articles_digest: str
    scores: Mapping[CaseKey, CaseScore]
    floors: Mapping[str, float]


def load(path: Path) -> Baseline:
    """Read a baseline file.

    Raises:
        BaselineError: there is none, or it is not one.
    """
    try:
        saved = _Saved.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise BaselineError(f"There is no baseline {path}.", hint=_UPDATE) from error
    except OSError as error:
        raise BaselineError(f"The baseline {path} cannot be read: {error.strerror}.", hint=_UPDATE) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise BaselineError(f"{path} is not a baseline: {where}: {first['msg']}.", hint=_UPDATE) from error
    floors = saved.floors | saved.ceilings
    unknown = sorted(floors.keys() - {figure.name for figure in FIGURES})
    if unknown:
        raise BaselineError(f"{path} sets a floor for “{unknown[0]}”, which is no figure.", hint="Correct its name.")
    return Baseline(
        cases_digest=saved.cases_digest,
        articles_digest=saved.articles_digest,
        scores={case.to_key(): case.to_score() for case in saved.cases},
        floors=floors,
    )


def save(path: Path, runs: Sequence[CaseRun], scores: Mapping[CaseKey, CaseScore], floors: Mapping[str, float]) -> None:
    """Write the baseline of an evaluation, in one piece.

    Raises:
        BaselineError: it cannot be written.
    """
    columns = Columns.of(list(scores.values()))
    told = {figure.name: value for figure in FIGURES if (value := figure.value(columns)) is not None}
    at_most = {figure.name for figure in FIGURES if figure.lower_is_better}
    saved = _Saved(
        cases_digest=cases_digest([run.cases for run in runs]),
        articles_digest=articles_digest(runs),
        floors={name: floor for name, floor in floors.items() if name not in at_most},
        ceilings={name: floor for name, floor in floors.items() if name in at_most},
        figures={name: rounded(value) for name, value in told.items()},
        cases=[_SavedCase.of(key, score) for key, score in scores.items()],
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, _rendered(saved).encode())
    except OSError as error:
        raise BaselineError(
            f"The baseline {path} cannot be written: {error.strerror}.", hint="Choose another place."
        ) from error


def other_cases(path: Path, baseline: Baseline, asked: Sequence[NamedCases]) -> BaselineError:
    """What to tell when a baseline was made for other cases than those that are asked."""
    keys = dict.fromkeys(key for each in asked for key in each.keys)
    new = [key for key in keys if key not in baseline.scores]
    gone = [key for key in baseline.scores if key not in keys]
    told = [
        *([f"{len(new)} new, such as “{new[0].question}” of {new[0].file}"] if new else []),
        *([f"{len(gone)} gone, such as “{gone[0].question}” of {gone[0].file}"] if gone else []),
    ]
    return BaselineError(
        f"{path} was made for other cases: {'; '.join(told) or 'what some of them expect has changed'}.",
        hint="Compare with the case files it was made for, or take these: --update-baseline.",
    )


def cases_digest(asked: Sequence[NamedCases]) -> str:
    """A digest of what the cases ask and expect. Comments, order, tags and `xfail` marks do not count."""
    return _digest([[each.name, sorted(_digest(_expected(case)) for case in each.case_file.cases)] for each in asked])


def articles_digest(runs: Sequence[CaseRun]) -> str:
    """A digest of the articles that were asked."""
    return _digest([[run.cases.name, run.articles] for run in runs])


def _expected(case: Case) -> dict[str, Any]:
    """What a case asks and expects; keys that were left out are too, so that a new key changes no digest."""
    values = asdict(case)
    defaults = {each.name: each.default for each in fields(Case) if each.default is not MISSING}
    return {
        name: value
        for name, value in values.items()
        if name not in _NOT_EXPECTED and (name not in defaults or value != defaults[name])
    }


def _digest(value: object) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _rendered(saved: _Saved) -> str:
    """The file's text: one line for each figure and each case, in the order of the case files."""
    whole = saved.model_dump(mode="json", exclude={"cases"})
    head = json.dumps(whole, indent=2, ensure_ascii=False).removesuffix("\n}")
    lines = (
        json.dumps(case.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False) for case in saved.cases
    )
    return head + ',\n  "cases": [\n    ' + ",\n    ".join(lines) + "\n  ]\n}\n"
