from collections.abc import Sequence

import pytest

from onrecord.index.records import Article, Hit, Passage, PassageKind
from onrecord.rag.reading.likeliest import read_likeliest
from onrecord.rag.reading.reader import Calibration, Reading
from onrecord.rag.reading.spans import ScoredSpan

LIKELY = {"yes": 3.0, "near": -1.0, "no": -3.0}


class CountingReader:
    """Every passage is one token long; those that hold “yes” answer, those with “near” nearly do."""

    calibration = Calibration(
        relevance=1.0, span=0.0, retrieval=0.0, dense=0.0, bias=0.0, span_alone=1.0, bias_alone=0.0, threshold=0.5
    )

    def __init__(self) -> None:
        self.batches: list[int] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        assert question == "?"
        self.batches.append(len(hits))
        return [
            Reading(hit, LIKELY[hit.passage.text], ScoredSpan(hit.passage.start, hit.passage.end, 0)) for hit in hits
        ]

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
    readings = read_likeliest(reader, "?", found, first=2)
    assert reader.batches == batches
    assert [each.hit for each in readings] == found[: sum(batches)]
