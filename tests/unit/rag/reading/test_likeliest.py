from collections.abc import Sequence

import pytest

from onrecord.index.records import Article, Hit, Passage, PassageKind
from onrecord.rag.reading import likeliest
from onrecord.rag.reading.judge import Judged, judge
from onrecord.rag.reading.likeliest import read_likeliest
from onrecord.rag.reading.reader import Calibration, Reading
from onrecord.rag.reading.spans import ScoredSpan

LIKELY = {"yes": 3.0, "near": -1.0, "no": -3.0}


class CountingReader:
    """Every passage is one token long; those that hold “yes” answer, those with “near” nearly do."""

    calibration = Calibration(relevance=1.0, span=0.0, bias=0.0, threshold=0.5)

    def __init__(self) -> None:
        self.batches: list[int] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        assert question == "?"
        self.batches.append(len(hits))
        return [Reading(LIKELY[hit.passage.text], ScoredSpan(hit.passage.start, hit.passage.end, 0)) for hit in hits]

    def warm_up(self) -> None:
        """Nothing to load."""


def hits(*texts: str) -> list[Hit]:
    article = Article.create(source="text:reading", text="\n".join(texts), title="")
    found, start = [], 0
    for ordinal, text in enumerate(texts):
        end = start + len(text)
        passage = Passage.of(
            article, ordinal=ordinal, paragraph=ordinal + 1, start=start, end=end, kind=PassageKind.BODY
        )
        found.append(Hit(passage=passage, article=article, lead="", score=0.5, dense=0.5, lexical=1.0))
        start = end + 1
    return found


@pytest.mark.parametrize(
    ("texts", "batches"),
    [
        (["yes", "no", "no", "no"], [2]),
        (["no", "yes", "no", "no"], [2]),
        (["yes", "yes", "no", "no"], [2, 2]),
        (["no", "near", "yes", "no"], [2, 2]),
        (["near", "no", "no", "no"], [2, 2]),
        (["no", "no", "yes", "no"], [2]),
        (["no", "no"], [2]),
        (["no"], [1]),
        ([], [0]),
    ],
)
def test_the_rest_is_read_unless_one_answers_or_none_comes_near(texts: list[str], batches: list[int]) -> None:
    reader, found = CountingReader(), hits(*texts)
    judged = read_likeliest(reader, "?", found, first=2)
    assert reader.batches == batches
    assert sorted(each.place for each in judged) == list(range(sum(batches)))


@pytest.fixture
def judgings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many passages are judged, each time that any are."""
    counted: list[int] = []

    def counting(
        found: Sequence[Hit], readings: Sequence[Reading], calibration: Calibration, *, threshold: float
    ) -> list[Judged]:
        counted.append(len(readings))
        return judge(found, readings, calibration, threshold=threshold)

    monkeypatch.setattr(likeliest, "judge", counting)
    return counted


def test_where_the_first_passages_settle_it_they_are_judged_once(judgings: list[int]) -> None:
    judged = read_likeliest(CountingReader(), "?", hits("no", "yes", "no", "no"), first=2)
    assert [(each.place, each.answers) for each in judged] == [(1, True), (0, False)]
    assert judgings == [2]


def test_a_threshold_that_is_the_readers_own_costs_no_second_judging(judgings: list[int]) -> None:
    read_likeliest(CountingReader(), "?", hits("yes", "no"), threshold=0.5, first=2)
    assert judgings == [2]


def test_further_passages_are_judged_together_with_the_first(judgings: list[int]) -> None:
    judged = read_likeliest(CountingReader(), "?", hits("no", "near", "yes", "no"), first=2)
    assert [each.place for each in judged if each.answers] == [2]
    assert judgings == [2, 4]


@pytest.mark.parametrize(("threshold", "answering"), [(0.2, [0]), (0.9, [])])
def test_another_threshold_decides_what_answers_and_not_what_is_read(threshold: float, answering: list[int]) -> None:
    reader = CountingReader()
    judged = read_likeliest(reader, "?", hits("near", "no", "no", "no"), threshold=threshold, first=2)
    assert [each.place for each in judged if each.answers] == answering
    assert reader.batches == [2, 2]
