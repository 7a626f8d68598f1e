"""The accurate reader as an ONNX graph, written with the fused operators that onnxruntime runs fastest on CPU.

MPNet (Song et al. 2020) is BERT with one table of relative positions that is added to every layer's attention and no
token types. Operators of the `com.microsoft` domain: MultiHeadAttention, which takes that table as a bias,
DynamicQuantizeMatMul, SkipLayerNormalization and BiasGelu (onnxruntime/docs/ContribOperators.md). Its own Attention
would hold the products of query, key and value too, but its int8 form, QAttention, takes no bias.

All sizes are those of the weights; whether a product is computed in int8 follows from how its matrix is stored.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from onrecord.rag.reading.accurate.int8 import Int8Matrix, Int8Table
from onrecord.rag.reading.accurate.merging import PAD
from onrecord.rag.reading.encoding import ModelInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from onrecord.rag.reading.accurate.base_weights import Array

OPSET, IR_VERSION = 17, 8
MICROSOFT = "com.microsoft"
LAYER_NORM_EPS = 1e-5
FARTHEST = 128
"""The distance from which on all words share a bucket."""

Weight = NDArray[np.float32] | Int8Matrix | Int8Table

_MASKED = -1e4
_QKV = ("query", "key", "value")


@dataclass(frozen=True, slots=True)
class _Graph:
    weights: Mapping[str, Weight]
    made: onnx.GraphProto

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.made.initializer.append(numpy_helper.from_array(value, name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.made.node.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def array(self, name: str) -> Array:
        value = self.weights[name]
        if not isinstance(value, np.ndarray):
            raise TypeError(f"{name} cannot be used in int8")
        return value

    def vector(self, name: str) -> str:
        return self.constant(name, self.array(name))

    def number(self, name: str, value: float) -> str:
        if all(constant.name != name for constant in self.made.initializer):
            self.constant(name, np.array(value, dtype=np.float32))
        return name

    def product(self, hidden: str, matrix: Weight, bias: Array, name: str) -> str:
        """Multiply with a matrix and add a bias; in int8, the hidden values are scaled as they come, outliers apart."""
        added = self.constant(f"{name}.bias", bias)
        if isinstance(matrix, np.ndarray):
            self.add("MatMul", [hidden, self.constant(f"{name}.matrix", matrix)], f"{name}.unbiased")
            return self.add("Add", [f"{name}.unbiased", added], f"{name}.product")
        if isinstance(matrix, Int8Table):
            raise TypeError(f"{name} is stored as a table")
        values, scale = self.constant(f"{name}.matrix", matrix.values), self.constant(f"{name}.scale", matrix.scale[0])
        if not len(matrix.outliers):
            inputs = [hidden, values, scale, "", added]
            return self.add("DynamicQuantizeMatMul", inputs, f"{name}.product", MICROSOFT)
        self.add("Mul", [hidden, self.constant(f"{name}.kept", matrix.kept)], f"{name}.inputs")
        self.add("DynamicQuantizeMatMul", [f"{name}.inputs", values, scale, "", added], f"{name}.most", MICROSOFT)
        self.add("Gather", [hidden, self.constant(f"{name}.outliers", matrix.outliers)], f"{name}.few", axis=-1)
        self.add("MatMul", [f"{name}.few", self.constant(f"{name}.exact", matrix.exact)], f"{name}.rest")
        return self.add("Add", [f"{name}.most", f"{name}.rest"], f"{name}.product")

    def normed(self, hidden: str, name: str) -> str:
        """Normalise each token: onnxruntime's own LayerNormalization takes three times as long (1.32, on CPU).

        The sum of squares, not their mean, also keeps its optimizer from putting that operator back.
        """
        width = len(self.array(f"{name}.gamma"))
        self.add("ReduceMean", [hidden], f"{name}.mean", axes=[-1])
        self.add("Sub", [hidden, f"{name}.mean"], f"{name}.centred")
        self.add("ReduceSumSquare", [f"{name}.centred"], f"{name}.squares", axes=[-1])
        self.add("Add", [f"{name}.squares", self.number("norm.epsilon", LAYER_NORM_EPS * width)], f"{name}.above_zero")
        self.add("Sqrt", [f"{name}.above_zero"], f"{name}.norm")
        self.add("Div", [self.number("norm.root_width", math.sqrt(width)), f"{name}.norm"], f"{name}.factor")
        self.add("Mul", [f"{name}.centred", f"{name}.factor"], f"{name}.unit")
        self.add("Mul", [f"{name}.unit", self.vector(f"{name}.gamma")], f"{name}.scaled")
        return self.add("Add", [f"{name}.scaled", self.vector(f"{name}.beta")], f"{name}.normed")

    def rows(self, name: str, ids: str) -> str:
        """Look rows of a table up."""
        table = self.weights[name]
        if not isinstance(table, Int8Table):
            return self.add("Gather", [self.vector(name), ids], f"{name}.rows")
        self.add("Gather", [self.constant(name, table.values), ids], f"{name}.int8")
        self.add("Cast", [f"{name}.int8"], f"{name}.unscaled", to=TensorProto.FLOAT)
        self.add("Gather", [self.constant(f"{name}.scale", table.scale), ids], f"{name}.scales")
        return self.add("Mul", [f"{name}.unscaled", f"{name}.scales"], f"{name}.rows")


def build(weights: Mapping[str, Weight], longest: int) -> onnx.ModelProto:
    """Return the graph for windows of at most `longest` tokens.

    Inputs `input_ids`, `token_type_ids` (unused), `attention_mask`: *Shape:* `(batch, length)` int64, as
    `rag.reading.encoding.ModelInput` has them. Padding stands at the end; what comes out for padding means nothing.
    Outputs `start`, `end`: *Shape:* `(batch, length)` float32; `relevance`: *Shape:* `(batch,)` float32.

    Args:
        weights: by the names and in the layout of `rag.reading.accurate.merging`.
        longest: most tokens in a window.

    Raises:
        KeyError: a weight is missing.
    """
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    empty = helper.make_graph([], "accurate_reader", *_signature())
    model = helper.make_model(empty, opset_imports=opsets, producer_name="onrecord", ir_version=IR_VERSION)
    graph = _Graph(weights, model.graph)  # filled in place: a finished graph would be copied, and the weights with it
    graph.constant("zero", np.array([0]))
    graph.constant("one", np.array([1]))
    graph.add("Shape", ["input_ids"], "length", start=1)
    hidden = _embeddings(graph, longest)
    bias = _attention_bias(graph, longest)
    for number in range(layer_count(weights)):
        hidden = _layer(graph, f"layers.{number}", hidden, bias)
    _heads(graph, hidden)
    return model


def product_inputs(number: int) -> dict[str, str]:
    """Where a layer's products take their inputs from: the graph's value for `qkv`, `up` and `down`."""
    before = f"layers.{number - 1}.down_norm" if number else "norm"
    layer = f"layers.{number}"
    return {"qkv": f"{before}.normed", "up": f"{layer}.out_norm.normed", "down": f"{layer}.active"}


def layer_count(weights: Iterable[str]) -> int:
    """How many layers weights of these names make."""
    return len({name.split(".")[1] for name in weights if name.startswith("layers.")})


def buckets(distances: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the bucket of each distance, key's place less query's: T5's scheme (Raffel et al. 2020).

    Half of them are for keys that follow; half of each side's are exact, the others logarithmic up to `FARTHEST`.
    *Shapes:* `(n,)` → `(n,)`.
    """
    side = count // 2
    exact = side // 2
    away = np.abs(distances)
    # In float32, as the model was trained: a few distances would fall into the next bucket otherwise.
    grown = np.log(np.maximum(away, 1).astype(np.float32) / exact) / np.float32(math.log(FARTHEST / exact))
    farther = exact + (grown * (side - exact)).astype(np.int64)
    return np.where(distances > 0, side, 0) + np.where(away < exact, away, np.minimum(farther, side - 1))


def _signature() -> tuple[list[onnx.ValueInfoProto], list[onnx.ValueInfoProto]]:
    tokens = ["batch", "length"]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, tokens) for name in ModelInput._fields]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, tokens) for name in ("start", "end")]
    return inputs, [*outputs, helper.make_tensor_value_info("relevance", TensorProto.FLOAT, ["batch"])]


def _embeddings(graph: _Graph, longest: int) -> str:
    positions = graph.array("position")[PAD + 1 :][:longest]  # they are numbered from the one after padding's
    graph.add("Slice", [graph.constant("position", positions), "zero", "length", "zero"], "position.rows")
    graph.add("Add", [graph.rows("word", "input_ids"), "position.rows"], "embedded")
    return graph.normed("embedded", "norm")


def _attention_bias(graph: _Graph, longest: int) -> str:
    """What every layer adds to its attention: the pair's distance, and that nothing attends to padding.

    *Shape:* `(batch, heads, length, length)`.
    """
    table = graph.array("distance")
    distances = np.arange(1 - longest, longest)
    by_distance = table[buckets(distances, len(table))]
    graph.constant("distance", by_distance)
    graph.add("Slice", [graph.constant("places", np.arange(longest)), "zero", "length", "zero"], "key_places")
    graph.add("Unsqueeze", ["key_places", "one"], "query_places")
    graph.add("Sub", ["key_places", "query_places"], "signed_distances")
    graph.add("Add", ["signed_distances", graph.constant("nearest", np.array(longest - 1))], "distances")
    graph.add("Gather", ["distance", "distances"], "distance.pairs")
    graph.add("Transpose", ["distance.pairs"], "distance.bias", perm=[2, 0, 1])

    graph.add("Cast", ["attention_mask"], "attended", to=TensorProto.FLOAT)
    graph.add("Sub", [graph.constant("real", np.array(1, dtype=np.float32)), "attended"], "padding")
    graph.add("Mul", ["padding", graph.constant("masked", np.array(_MASKED, dtype=np.float32))], "padding.bias")
    graph.add("Unsqueeze", ["padding.bias", graph.constant("heads_and_queries", np.array([1, 2]))], "padding.pairs")
    return graph.add("Add", ["distance.bias", "padding.pairs"], "attention.bias")


def _layer(graph: _Graph, name: str, hidden: str, bias: str) -> str:
    def product(inputs: str, part: str) -> str:
        return graph.product(
            inputs, graph.weights[f"{name}.{part}"], graph.array(f"{name}.{part}.bias"), f"{name}.{part}"
        )

    weights = _side_by_side([graph.weights[f"{name}.{part}"] for part in _QKV])
    shifts = np.concatenate([graph.array(f"{name}.{part}.bias") for part in _QKV])
    joined = graph.product(hidden, weights, shifts, f"{name}.qkv")
    parts = [f"{name}.{part}.product" for part in _QKV]
    graph.made.node.append(helper.make_node("Split", [joined], parts, name=f"{name}.split", axis=-1))
    heads = graph.array("distance").shape[1]
    attended = graph.add("MultiHeadAttention", [*parts, "", "", bias], f"{name}.attended", MICROSOFT, num_heads=heads)
    graph.add("Add", [product(attended, "out"), hidden], f"{name}.mixed")
    middle = graph.normed(f"{name}.mixed", f"{name}.out_norm")
    active = graph.add("Gelu", [product(middle, "up")], f"{name}.active", MICROSOFT)
    graph.add("Add", [product(active, "down"), middle], f"{name}.transformed")
    return graph.normed(f"{name}.transformed", f"{name}.down_norm")


def _side_by_side(matrices: list[Weight]) -> Weight:
    """One matrix of several that multiply the same inputs, so that these are read and scaled once."""
    if isinstance(matrices[0], Int8Matrix):
        return Int8Matrix.joined([each for each in matrices if isinstance(each, Int8Matrix)])
    return np.concatenate([each for each in matrices if isinstance(each, np.ndarray)], axis=1)


def _heads(graph: _Graph, hidden: str) -> None:
    spans = graph.product(hidden, graph.weights["span"], graph.array("span.bias"), "span")
    for column, output in enumerate(("start", "end")):
        graph.add("Gather", [spans, graph.constant(f"{output}.column", np.array(column))], output, axis=2)
    graph.add("Gather", [hidden, graph.constant("first_token", np.array(0))], "cls", axis=1)
    relevance = graph.product("cls", graph.weights["relevance"], graph.array("relevance.bias"), "relevance")
    graph.add("Squeeze", [relevance, "one"], "relevance")
