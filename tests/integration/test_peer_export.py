from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from benchmarks.peers.export_hf import export
from onrecord.rag.reading.cross_encoder import BUNDLED_FOLDER, CrossEncoderReader
from onrecord.rag.reading.encoding import Encoder, ModelInput, ReaderInput

pytestmark = pytest.mark.integration

QUESTION, PASSAGE = "Who built the bridge?", "The bridge was built by Ada Alder, who lived in Corholm."


@pytest.fixture
def encoder() -> Encoder:
    return Encoder(Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json")))


def test_the_exported_tokenizer_sets_a_pair_as_the_reader_was_trained(encoder: Encoder, tmp_path: Path) -> None:
    export(tmp_path)
    encoded = AutoTokenizer.from_pretrained(tmp_path)(QUESTION, PASSAGE)
    (window,) = encoder.windows(ReaderInput(QUESTION, title="", lead="", passage=PASSAGE))
    assert encoded["input_ids"] == window.ids.tolist()
    assert encoded["token_type_ids"] == window.type_ids.tolist()


def test_the_shipped_reader_and_its_export_score_a_passage_alike(encoder: Encoder, tmp_path: Path) -> None:
    export(tmp_path)
    exported = AutoModelForQuestionAnswering.from_pretrained(tmp_path).eval()
    (window,) = encoder.windows(ReaderInput(QUESTION, title="", lead="", passage=PASSAGE))
    (shipped,) = CrossEncoderReader(threads=1)._scores([window])
    with torch.no_grad():
        batch = {name: torch.from_numpy(value) for name, value in ModelInput.of(window)._asdict().items()}
        found = exported(**batch)
    for ours, theirs in ((shipped.start, found.start_logits), (shipped.end, found.end_logits)):
        # onnxruntime also rounds activations to eight bits, a matrix product at a time.
        apart = ours - theirs[0].numpy()
        assert np.sqrt(np.mean(apart**2)) < 0.03 * np.ptp(ours)
        assert np.abs(apart).max() < 0.08 * np.ptp(ours)
        assert int(ours.argmax()) == int(theirs.argmax())
