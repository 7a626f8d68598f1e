"""How well expected passages are ranked, computed by `ir_measures`, the only module that imports it.

A case's judgements are the passages that hold its expected texts; a text that did not come back is a relevant passage
that the ranking lacks, so that it counts against nDCG.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onrecord.index.errors import OnRecordError

if TYPE_CHECKING:
    from collections.abc import Sequence

DEPTH = 10


class EvaluationUnavailable(OnRecordError):  # noqa: N818 - named for what is wrong, as those of index.errors
    """What computes ranking figures is not installed."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where a case's expected texts were found, from 1, None where not at all; and how far down is near enough."""

    ranks: tuple[int | None, ...]
    top_k: int


@dataclass(frozen=True, slots=True)
class RankingScore:
    """Success@1, Success@k with the case's own k, reciprocal rank at 10 and nDCG at 10, each in [0, 1]."""

    hit_at_1: float
    hit_at_k: float
    reciprocal_rank: float
    ndcg: float


def require() -> None:
    """Make sure that ranking figures can be computed.

    Raises:
        EvaluationUnavailable: `ir_measures` is not installed.
    """
    _library()


def ranking_scores(cases: Sequence[Ranked]) -> list[RankingScore]:
    """Score each case's ranking, in order.

    Raises:
        EvaluationUnavailable: `ir_measures` is not installed.
    """
    ir = _library()
    if not cases:
        return []
    success = {top_k: ir.Success @ top_k for top_k in {1, *(case.top_k for case in cases)}}
    measures = [*success.values(), ir.RR @ DEPTH, ir.nDCG @ DEPTH]
    judgements = {str(number): _judgements(case) for number, case in enumerate(cases)}
    rankings = {str(number): _ranking(case) for number, case in enumerate(cases)}
    values = {
        (int(each.query_id), str(each.measure)): float(each.value)
        for each in ir.iter_calc(measures, judgements, rankings)
    }
    return [
        RankingScore(
            hit_at_1=values[number, str(success[1])],
            hit_at_k=values[number, str(success[case.top_k])],
            reciprocal_rank=values[number, str(ir.RR @ DEPTH)],
            ndcg=values[number, str(ir.nDCG @ DEPTH)],
        )
        for number, case in enumerate(cases)
    ]


def _judgements(case: Ranked) -> dict[str, int]:
    """Passages are named by their ranks; two texts that one passage holds are one judgement."""
    return {
        str(rank) if rank else f"text {number} did not come back": 1 for number, rank in enumerate(case.ranks, start=1)
    }


def _ranking(case: Ranked) -> dict[str, float]:
    deepest = max((rank for rank in case.ranks if rank), default=1)
    return {str(rank): -float(rank) for rank in range(1, deepest + 1)}


def _library() -> Any:
    try:
        import ir_measures  # noqa: PLC0415 - an extra, which may be missing
    except ImportError as cause:
        raise EvaluationUnavailable(
            "Ranking figures are computed by ir_measures, which is not installed.",
            hint="Install it: pip install 'onrecord[eval]'.",
        ) from cause
    return ir_measures
