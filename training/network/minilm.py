"""Write the graph with which all-MiniLM-L6-v2 is run without torch: `index/embedding/minilm.onnx`.

    python -m training.network.minilm --out index/embedding/minilm.onnx

It holds no weights. Each is external data (ONNX IR, "External Data"): where in the published model.safetensors it
begins, and how long it is. That file stores matrices as torch does, outputs first, which Gemm takes as they are.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto

from training.network.model import HEADS, LAYER_NORM_EPS, LAYERS, WIDTH
from training.network.nodes import MICROSOFT, Graph
from training.network.start import base_folder

WEIGHTS = "model.safetensors"


@dataclass(slots=True)
class _Bert(Graph):
    """A graph whose weights lie in a safetensors file, by the names that they have there."""

    folder: Path = field(default_factory=base_folder)
    header: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    begins: int = 0

    def __post_init__(self) -> None:
        with (self.folder / WEIGHTS).open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            self.header = json.loads(file.read(length))
        self.begins = 8 + length

    def weight(self, name: str) -> str:
        start, end = self.header[name]["data_offsets"]
        dims = self.header[name]["shape"]
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=dims, data_location=TensorProto.EXTERNAL)
        for key, value in (("location", WEIGHTS), ("offset", self.begins + start), ("length", end - start)):
            tensor.external_data.add(key=key, value=str(value))
        self.constants.append(tensor)
        return name

    def product(self, hidden: str, name: str) -> str:
        """Multiply rows with a matrix and add its bias."""
        inputs = [hidden, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.add("Gemm", inputs, f"{name}.product", transB=1)

    def norm(self, hidden: str, name: str) -> str:
        inputs = [hidden, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.add("LayerNormalization", inputs, f"{name}.normed", axis=-1, epsilon=LAYER_NORM_EPS)


def build(folder: Path) -> onnx.ModelProto:
    """Return the graph for the weights in a folder.

    Inputs ``input_ids``, ``attention_mask``: *Shape:* ``(batch, length)`` int64; padding stands at the end.
    Output ``vectors``, of unit length: *Shape:* ``(batch, width)`` float32.
    """
    graph = _Bert(folder=folder)
    for name, value in {"zero": [0], "one": [1], "width": [WIDTH], "rows": [-1, WIDTH]}.items():
        graph.constant(name, np.array(value, dtype=np.int64))
    graph.add("Shape", ["input_ids"], "tokens")
    graph.add("Concat", ["tokens", "width"], "texts", axis=0)
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    hidden = _embeddings(graph)
    for number in range(LAYERS):
        hidden = _layer(graph, f"encoder.layer.{number}", hidden)
    # A sum of a text's tokens points where their mean does.
    graph.add("Reshape", [hidden, "texts"], "read")
    graph.add("Cast", ["attention_mask"], "counted", to=TensorProto.FLOAT)
    graph.add("Unsqueeze", ["counted", "one"], "counted.row")
    graph.add("MatMul", ["counted.row", "read"], "summed.row")
    graph.add("Squeeze", ["summed.row", "one"], "summed")
    graph.add("LpNormalization", ["summed"], "vectors", axis=-1, p=2)
    return graph.model("minilm", ["input_ids", "attention_mask"], {"vectors": ["batch", WIDTH]})


def _embeddings(graph: _Bert) -> str:
    graph.add("Gather", [graph.weight("embeddings.word_embeddings.weight"), "input_ids"], "words")
    graph.add("Slice", ["tokens", "one", graph.constant("two", np.array([2], dtype=np.int64))], "length")
    positions = graph.weight("embeddings.position_embeddings.weight")
    graph.add("Slice", [positions, "zero", "length", "zero"], "positions")
    segments = graph.weight("embeddings.token_type_embeddings.weight")
    graph.add("Gather", [segments, "zero"], "segment")
    graph.add("Add", ["positions", "segment"], "places")
    graph.add("Add", ["words", "places"], "embedded")
    graph.add("Reshape", ["embedded", "rows"], "embedded.rows")
    return graph.norm("embedded.rows", "embeddings.LayerNorm")


def _layer(graph: _Bert, name: str, hidden: str) -> str:
    heads = []
    for part in ("query", "key", "value"):
        product = graph.product(hidden, f"{name}.attention.self.{part}")
        heads.append(graph.add("Reshape", [product, "texts"], f"{name}.{part}"))
    graph.add("MultiHeadAttention", [*heads, "", "mask"], f"{name}.attended", MICROSOFT, num_heads=HEADS)
    graph.add("Reshape", [f"{name}.attended", "rows"], f"{name}.attended.rows")
    mixed = graph.product(f"{name}.attended.rows", f"{name}.attention.output.dense")
    middle = graph.norm(graph.add("Add", [mixed, hidden], f"{name}.mixed"), f"{name}.attention.output.LayerNorm")
    raised = graph.product(middle, f"{name}.intermediate.dense")
    active = graph.add("Gelu", [raised], f"{name}.active", MICROSOFT)
    lowered = graph.product(active, f"{name}.output.dense")
    return graph.norm(graph.add("Add", [lowered, middle], f"{name}.lowered"), f"{name}.output.LayerNorm")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.network.minilm", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    options.out.write_bytes(build(base_folder()).SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
