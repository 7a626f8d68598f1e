import math

import pytest

from benchmarks.peers.child import Told
from benchmarks.peers.questions import Asked
from benchmarks.peers.scoring import ANSWER_ALL, REFUSE_ALL, Scored, best_threshold, figures


def told(answer: str | None, score: float, *, ranked: tuple[str, ...] = (), milliseconds: float = 10.0) -> Told:
    return Told(ranked, ranked, answer, score, answered=answer is not None, milliseconds=milliseconds)


def of_half(half: int, *, gold: str | None) -> list[Asked]:
    """Questions that fall in one half."""
    asked = (Asked(f"question {n}?", (gold,) if gold else (), frozenset({"p1"} if gold else ())) for n in range(100))
    return [each for each in asked if each.half == half]


def scored(score: float, *, right: bool, answerable: bool = True) -> Scored:
    return Scored(score, float(right), refused_f1=float(not answerable), half=0)


def test_the_best_threshold_parts_right_answers_from_those_to_refuse() -> None:
    these = [scored(0.9, right=True), scored(0.6, right=True), scored(0.4, right=False, answerable=False)]
    assert best_threshold(these) == 0.6


def test_everything_is_answered_where_refusing_gains_nothing() -> None:
    assert best_threshold([scored(0.9, right=True), scored(0.1, right=False)]) == ANSWER_ALL
    assert best_threshold([]) == ANSWER_ALL


def test_everything_is_refused_where_answering_only_loses() -> None:
    assert best_threshold([scored(0.9, right=False, answerable=False)]) == REFUSE_ALL


def test_answers_of_one_score_are_given_or_refused_together() -> None:
    these = [scored(0.5, right=True), scored(0.5, right=False, answerable=False), scored(0.5, right=True)]
    assert best_threshold(these) == ANSWER_ALL


def test_a_passage_counts_at_the_rank_where_it_stands() -> None:
    asked = [Asked("a?", ("x",), frozenset({"p1"})), Asked("b?", ("x",), frozenset({"p1", "p9"}))]
    made = figures(asked, [told("x", 1.0, ranked=("p1", "p2")), told("x", 1.0, ranked=("p2", "p3", "p9"))])
    assert (made.hit_at_1, made.hit_at_3) == (0.5, 1.0)


def test_questions_without_an_answer_do_not_count_for_hits_or_answer_f1() -> None:
    made = figures([Asked("a?", (), frozenset())], [told("x", 1.0, ranked=("p1",))])
    assert made.hit_at_1 is made.answer_f1 is None
    assert made.as_it_comes.f1 == 0.0


def test_the_threshold_of_one_half_decides_over_the_other() -> None:
    answerable, unanswerable = of_half(0, gold="Ada Alder")[:2], of_half(0, gold=None)[2:4]
    others = [*of_half(1, gold="Ada Alder")[:2], *of_half(1, gold=None)[2:4]]
    asked = [*answerable, *unanswerable, *others]
    # In each half right answers score higher than wrong ones, but the second half's scores are all lower.
    scores = [0.9, 0.8, 0.6, 0.5, 0.45, 0.4, 0.2, 0.1]
    made = figures(asked, [told("Ada Alder", score) for score in scores])
    # 0.8, from the first half, refuses all of the second; 0.4, from the second, answers all of the first.
    assert made.best_threshold.f1 == pytest.approx((2 + 0 + 0 + 2) / 8)
    assert made.best_threshold.refusal_recall == pytest.approx(0.5)


def test_no_answer_is_a_refusal_whatever_its_score() -> None:
    asked = [*of_half(0, gold=None)[:1], *of_half(1, gold=None)[:1]]
    made = figures(asked, [told(None, 0.9), told(None, 0.9)])
    assert made.best_threshold.f1 == made.as_it_comes.f1 == made.best_threshold.refusal_recall == 1.0


def test_latency_is_the_nearest_rank_and_throughput_the_mean() -> None:
    asked = [Asked(f"{n}?", ("x",), frozenset()) for n in range(4)]
    made = figures(asked, [told("x", 1.0, milliseconds=time) for time in (10.0, 20.0, 30.0, 140.0)])
    assert (made.p50, made.p95) == (20.0, 140.0)
    assert made.questions_per_second is not None
    assert math.isclose(made.questions_per_second, 20.0)
