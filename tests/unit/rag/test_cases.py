from __future__ import annotations

import pytest

from index.records import Article, Hit, Passage, PassageKind
from rag.answer import Answer, NotFound, Quote, RankedPassage, Reason, Span, Timings
from rag.cases import RANKING_DEPTH, Case, NearMiss, Outcome, check, fold

TEXT = "The mayor’s office closed.\n\nIt will reopen “in May” at noon.\n\nNobody was hurt in the fire."
PARAGRAPHS = TEXT.split("\n\n")
ARTICLE = Article.create(source="text:town", text=TEXT, title="Town")
TIMINGS = Timings(search=1.0, read=2.0, total=3.0)


def ranked(paragraphs: list[str]) -> tuple[RankedPassage, ...]:
    result = []
    for rank, paragraph in enumerate(paragraphs, start=1):
        start = TEXT.index(paragraph)
        passage = Passage.of(
            ARTICLE, ordinal=rank, paragraph=rank, start=start, end=start + len(paragraph), kind=PassageKind.BODY
        )
        hit = Hit(passage, ARTICLE, lead="", score=0.5, dense=0.5, lexical=1.0)
        result.append(RankedPassage(rank, hit, score=0.5, highlights=()))
    return tuple(result)


def answered(*quotes: str, passages: list[str] = PARAGRAPHS) -> Answer:
    came_back = ranked(passages)
    made = [
        Quote(
            span := Span.of(ARTICLE, TEXT.index(quote), TEXT.index(quote) + len(quote)),
            highlight=span,
            confidence=0.75,
            passage=came_back[0].hit.passage,
            article=ARTICLE,
        )
        for quote in quotes
    ]
    return Answer("?", tuple(made), came_back, confidence=0.75, generation=1, timings=TIMINGS)


def refused(passages: list[str] = PARAGRAPHS) -> NotFound:
    return NotFound("?", Reason.NO_ANSWER_IN_PASSAGES, ranked(passages), confidence=0.2, generation=1, timings=TIMINGS)


def case(**given: object) -> Case:
    return Case(**{"line": 7, "question": "When will it reopen?", **given})  # type: ignore[arg-type] # free-form on purpose


def test_a_case_asks_deep_enough_to_rank_what_it_misses() -> None:
    assert case(top_k=3).as_question().top_k == RANKING_DEPTH
    assert case(top_k=20).as_question().top_k == 20


def test_a_case_passes_when_its_passage_is_high_enough_and_a_quote_holds_one_of_its_answers() -> None:
    report = check(
        case(passages=("reopen",), top_k=2, answers=("in June", "at noon")),
        answered("It will reopen “in May” at noon."),
    )
    assert report.outcome is Outcome.PASSED
    assert [finding.rank for finding in report.passages] == [2]
    assert [finding.quote for finding in report.answers] == [None, 1]


def test_a_passage_below_top_k_fails_and_its_rank_is_told() -> None:
    report = check(case(passages=("Nobody was hurt",), top_k=2), answered("Nobody was hurt in the fire."))
    assert report.outcome is Outcome.FAILED
    assert report.describe().splitlines()[0] == "an expected passage is not in the top 2"
    assert "“Nobody was hurt”: at rank 3" in report.describe()


def test_every_expected_passage_is_required() -> None:
    report = check(case(passages=("reopen", "aliens")), answered("Nobody was hurt in the fire."))
    assert report.outcome is Outcome.FAILED
    assert [finding.rank for finding in report.passages] == [2, None]


def test_a_passage_that_did_not_come_back_names_the_nearest_one_and_the_words_it_has() -> None:
    report = check(case(passages=("was not hurt in the flood",)), answered("Nobody was hurt in the fire."))
    assert report.passages[0].near_miss == NearMiss(3, "hurt in the")
    assert "“was not hurt in the flood”: in none of 3 returned" in report.describe()
    assert "nearest is rank 3, which has “hurt in the”" in report.describe()


def test_a_passage_that_shares_no_word_has_no_near_miss() -> None:
    assert check(case(passages=("aliens",)), answered("Nobody was hurt in the fire.")).passages[0].near_miss is None


def test_an_expected_text_that_crosses_two_passages_is_not_found() -> None:
    report = check(case(passages=("closed. It will",)), answered("Nobody was hurt in the fire."))
    assert report.passages[0].rank is None


def test_an_answer_that_is_in_no_quote_fails_and_the_quotes_that_came_back_are_told() -> None:
    report = check(case(answers=("at midnight",)), answered("Nobody was hurt in the fire."))
    assert report.outcome is Outcome.FAILED
    assert report.describe().splitlines() == [
        "no quote holds an expected answer",
        "question: When will it reopen?",
        "expected in a quote, one of:",
        "  “at midnight”: in no quote",
        "came back: answered, confidence 0.75",
        "  quote 1, confidence 0.75: “Nobody was hurt in the fire.”",
        "  passage at rank 1, score 0.50: “The mayor’s office closed.”",
        "  passage at rank 2, score 0.50: “It will reopen “in May” at noon.”",
        "  passage at rank 3, score 0.50: “Nobody was hurt in the fire.”",
    ]


def test_an_answer_in_a_passage_but_not_in_a_quote_does_not_count() -> None:
    assert not check(case(answers=("reopen",)), answered("Nobody was hurt in the fire.")).answer_quoted


@pytest.mark.parametrize("given", [{}, {"answers": ("in May",)}, {"passages": ("reopen",)}])
def test_a_refusal_fails_a_case_that_the_articles_answer(given: dict[str, object]) -> None:
    report = check(case(**given), refused())
    assert report.outcome is Outcome.FAILED
    assert report.describe().startswith("refused, though an answer is expected\n")
    assert "came back: not found (no_answer_in_passages), confidence 0.20" in report.describe()


def test_not_found_passes_on_a_refusal_and_fails_on_any_answer() -> None:
    unanswerable = case(not_found=True)
    assert check(unanswerable, refused()).outcome is Outcome.PASSED
    report = check(unanswerable, answered("Nobody was hurt in the fire."))
    assert report.outcome is Outcome.FAILED
    assert report.describe().startswith("answered, though nothing should be found\n")
    assert "expected: not found" in report.describe()


def test_xfail_excuses_a_wrong_answer() -> None:
    assert check(case(not_found=True, xfail="no reader yet"), answered("It will reopen")).outcome is Outcome.XFAILED
    assert check(case(answers=("aliens",), xfail="no reader yet"), refused()).outcome is Outcome.XFAILED


def test_xfail_excuses_a_missing_passage() -> None:
    report = check(case(passages=("aliens",), answers=("reopen",), xfail="no reader yet"), answered("It will reopen"))
    assert report.outcome is Outcome.XFAILED
    assert report.describe().startswith("an expected passage is not in the top 3")


def test_xfail_is_strict() -> None:
    report = check(case(not_found=True, xfail="no reader yet"), refused())
    assert report.outcome is Outcome.FAILED
    assert report.describe().startswith("all is as expected: remove “xfail: no reader yet” from the case in line 7\n")


def test_texts_match_across_quotation_marks_white_space_and_composition() -> None:
    report = check(
        case(passages=("mayor's  office",), answers=('reopen\n"in May"',)), answered("It will reopen “in May” at noon.")
    )
    assert report.outcome is Outcome.PASSED
    assert fold("Cafe\u0301\u00a0 ‘x’\n„y“") == "Café 'x' \"y\""


def test_texts_match_in_their_own_case_only() -> None:
    assert check(case(passages=("nobody was hurt",)), refused()).passages[0].rank is None
