import json
from pathlib import Path

from onrecord.rag.reading.cross_encoder import BUNDLED_FOLDER, CONFIG, MODEL, TOKENIZER, CrossEncoderReader
from onrecord.rag.reading.judge import confidence
from tests.unit.rag.articles import PARAGRAPHS, article, hits, reading
from training.network.export import NEUTRAL, config


def test_a_fresh_export_can_be_used_before_it_is_calibrated(tmp_path: Path) -> None:
    for name in (MODEL, TOKENIZER):
        (tmp_path / name).symlink_to(BUNDLED_FOLDER / name)
    (tmp_path / CONFIG).write_text(json.dumps(config()), encoding="utf-8")
    reader = CrossEncoderReader(tmp_path, threads=1)
    assert reader.calibration == NEUTRAL
    found = hits(article(*PARAGRAPHS))
    assert reader.read("Who leads the dockers?", found) == CrossEncoderReader(threads=1).read(
        "Who leads the dockers?", found
    )


def test_the_neutral_calibration_leaves_open_what_the_reader_leaves_open() -> None:
    hit = hits(article(*PARAGRAPHS))[0]
    open_question = reading(hit, "Monday", relevance=0.0, score=0.0)
    assert confidence(open_question, NEUTRAL) == 0.5
    assert confidence(reading(hit, "Monday", relevance=2.0, score=-2.0), NEUTRAL) == 0.5


def test_a_fresh_export_is_described_as_the_bundled_reader_is() -> None:
    bundled = json.loads((BUNDLED_FOLDER / CONFIG).read_text(encoding="utf-8"))
    fresh = json.loads(json.dumps(config()))
    assert bundled["calibration"].keys() == fresh["calibration"].keys()
    assert {**bundled, "calibration": None} == {**fresh, "calibration": None}
