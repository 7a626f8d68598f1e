"""Write what the accurate reader has learnt as the files that serving prepares its model from.

    python -m training.network.export_accurate RUN --windows WINDOWS.npz --out rag/models/accurate [--base FOLDER]

Writes deltas.safetensors (float16, and which channels are outliers: see rag.reading.accurate.int8) and config.json.
Outliers are found by reading windows in float32; most are the same whatever is read. Calibration stays neutral until
``training.measure.news`` fits it.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from onrecord.rag.reading.accurate.base_weights import installed_parts, tensors
from onrecord.rag.reading.accurate.graph import build, layer_count, product_inputs
from onrecord.rag.reading.accurate.merging import merged
from onrecord.rag.reading.accurate.prepared import OUTLIERS
from onrecord.rag.reading.accurate.reader import DELTAS
from onrecord.rag.reading.reader import UNCALIBRATED
from training.data.packed import Packed
from training.network.export import config

NAME = "onrecord-reader-mpnet"
KEPT = 8
"""Channels of a product's inputs that are not multiplied in int8; 16 read no better, 4 a little worse."""

WINDOWS = 64

Array = NDArray[np.float32]


def outliers(weights: Mapping[str, Array], windows: Sequence[NDArray[np.int64]]) -> dict[str, NDArray[np.int16]]:
    """Return the channels with the largest values, for each product of each layer: *Shape:* ``(KEPT,)``, ascending.

    Args:
        weights: as ``rag.reading.accurate.merging.merged`` yields them.
        windows: ids of what is read to find out. *Shape:* ``(length,)`` each.
    """
    graph = build(weights, max(map(len, windows)))
    places = {
        f"layers.{number}.{part}": value
        for number in range(layer_count(weights))
        for part, value in product_inputs(number).items()
    }
    for value in places.values():
        graph.graph.output.append(onnx.helper.make_tensor_value_info(value, onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    largest: dict[str, Array] = {}
    for ids in windows:
        inputs = {
            "input_ids": ids[None],
            "token_type_ids": np.zeros_like(ids)[None],
            "attention_mask": np.ones_like(ids)[None],
        }
        for place, value in zip(places, session.run(list(places.values()), inputs), strict=True):
            found = np.abs(value[0]).max(axis=0)
            largest[place] = np.maximum(largest.get(place, found), found)
    return {
        f"{place}{OUTLIERS}": np.sort(np.argsort(-values, kind="stable")[:KEPT]).astype(np.int16)
        for place, values in largest.items()
    }


def export(run: Path, windows: Path, out: Path, base: Path | None) -> None:
    """Write the reader of ``run`` to the folder ``out``.

    Args:
        run: the folder of a training run, with weights.safetensors.
        windows: packed windows to find outliers with.
        out: where to write.
        base: the folder of all-mpnet-base-v2; None takes the installed packages.
    """
    # As they will be served, so that outliers are found in what is read with.
    learnt = {name: value.astype(np.float16) for name, value in load_file(run / "weights.safetensors").items()}
    exact = {name: value.astype(np.float32) for name, value in learnt.items()}
    weights = dict(merged(_base(base), exact))
    packed = Packed.load(windows)
    step = max(1, len(packed) // WINDOWS)
    read = [packed.ids[packed.starts[i] : packed.starts[i + 1]].astype(np.int64) for i in range(0, len(packed), step)]
    out.mkdir(parents=True, exist_ok=True)
    save_file({**learnt, **outliers(weights, read)}, out / DELTAS)
    described = config() | {"name": NAME, "calibration": asdict(UNCALIBRATED)}
    (out / "config.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def _base(folder: Path | None) -> Iterator[tuple[str, Array]]:
    if folder is None:
        return tensors(installed_parts())
    stored = load_file(folder / "model.safetensors")
    return iter([(name, value) for name, value in stored.items() if value.dtype == np.float32])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.network.export_accurate", description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", type=Path)
    options = parser.parse_args(arguments)
    export(options.run, options.windows, options.out, options.base)


if __name__ == "__main__":
    main()
