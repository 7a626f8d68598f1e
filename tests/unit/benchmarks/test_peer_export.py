from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from transformers import AutoModelForQuestionAnswering

from benchmarks.peers.export_hf import dequantized, write
from onrecord.rag.reading.cross_encoder import BUNDLED_FOLDER
from training.network.export import quantize
from training.network.graph import build
from training.network.model import ReaderModel

TOKENIZER = BUNDLED_FOLDER / "tokenizer.json"


@pytest.fixture(scope="module")
def module() -> ReaderModel:
    torch.manual_seed(0)
    return ReaderModel().eval()


@pytest.fixture(scope="module")
def weights(module: ReaderModel) -> dict[str, NDArray[np.float32]]:
    return {name: value.detach().numpy() for name, value in module.state_dict().items()}


def test_the_exported_model_computes_what_the_module_computes(
    module: ReaderModel, weights: dict[str, NDArray[np.float32]], tmp_path: Path
) -> None:
    write(weights, TOKENIZER, tmp_path)
    exported = AutoModelForQuestionAnswering.from_pretrained(tmp_path).eval()
    ids = torch.randint(0, 30000, (2, 17))
    types = (torch.arange(17) > 5).long().expand(2, 17)
    mask = (torch.arange(17) < torch.tensor([[17], [11]])).long()
    with torch.no_grad():
        wanted = module(ids, types, mask)
        found = exported(input_ids=ids, token_type_ids=types, attention_mask=mask)
    inside = mask > 0
    assert torch.allclose(found.start_logits[inside], wanted.start[inside], atol=1e-4)
    assert torch.allclose(found.end_logits[inside], wanted.end[inside], atol=1e-4)


def test_dequantized_weights_are_within_half_a_step_of_the_trained_ones(
    weights: dict[str, NDArray[np.float32]], tmp_path: Path
) -> None:
    onnx.save(build(weights, 384, small_embeddings=True), tmp_path / "full.onnx")
    quantize(tmp_path / "full.onnx", tmp_path / "small.onnx")
    found = dequantized(onnx.load(tmp_path / "small.onnx"))
    assert found.keys() == weights.keys()
    for name, value in found.items():
        trained = weights[name][: len(value)]  # positions are cut to what a window may hold
        step = np.abs(trained).max(axis=-1, keepdims=True) / 127
        assert np.all(np.abs(value - trained) <= 0.51 * step + 1e-7), name
