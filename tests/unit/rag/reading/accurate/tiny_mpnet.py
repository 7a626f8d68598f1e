"""A model of MPNet's structure that takes milliseconds: base weights, deltas, and what transformers makes of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from transformers import MPNetConfig, MPNetModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onrecord.rag.reading.accurate.base_weights import Array

WIDTH, HEADS, LAYERS, INNER, WORDS, LONGEST, RANK = 32, 4, 2, 64, 150, 160, 3
PARTS = {
    "query": "attention.attn.q", "key": "attention.attn.k", "value": "attention.attn.v", "out": "attention.attn.o",
    "up": "intermediate.dense", "down": "output.dense",
}  # fmt: skip
NORMS = {"out_norm": "attention.LayerNorm", "down_norm": "output.LayerNorm"}


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    start: Array
    end: Array
    relevance: Array


@dataclass(frozen=True, slots=True, eq=False)
class TinyMPNet:
    model: Any
    base: dict[str, Array]
    learnt: dict[str, Array]

    @classmethod
    def random(cls, seed: int = 0) -> TinyMPNet:
        torch.manual_seed(seed)
        config = MPNetConfig(
            vocab_size=WORDS + 5, hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
            intermediate_size=INNER, max_position_embeddings=LONGEST + 2, layer_norm_eps=1e-5, initializer_range=0.3,
        )  # fmt: skip
        model = MPNetModel(config, add_pooling_layer=False).eval()
        base = {name: value.numpy().copy() for name, value in model.state_dict().items() if value.is_floating_point()}
        return cls(model, base, _learnt(np.random.default_rng(seed)))

    def scores(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Scores:
        """What transformers computes with base and deltas added up. ids: BERT's. *Shape:* `(batch, length)`."""
        self.model.load_state_dict(
            {name: torch.from_numpy(value) for name, value in self._added().items()}, strict=False
        )
        own = np.where(ids == 101, 0, np.where(ids == 102, 2, ids + 4))
        own = np.where(mask == 0, 1, own)
        with torch.no_grad():
            output = self.model(input_ids=torch.from_numpy(own), attention_mask=torch.from_numpy(mask))
        hidden = output.last_hidden_state.numpy()
        span = hidden @ self.learnt["span.weight"].T + self.learnt["span.bias"]
        relevance = hidden[:, 0] @ self.learnt["relevance.weight"].T + self.learnt["relevance.bias"]
        return Scores(span[..., 0], span[..., 1], relevance[:, 0])

    def _added(self) -> dict[str, Array]:
        added = dict(self.base)
        for layer in range(LAYERS):
            for part, name in PARTS.items():
                ours, theirs = f"layers.{layer}.{part}", f"encoder.layer.{layer}.{name}"
                added[f"{theirs}.weight"] = (
                    added[f"{theirs}.weight"] + self.learnt[f"{ours}.up"] @ self.learnt[f"{ours}.down"]
                )
                added[f"{theirs}.bias"] = self.learnt[f"{ours}.base.bias"]
            for norm, name in NORMS.items():
                for kind in ("weight", "bias"):
                    added[f"encoder.layer.{layer}.{name}.{kind}"] = self.learnt[f"layers.{layer}.{norm}.{kind}"]
        return added


def _learnt(rng: np.random.Generator) -> dict[str, Array]:
    def normal(*shape: int) -> Array:
        return rng.normal(scale=0.2, size=shape).astype(np.float32)

    learnt = {"span.weight": normal(2, WIDTH), "span.bias": normal(2)}
    learnt |= {"relevance.weight": normal(1, WIDTH), "relevance.bias": normal(1)}
    for layer in range(LAYERS):
        for part in PARTS:
            inputs, outputs = INNER if part == "down" else WIDTH, INNER if part == "up" else WIDTH
            name = f"layers.{layer}.{part}"
            learnt |= {f"{name}.base.bias": normal(outputs), f"{name}.down": normal(RANK, inputs)}
            learnt[f"{name}.up"] = normal(outputs, RANK)
        for norm in NORMS:
            learnt[f"layers.{layer}.{norm}.weight"] = 1 + normal(WIDTH)
            learnt[f"layers.{layer}.{norm}.bias"] = normal(WIDTH)
    return learnt
