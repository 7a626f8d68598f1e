"""The reader as an ONNX graph, written with the operators that onnxruntime runs fastest on CPU.

Writing the graph by hand rather than tracing torch and fusing afterwards makes the file depend on the weights alone:
the same checkpoint gives the same bytes. Operators of the ``com.microsoft`` domain: Attention and BiasGelu
(onnxruntime/docs/ContribOperators.md). SkipLayerNormalization of that domain makes the whole take a quarter longer.
"""

import math
from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto

from training.network.model import HEADS, LAYER_NORM_EPS, LAYERS, WIDTH
from training.network.nodes import MICROSOFT, TOKENS, Graph

HEAD_PRODUCTS = ("span_product", "relevance_product")

Array = NDArray[np.float32]


def build(weights: Mapping[str, Array], longest: int, *, small_embeddings: bool) -> onnx.ModelProto:
    """Return the graph for windows of at most ``longest`` tokens.

    Inputs ``input_ids``, ``token_type_ids``, ``attention_mask``: *Shape:* ``(batch, length)`` int64.
    Outputs ``start``, ``end``: *Shape:* ``(batch, length)`` float32; ``relevance``: *Shape:* ``(batch,)`` float32.

    Args:
        weights: those of ``training.network.model.ReaderModel``, by its names.
        longest: most tokens in a window.
        small_embeddings: store embeddings as int8 with one scale a row.
    """
    graph = Graph()
    graph.constant("last_axis", np.array([-1], dtype=np.int64))
    hidden = _embeddings(graph, weights, longest, small=small_embeddings)
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    for number in range(LAYERS):
        hidden = _layer(graph, weights, number, hidden)
    _heads(graph, weights, hidden)

    inputs = ["input_ids", "token_type_ids", "attention_mask"]
    return graph.model("reader", inputs, {"start": TOKENS, "end": TOKENS, "relevance": TOKENS[:1]})


def rows_to_int8(table: Array) -> tuple[NDArray[np.int8], Array]:
    """Return the table in int8 and the scale of each row. *Shapes:* ``(rows, width)``, ``(rows, 1)``."""
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8).astype(np.float32) / np.float32(127)
    return np.rint(table / scale).astype(np.int8), scale


def _embeddings(graph: Graph, weights: Mapping[str, Array], longest: int, *, small: bool) -> str:
    word = weights["word.weight"]
    if small:
        table, scale = rows_to_int8(word)
        graph.add("Gather", [graph.constant("word", table), "input_ids"], "word_int8")
        graph.add("Cast", ["word_int8"], "word_unscaled", to=TensorProto.FLOAT)
        graph.add("Gather", [graph.constant("word_scale", scale), "input_ids"], "word_scales")
        graph.add("Mul", ["word_unscaled", "word_scales"], "word_rows")
    else:
        graph.add("Gather", [graph.constant("word", word), "input_ids"], "word_rows")
    graph.add("Gather", [graph.constant("segment", weights["segment.weight"]), "token_type_ids"], "segment_rows")
    graph.add("Shape", ["input_ids"], "length", start=1)
    zero = graph.constant("zero", np.array([0], dtype=np.int64))
    graph.add(
        "Slice",
        [graph.constant("position", weights["position.weight"][:longest]), zero, "length", zero],
        "position_rows",
    )
    graph.add("Add", ["word_rows", "segment_rows"], "embedded_words")
    graph.add("Add", ["embedded_words", "position_rows"], "embedded")
    gamma, beta = (
        graph.constant("norm.gamma", weights["norm.weight"]),
        graph.constant("norm.beta", weights["norm.bias"]),
    )
    for name, value in (("root_width", math.sqrt(WIDTH)), ("epsilon", LAYER_NORM_EPS * WIDTH)):
        graph.constant(f"norm.{name}", np.array(value, dtype=np.float32))
    return _normed(graph, "embedded", gamma, beta, "hidden_0")


def _layer(graph: Graph, weights: Mapping[str, Array], number: int, hidden: str) -> str:
    name = f"layers.{number}"

    def matrix(part: str) -> str:
        return graph.constant(f"{name}.{part}.matrix", weights[f"{name}.{part}.weight"].T)

    def vector(part: str, kind: str) -> str:
        return graph.constant(f"{name}.{part}.{kind}", weights[f"{name}.{part}.{kind}"])

    def joined(part: str, norm: str, product: str, skip: str, output: str) -> str:
        graph.add("Add", [product, vector(part, "bias")], f"{output}.biased")
        graph.add("Add", [f"{output}.biased", skip], f"{output}.mixed")
        return _normed(graph, f"{output}.mixed", vector(norm, "weight"), vector(norm, "bias"), output)

    attended = graph.add(
        "Attention",
        [hidden, matrix("qkv"), vector("qkv", "bias"), "mask"],
        f"{name}.attended",
        MICROSOFT,
        num_heads=HEADS,
    )
    mixed = graph.add("MatMul", [attended, matrix("out")], f"{name}.mixed")
    middle = joined("out", "out_norm", mixed, hidden, f"{name}.middle")
    raised = graph.add("MatMul", [middle, matrix("up")], f"{name}.raised")
    active = graph.add("BiasGelu", [raised, vector("up", "bias")], f"{name}.active", MICROSOFT)
    lowered = graph.add("MatMul", [active, matrix("down")], f"{name}.lowered")
    return joined("down", "down_norm", lowered, middle, f"hidden_{number + 1}")


def _normed(graph: Graph, hidden: str, gamma: str, beta: str, output: str) -> str:
    """Layer normalization in single operations: onnxruntime's own takes longer than these do together."""
    graph.add("ReduceMean", [hidden], f"{output}.mean", axes=[-1])
    graph.add("Sub", [hidden, f"{output}.mean"], f"{output}.centred")
    graph.add("ReduceSumSquare", [f"{output}.centred"], f"{output}.squares", axes=[-1])
    graph.add("Add", [f"{output}.squares", "norm.epsilon"], f"{output}.above_zero")
    graph.add("Sqrt", [f"{output}.above_zero"], f"{output}.norm")
    graph.add("Div", ["norm.root_width", f"{output}.norm"], f"{output}.factor")
    graph.add("Mul", [f"{output}.centred", f"{output}.factor"], f"{output}.unit")
    graph.add("Mul", [f"{output}.unit", gamma], f"{output}.scaled")
    return graph.add("Add", [f"{output}.scaled", beta], output)


def _heads(graph: Graph, weights: Mapping[str, Array], hidden: str) -> None:
    graph.add("MatMul", [hidden, graph.constant("span.matrix", weights["span.weight"].T)], HEAD_PRODUCTS[0])
    graph.add("Add", [HEAD_PRODUCTS[0], graph.constant("span.bias", weights["span.bias"])], "span")
    for column, output in enumerate(("start", "end")):
        at = graph.constant(f"{output}_column", np.array(column, dtype=np.int64))
        graph.add("Gather", ["span", at], output, axis=2)
    first = graph.constant("first_token", np.array(0, dtype=np.int64))
    graph.add("Gather", [hidden, first], "cls", axis=1)
    graph.add("MatMul", ["cls", graph.constant("relevance.matrix", weights["relevance.weight"].T)], HEAD_PRODUCTS[1])
    graph.add(
        "Add", [HEAD_PRODUCTS[1], graph.constant("relevance.bias", weights["relevance.bias"])], "relevance_column"
    )
    graph.add("Squeeze", ["relevance_column", "last_axis"], "relevance")
