"""Write a trained reader as the files that serving loads.

    python -m training.network.export RUN --out rag/models/reader [--fp32 FILE]

Writes reader.onnx (int8), tokenizer.json and config.json. The same RUN/weights.safetensors gives the same bytes.
The reader can be used at once; its calibration stays neutral until ``training.measure.news`` fits it.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

from onrecord.rag.reading.encoding import Limits
from onrecord.rag.reading.reader import Calibration
from training.network.graph import HEAD_PRODUCTS, build
from training.network.start import base_folder

FORMAT = 1
LARGEST_BYTES = 25_000_000
NEUTRAL = Calibration(relevance=0.5, span=0.5, bias=0.0, threshold=0.5)
"""Relevance and span in equal parts."""


def config() -> dict[str, object]:
    """Return config.json before calibration; ``onrecord.rag.reading.judge`` says what its weights weigh."""
    return {
        "format": FORMAT,
        "name": "onrecord-reader-minilm-l6",
        "limits": asdict(Limits()),
        "outputs": {
            "start": "logit of each token being the answer's first; token 0, [CLS], means no answer",
            "end": "logit of each token being the answer's last, inclusive; token 0, [CLS], means no answer",
            "relevance": "logit of the passage holding an answer",
        },
        "calibration": asdict(NEUTRAL),
    }


def quantize(source: Path, target: Path) -> None:
    """Quantize all but the heads to int8, one scale a column; activations are scaled as they come."""
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        reduce_range=False,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=list(HEAD_PRODUCTS),
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def export(run: Path, out: Path, fp32: Path | None) -> None:
    """Write the reader of ``run`` to the folder ``out``.

    Raises:
        ValueError: the model is larger than what may be shipped.
    """
    weights = load_file(run / "weights.safetensors")
    longest = Limits().window
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "reader.onnx"
        onnx.save(build(weights, longest, small_embeddings=True), full)
        quantize(full, out / "reader.onnx")
    if fp32 is not None:
        fp32.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(build(weights, longest, small_embeddings=False), fp32)
    size = (out / "reader.onnx").stat().st_size
    if size > LARGEST_BYTES:
        raise ValueError(f"{out / 'reader.onnx'} has {size} bytes, {LARGEST_BYTES} at most may be shipped")
    shutil.copyfile(base_folder() / "tokenizer.json", out / "tokenizer.json")
    (out / "config.json").write_text(json.dumps(config(), indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.network.export", description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fp32", type=Path, help="also write the unquantized model, to measure against")
    options = parser.parse_args(arguments)
    export(options.run, options.out, options.fp32)


if __name__ == "__main__":
    main()
