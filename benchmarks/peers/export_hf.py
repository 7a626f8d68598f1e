"""Write the reader as a Hugging Face `BertForQuestionAnswering`, so that other systems read with the same weights.

    python -m benchmarks.peers.export_hf OUT [--reader rag/models/reader] [--weights RUN/weights.safetensors]

By default the weights are those that ship: int8 in reader.onnx, multiplied by their scales. With `--weights` they are
the float32 ones of a training run. The relevance head has no place in that class and is left out: start and end logits
are all that such a system sees. The tokenizer sets a pair as training did for an article without a title, `[CLS]
question [SEP] [SEP] passage [SEP]`, so that whoever gives it question and passage reads what the model was trained on.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper
from safetensors.numpy import load_file, save_file

from onrecord.rag.reading.cross_encoder import BUNDLED_FOLDER, MODEL, TOKENIZER
from training.network.model import HEADS, INNER, LAYER_NORM_EPS, LAYERS, SEGMENTS, VOCABULARY, WIDTH
from training.network.start import base_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Weights = dict[str, NDArray[np.float32]]

_PAIR = ("[CLS]", 0), ("A", 0), ("[SEP]", 0), ("[SEP]", 1), ("B", 1), ("[SEP]", 1)


def dequantized(model: onnx.ModelProto) -> Weights:
    """The weights of an exported reader by `training.network.model.ReaderModel`'s names, relevance head included.

    Raises:
        KeyError: the graph is not one that `training.network.export` wrote.
    """
    stored = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}

    def matrix(name: str) -> NDArray[np.float32]:
        if f"{name}_quantized" not in stored:
            return np.asarray(stored[name], dtype=np.float32)
        zero = stored[f"{name}_zero_point"].astype(np.int32)
        whole = stored[f"{name}_quantized"].astype(np.int32) - zero
        scaled: NDArray[np.float32] = (whole * stored[f"{name}_scale"]).astype(np.float32)
        return scaled

    word = stored["word"] * stored["word_scale"] if "word_scale" in stored else stored["word"]
    weights = {
        "word.weight": word.astype(np.float32),
        "position.weight": stored["position"],
        "segment.weight": stored["segment"],
        "norm.weight": stored["norm.gamma"],
        "norm.bias": stored["norm.beta"],
    }
    for layer in range(LAYERS):
        for part in ("qkv", "out", "up", "down"):
            name = f"layers.{layer}.{part}"
            weights |= {f"{name}.weight": matrix(f"{name}.matrix").T, f"{name}.bias": stored[f"{name}.bias"]}
        for part in ("out_norm", "down_norm"):
            name = f"layers.{layer}.{part}"
            weights |= {f"{name}.{kind}": stored[f"{name}.{kind}"] for kind in ("weight", "bias")}
    for head in ("span", "relevance"):
        weights |= {f"{head}.weight": matrix(f"{head}.matrix").T, f"{head}.bias": stored[f"{head}.bias"]}
    return weights


def to_bert(weights: Mapping[str, NDArray[np.float32]]) -> Weights:
    """Rename `ReaderModel`'s tensors to those of `BertForQuestionAnswering`, the merged query, key and value apart."""
    renamed = {
        "bert.embeddings.word_embeddings.weight": weights["word.weight"],
        "bert.embeddings.position_embeddings.weight": weights["position.weight"],
        "bert.embeddings.token_type_embeddings.weight": weights["segment.weight"],
        "bert.embeddings.LayerNorm.weight": weights["norm.weight"],
        "bert.embeddings.LayerNorm.bias": weights["norm.bias"],
        "qa_outputs.weight": weights["span.weight"],
        "qa_outputs.bias": weights["span.bias"],
    }
    for number in range(LAYERS):
        old, new = f"layers.{number}", f"bert.encoder.layer.{number}"
        for kind in ("weight", "bias"):
            for name, part in zip(("query", "key", "value"), np.split(weights[f"{old}.qkv.{kind}"], 3), strict=True):
                renamed[f"{new}.attention.self.{name}.{kind}"] = part
            renamed[f"{new}.attention.output.dense.{kind}"] = weights[f"{old}.out.{kind}"]
            renamed[f"{new}.attention.output.LayerNorm.{kind}"] = weights[f"{old}.out_norm.{kind}"]
            renamed[f"{new}.intermediate.dense.{kind}"] = weights[f"{old}.up.{kind}"]
            renamed[f"{new}.output.dense.{kind}"] = weights[f"{old}.down.{kind}"]
            renamed[f"{new}.output.LayerNorm.{kind}"] = weights[f"{old}.down_norm.{kind}"]
    return {name: np.ascontiguousarray(value) for name, value in renamed.items()}


def write(weights: Mapping[str, NDArray[np.float32]], tokenizer: Path, out: Path) -> None:
    """Write config.json, model.safetensors and the tokenizer to the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    tensors = to_bert({**weights, "position.weight": _all_positions(weights["position.weight"])})
    positions = len(tensors["bert.embeddings.position_embeddings.weight"])
    save_file(tensors, out / "model.safetensors", metadata={"format": "pt"})
    _dump(out / "config.json", _config(positions))
    _dump(out / "tokenizer.json", _tokenizer(json.loads(tokenizer.read_text(encoding="utf-8"))))
    special = {f"{name}_token": f"[{name.upper()}]" for name in ("cls", "sep", "pad", "unk", "mask")}
    # Not BertTokenizerFast, which would put its own pair template in the place of the file's.
    kind = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": positions}
    names = {"model_input_names": ["input_ids", "token_type_ids", "attention_mask"]}
    _dump(out / "tokenizer_config.json", {**kind, **names, **special})


def export(out: Path, *, reader: Path = BUNDLED_FOLDER, weights: Path | None = None) -> None:
    """Write the reader in the folder `reader`, or with the weights of a training run, to the folder `out`."""
    loaded = load_file(weights) if weights else dequantized(onnx.load(reader / MODEL))
    write(loaded, reader / TOKENIZER, out)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reader", type=Path, default=BUNDLED_FOLDER, help="what training.network.export wrote")
    parser.add_argument("--weights", type=Path, help="a training run's weights.safetensors, instead of the int8 ones")
    options = parser.parse_args(arguments)
    export(options.out, reader=options.reader, weights=options.weights)


def _all_positions(kept: NDArray[np.float32]) -> NDArray[np.float32]:
    """The start weights' positions where those kept are their first: training freezes and the export cuts them."""
    start = load_file(base_folder() / "model.safetensors")["embeddings.position_embeddings.weight"]
    return start if np.array_equal(start[: len(kept)], kept) else kept


def _config(positions: int) -> dict[str, Any]:
    return {
        "architectures": ["BertForQuestionAnswering"],
        "model_type": "bert",
        "hidden_size": WIDTH,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "intermediate_size": INNER,
        "hidden_act": "gelu",
        "layer_norm_eps": LAYER_NORM_EPS,
        "max_position_embeddings": positions,
        "type_vocab_size": SEGMENTS,
        "vocab_size": VOCABULARY,
        "pad_token_id": 0,
        "dtype": "float32",
    }


def _tokenizer(shipped: dict[str, Any]) -> dict[str, Any]:
    pair = [
        {"SpecialToken" if id_.startswith("[") else "Sequence": {"id": id_, "type_id": kind}} for id_, kind in _PAIR
    ]
    return {
        **shipped,
        "truncation": None,
        "padding": None,
        "post_processor": {**shipped["post_processor"], "pair": pair},
    }


def _dump(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
