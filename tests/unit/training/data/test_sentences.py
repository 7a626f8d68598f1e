import random

import pytest

from training.data.sentences import crop_around, crops_of, sentence_of, sentence_spans
from training.data.splits import Span

TEXT = 'Gen. Smith left. He said: "Go." The U.S. stayed (for now.) It ended in 1990.\nNobody knew why.'


def test_sentences_end_where_readers_end_them() -> None:
    assert [TEXT[span.start : span.end] for span in sentence_spans(TEXT)] == [
        "Gen. Smith left.",
        'He said: "Go."',
        "The U.S. stayed (for now.)",
        "It ended in 1990.",
        "Nobody knew why.",
    ]


def test_a_position_lies_in_its_sentence() -> None:
    sentences = sentence_spans(TEXT)
    assert sentence_of(sentences, TEXT.index("stayed")) == 2
    assert sentence_of(sentences, 0) == 0


@pytest.mark.parametrize("seed", range(20))
def test_a_crop_holds_its_core_and_stays_within_its_size(seed: int) -> None:
    sentences = sentence_spans(TEXT)
    part = crop_around(TEXT, sentences, (2, 2), 60, random.Random(seed))
    assert part.holds(sentences[2])
    assert len(part.text) <= 60
    assert TEXT[part.start : part.start + len(part.text)] == part.text


def test_the_lead_is_the_sentence_before_the_crop() -> None:
    part = crop_around(TEXT, sentence_spans(TEXT), (1, 1), 0, random.Random(0))
    assert (part.lead, part.text) == ("Gen. Smith left.", 'He said: "Go."')


def test_crops_cover_every_sentence_once() -> None:
    sentences = sentence_spans(TEXT)
    crops = crops_of(TEXT, sentences, 40)
    assert [sum(part.holds(Span(s.start, s.end)) for part in crops) for s in sentences] == [1] * len(sentences)
