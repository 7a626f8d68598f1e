from collections.abc import Sequence
from pathlib import Path

import pytest

from onrecord.index.corpus import Corpus
from onrecord.index.records import Hit
from onrecord.rag.reading.reader import Reading
from tests.fakes import HashingEmbedder, OverlapReader
from training.data.splits import Row, Span
from training.measure.asking import Asked, article_of, ask, read_in_parts

ROWS = [
    Row(
        "squad2",
        "Harbour",
        "The harbour bridge closes on Monday.",
        "When does the harbour bridge close?",
        (Span(29, 35),),
    ),
    Row("squad2", "Library", "The library closes for the winter.", "", ()),
    Row("squad2", "School", "A school bridge was opened by the mayor.", "", ()),
]


def asked(folder: Path, rows: list[Row], among: list[Row] | None = None) -> Asked:
    """The first row's question, asked of a corpus of `rows`."""
    ids = None if among is None else [article_of("made", row).id for row in among]
    with Corpus.open(folder, HashingEmbedder()) as corpus:
        corpus.add([article_of("made", row) for row in rows])
        return ask(corpus, "made", ROWS[0], OverlapReader(), among=ids)


def test_a_question_has_its_answers_where_its_context_is_searched(tmp_path: Path) -> None:
    for name, among in (("all", None), ("some", ROWS[:2])):
        found = asked(tmp_path / name, ROWS, among)
        assert found.golds == ("Monday",)
        assert found.reads[0].holds
        assert found.first_dense[0]


def test_hiding_a_context_leaves_no_trace_of_it_in_the_scores_of_the_others(tmp_path: Path) -> None:
    hidden = asked(tmp_path, ROWS, ROWS[1:])
    assert hidden.golds == ()
    assert not any(read.holds for read in hidden.reads)
    assert max(read.retrieval for read in hidden.reads) == pytest.approx(1.0)


def test_hits_are_read_as_many_at_a_time_as_in_serving(tmp_path: Path) -> None:
    sizes = []

    class Counting(OverlapReader):
        def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
            sizes.append(len(hits))
            return super().read(question, hits)

    with Corpus.open(tmp_path, HashingEmbedder()) as corpus:
        corpus.add([article_of("made", row) for row in ROWS])
        hits = corpus.search(ROWS[0].question, k=3).hits
    assert len(read_in_parts(Counting(), ROWS[0].question, [*hits] * 4)) == 12
    assert sizes == [8, 4]
