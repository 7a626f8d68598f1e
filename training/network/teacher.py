"""The teacher as a torch module: all-mpnet-base-v2 with low-rank deltas and the reader's three heads.

MPNet: Song et al. 2020 (BERT's layers, one table of relative positions added to every layer's attention). Low-rank
deltas: Hu et al. 2021. Windows are encoded for BERT's vocabulary (``rag.encoding``); MPNet's is that one shifted by
four, with special tokens of its own, and it knows no token types.

The base weights stay as they came: only deltas, heads, biases and layer norms are learnt, so a run is saved as what
was learnt (5.4 million numbers).
"""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import gelu, linear

from training.network.model import Scores, attend, fresh

WIDTH, HEADS, LAYERS, INNER = 768, 12, 12, 3072
VOCABULARY, POSITIONS, BUCKETS, FARTHEST = 30527, 514, 32, 128
LAYER_NORM_EPS = 1e-5
RANK = 32
SHIFT, CLS, PAD, SEP = 4, 0, 1, 2
BERT_CLS, BERT_SEP = 101, 102


class _Merged(torch.autograd.Function):
    """``x (W + up down)ᵀ + b`` with gradients for all but W: the product costs what a plain one does."""

    @staticmethod
    def forward(  # noqa: PLR0913, PLR0917 - what autograd.Function asks for
        ctx: Any, hidden: Tensor, weight: Tensor, bias: Tensor, down: Tensor, up: Tensor
    ) -> Tensor:
        merged = torch.addmm(weight, up, down)
        ctx.save_for_backward(hidden, merged, down, up)
        return linear(hidden, merged, bias)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        hidden, merged, down, up = ctx.saved_tensors
        rows, taken = gradient.flatten(0, -2), hidden.flatten(0, -2)
        return (
            gradient @ merged,
            None,
            rows.sum(0),
            (rows @ up).t() @ taken,
            rows.t() @ (taken @ down.t()),
        )


class LowRank(nn.Module):
    """A linear layer plus a delta of rank ``RANK`` that begins at zero."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.base = nn.Linear(inputs, outputs)
        self.down = nn.Parameter(torch.randn(RANK, inputs) / math.sqrt(inputs))
        self.up = nn.Parameter(torch.zeros(outputs, RANK))

    def forward(self, hidden: Tensor) -> Tensor:
        """Transform. hidden: *Shape:* ``(…, inputs)``."""
        product = cast("Callable[..., Tensor]", _Merged.apply)
        return product(hidden, self.base.weight, self.base.bias, self.down, self.up)


class Layer(nn.Module):
    """One transformer layer."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (LowRank(WIDTH, WIDTH) for _ in range(3))
        self.out = LowRank(WIDTH, WIDTH)
        self.out_norm = nn.LayerNorm(WIDTH, LAYER_NORM_EPS)
        self.up = LowRank(WIDTH, INNER)
        self.down = LowRank(INNER, WIDTH)
        self.down_norm = nn.LayerNorm(WIDTH, LAYER_NORM_EPS)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """Attend, then transform.

        hidden: *Shape:* ``(batch, length, WIDTH)``; bias: *Shape:* ``(batch, HEADS, length, length)``.
        """
        batch, length, _ = hidden.shape
        query, key, value = (
            part(hidden).view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        hidden = self.out_norm(hidden + self.out(attend(query, key, value, bias)))
        transformed: Tensor = self.down_norm(hidden + self.down(gelu(self.up(hidden))))
        return transformed


class TeacherModel(nn.Module):
    """Scores windows: start and end of the answer for every token, relevance for the window."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(VOCABULARY, WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.distance = nn.Embedding(BUCKETS, HEADS)
        self.norm = nn.LayerNorm(WIDTH, LAYER_NORM_EPS)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.span = nn.Linear(WIDTH, 2)
        self.relevance = nn.Linear(WIDTH, 1)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Scores:
        """Score windows. All arguments *Shape:* ``(batch, length)``, int64, as ``rag.reading.encoding`` pads them."""
        return self.score(self.encode(ids, types, mask))

    def encode(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:  # noqa: ARG002
        """Return the last layer's vectors, for what ``forward`` takes. *Shape:* ``(batch, length, WIDTH)``."""
        own = torch.where(ids == BERT_CLS, CLS, torch.where(ids == BERT_SEP, SEP, ids + SHIFT))
        own = torch.where(mask == 0, PAD, own)
        places = torch.arange(ids.shape[1], device=ids.device)
        positions = torch.where(mask == 0, PAD, places + PAD + 1)
        hidden: Tensor = self.norm(self.word(own) + self.position(positions))
        bias = self.distance(buckets(places)).permute(2, 0, 1)[None]
        bias = bias.masked_fill(mask[:, None, None, :] == 0, -1e4)
        for layer in self.layers:
            hidden = layer(hidden, bias)
        return hidden

    def score(self, hidden: Tensor) -> Scores:
        """Return what the heads make of ``encode``'s vectors."""
        hidden = hidden.to(self.span.weight.dtype)
        span = self.span(hidden)
        return Scores(span[..., 0], span[..., 1], self.relevance(hidden[:, 0])[:, 0])

    def encoder_to(self, dtype: torch.dtype) -> None:
        """Move all but the heads, whose logits need the precision, to ``dtype``."""
        self.to(dtype)
        self.span.float()
        self.relevance.float()

    def learnt(self) -> list[str]:
        """Return the names of what is learnt: deltas, heads, and the biases and norms of the layers."""
        return [
            name
            for name, _ in self.named_parameters()
            if name.startswith(("span.", "relevance."))
            or (name.startswith("layers.") and not name.endswith("base.weight"))
        ]


def buckets(places: Tensor) -> Tensor:
    """Return the bucket of each pair's distance, T5's scheme: half of them exact, half logarithmic up to ``FARTHEST``.

    *Shapes:* ``(length,)`` → ``(length, length)``.
    """
    away = places[:, None] - places[None, :]
    half = BUCKETS // 2
    side = (away < 0).long() * half
    away = away.abs()
    exact = half // 2
    farther = exact + (away.float().clamp(min=1) / exact).log() / math.log(FARTHEST / exact) * (half - exact)
    return side + torch.where(away < exact, away, farther.long().clamp(max=half - 1))


def from_mpnet(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the tensors of a Hugging Face ``MPNetModel`` to this module's names; deltas and heads are not there."""
    renamed = {
        "word.weight": weights["embeddings.word_embeddings.weight"],
        "position.weight": weights["embeddings.position_embeddings.weight"],
        "distance.weight": weights["encoder.relative_attention_bias.weight"],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    parts = {
        "query.base": "attention.attn.q", "key.base": "attention.attn.k", "value.base": "attention.attn.v",
        "out.base": "attention.attn.o", "out_norm": "attention.LayerNorm", "up.base": "intermediate.dense",
        "down.base": "output.dense", "down_norm": "output.LayerNorm",
    }  # fmt: skip
    for number in range(LAYERS):
        for new, old in parts.items():
            for kind in ("weight", "bias"):
                renamed[f"layers.{number}.{new}.{kind}"] = weights[f"encoder.layer.{number}.{old}.{kind}"]
    return renamed


def teacher(base: Path) -> TeacherModel:
    """Return the teacher before it has learnt anything.

    Args:
        base: the folder of all-mpnet-base-v2, with its model.safetensors.
    """
    model = TeacherModel()
    model.load_state_dict(from_mpnet(load_file(base / "model.safetensors")), strict=False)
    fresh(model.span, model.relevance)
    return model
