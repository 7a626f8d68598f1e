"""The reader as a torch module: BERT's encoder, written out, with three linear heads.

BERT: Devlin et al. 2019 (post-norm, learned positions, erf GELU). The null span at ``[CLS]``: SQuAD 2.0 baselines, same
paper. One head for relevance beside the span heads: the DPR reader (Karpukhin et al. 2020). Dropout is left out: few
passes over the data do not overfit, and on CPU the masks cost a tenth of the time.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from training.network.start import base_folder

WIDTH, HEADS, LAYERS, INNER = 384, 12, 6, 1536
VOCABULARY, POSITIONS, SEGMENTS = 30522, 512, 2
LAYER_NORM_EPS = 1e-12


class Scores(NamedTuple):
    """Logits. start, end: *Shape:* ``(batch, length)``, -inf never appears; relevance: *Shape:* ``(batch,)``."""

    start: Tensor
    end: Tensor
    relevance: Tensor


def attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """Return what each token takes from the others.

    On CPU attention is written out: the backward pass of torch's fused kernel is ten times slower there than these two
    products (32 windows of 96 tokens, bfloat16, Zen 4).

    query, key, value: *Shape:* ``(batch, heads, length, width)``; bias: to be added to the logits, any shape that
    broadcasts to ``(batch, heads, length, length)``. *Shape:* ``(batch, length, heads * width)``.
    """
    batch, heads, length, width = query.shape
    if query.is_cuda:
        mixed = scaled_dot_product_attention(query, key, value, bias.expand(batch, heads, length, length))
    else:
        weights = (torch.matmul(query * width**-0.5, key.transpose(-1, -2)) + bias).softmax(-1)
        mixed = torch.matmul(weights, value)
    return mixed.transpose(1, 2).reshape(batch, length, heads * width)


class Layer(nn.Module):
    """One transformer layer; query, key and value are one matrix, in that order."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.out_norm = nn.LayerNorm(WIDTH, LAYER_NORM_EPS)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.down_norm = nn.LayerNorm(WIDTH, LAYER_NORM_EPS)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """Attend, then transform. hidden: *Shape:* ``(batch, length, WIDTH)``; bias: ``(batch, 1, 1, length)``."""
        batch, length, _ = hidden.shape
        split = self.qkv(hidden).view(batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4).contiguous()
        hidden = self.out_norm(hidden + self.out(attend(query, key, value, bias)))
        transformed: Tensor = self.down_norm(hidden + self.down(gelu(self.up(hidden))))
        return transformed


class ReaderModel(nn.Module):
    """Scores windows: start and end of the answer for every token, relevance for the window."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(VOCABULARY, WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.segment = nn.Embedding(SEGMENTS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, LAYER_NORM_EPS)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.span = nn.Linear(WIDTH, 2)
        self.relevance = nn.Linear(WIDTH, 1)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Scores:
        """Score windows. All arguments *Shape:* ``(batch, length)``, int64, as ``rag.reading.encoding`` pads them."""
        return self.score(self.encode(ids, types, mask))

    def encode(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """Return the last layer's vectors, for what ``forward`` takes. *Shape:* ``(batch, length, WIDTH)``."""
        positions = torch.arange(ids.shape[1], device=ids.device)
        hidden: Tensor = self.norm(self.word(ids) + self.position(positions) + self.segment(types))
        bias = torch.zeros(mask.shape, dtype=hidden.dtype, device=ids.device)
        bias = bias.masked_fill(mask == 0, -1e4)[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, bias)
        return hidden

    def score(self, hidden: Tensor) -> Scores:
        """Return what the heads make of ``encode``'s vectors."""
        hidden = hidden.to(self.span.weight.dtype)
        span = self.span(hidden)
        return Scores(span[..., 0], span[..., 1], self.relevance(hidden[:, 0])[:, 0])

    def learnt(self) -> list[str]:
        """Return the names of what is learnt: everything."""
        return [name for name, _ in self.named_parameters()]

    def encoder_to(self, dtype: torch.dtype) -> None:
        """Move all but the heads, whose logits need the precision, to ``dtype``."""
        self.to(dtype)
        self.span.float()
        self.relevance.float()


def from_bert(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the tensors of a Hugging Face ``BertModel`` to this module's names; the heads are not among them."""
    renamed = {
        "word.weight": weights["embeddings.word_embeddings.weight"],
        "position.weight": weights["embeddings.position_embeddings.weight"],
        "segment.weight": weights["embeddings.token_type_embeddings.weight"],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    for number in range(LAYERS):
        old, new = f"encoder.layer.{number}", f"layers.{number}"
        for part in ("weight", "bias"):
            heads = [weights[f"{old}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            renamed[f"{new}.qkv.{part}"] = torch.cat(heads)
            renamed[f"{new}.out.{part}"] = weights[f"{old}.attention.output.dense.{part}"]
            renamed[f"{new}.out_norm.{part}"] = weights[f"{old}.attention.output.LayerNorm.{part}"]
            renamed[f"{new}.up.{part}"] = weights[f"{old}.intermediate.dense.{part}"]
            renamed[f"{new}.down.{part}"] = weights[f"{old}.output.dense.{part}"]
            renamed[f"{new}.down_norm.{part}"] = weights[f"{old}.output.LayerNorm.{part}"]
    return renamed


def begun(start: Path | None = None) -> ReaderModel:
    """Return the reader with the weights of an earlier run, or with the embedder's encoder and fresh heads."""
    model = ReaderModel()
    if start is not None:
        model.load_state_dict(load_file(start))
        return model
    model.load_state_dict(from_bert(load_file(base_folder() / "model.safetensors")), strict=False)
    fresh(model.span, model.relevance)
    return model


def fresh(*heads: nn.Linear) -> None:
    """Give heads small random weights and no bias."""
    for head in heads:
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
