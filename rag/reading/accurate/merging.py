"""Base weights and learnt deltas become the weights of one reader, by its names and in the layout its graph takes.

A delta of low rank (Hu et al. 2021) adds `up @ down` to a matrix, so reading costs nothing more once they are added.

Names: `word`, `position`, `distance` (tables), `norm.gamma`, `norm.beta`; in `layers.N.`: `query`, `key`, `value`,
`out`, `up`, `down` (matrices *Shape:* `(inputs, outputs)`), each with a `.bias`, and `out_norm`, `down_norm` with
`.gamma` and `.beta`; `span`, `relevance` (matrices) with a `.bias`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onrecord.index.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from onrecord.rag.reading.accurate.base_weights import Array

CLS, PAD, SEP, SHIFT = 0, 1, 2, 4
"""MPNet's own special tokens, and how far its other ids stand behind BERT's."""

BERT_PAD, BERT_CLS, BERT_SEP = 0, 101, 102

_TABLES = {
    "embeddings.word_embeddings.weight": "word",
    "embeddings.position_embeddings.weight": "position",
    "encoder.relative_attention_bias.weight": "distance",
    "embeddings.LayerNorm.weight": "norm.gamma",
    "embeddings.LayerNorm.bias": "norm.beta",
}
_MATRICES = {
    "attention.attn.q": "query", "attention.attn.k": "key", "attention.attn.v": "value", "attention.attn.o": "out",
    "intermediate.dense": "up", "output.dense": "down",
}  # fmt: skip
_LAYER, _WEIGHT = "encoder.layer.", ".weight"
_NORM_KINDS = {"weight": "gamma", "bias": "beta"}


def merged(base: Iterable[tuple[str, Array]], learnt: Mapping[str, Array]) -> Iterator[tuple[str, Array]]:
    """Yield each weight of the reader once: first those made from the base, as it yields them, then those only learnt.

    Biases and norms of the layers are learnt whole; those of the base are passed over.

    Args:
        base: a Hugging Face `MPNetModel`'s, by its names; a pooler is passed over.
        learnt: by the names of `training.network.teacher.TeacherModel.learnt`, in float32.

    Raises:
        ModelUnavailable: the two do not belong together.
    """
    try:
        for name, value in base:
            if name in _TABLES:
                yield _TABLES[name], in_bert_order(value) if _TABLES[name] == "word" else value
            elif (place := _matrix(name)) is not None:
                delta = learnt[f"{place}.up"] @ learnt[f"{place}.down"]
                yield place, (value + delta).T
        for name, value in learnt.items():
            yield from _only_learnt(name, value)
    except (KeyError, ValueError) as error:
        raise ModelUnavailable(f"The accurate reader's deltas do not fit its base weights: {error}.") from error


def count(learnt: Iterable[str]) -> int:
    """How many weights `merged` yields."""
    return len(_TABLES) + sum(not name.endswith(".down") for name in learnt)


def in_bert_order(table: Array) -> Array:
    """The rows of MPNet's word table as BERT numbers them, so that `rag.reading.encoding`'s ids need no translation.

    *Shapes:* `(words + 5, width)` → `(words, width)`: MPNet has four tokens of its own before BERT's, and one after.
    """
    rows = np.arange(SHIFT, len(table) - 1)
    rows[[BERT_PAD, BERT_CLS, BERT_SEP]] = PAD, CLS, SEP
    return table[rows]


def _matrix(name: str) -> str | None:
    """The graph's name of a layer's matrix, None for what is none."""
    number, _, part = name.removeprefix(_LAYER).removesuffix(_WEIGHT).partition(".")
    if not name.startswith(_LAYER) or not name.endswith(_WEIGHT) or part not in _MATRICES:
        return None
    return f"layers.{number}.{_MATRICES[part]}"


def _only_learnt(name: str, value: Array) -> Iterator[tuple[str, Array]]:
    place, _, kind = name.rpartition(".")
    if place.endswith("_norm"):
        yield f"{place}.{_NORM_KINDS[kind]}", value
    elif kind == "bias":
        yield f"{place.removesuffix('.base')}.bias", value
    elif kind == "weight":
        yield place, value.T
