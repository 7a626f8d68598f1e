"""Watches a run: figures on held-out windows, counted in tokens, good enough for a learning curve."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from onrecord.rag.evaluation import reliability
from onrecord.rag.reading.spans import LONGEST_SPAN
from training.data.packed import Packed
from training.run.batches import Windows, batches


def report(model: nn.Module, watched: Mapping[str, Packed], device: torch.device) -> dict[str, float]:
    """Return each set's F1 over tokens of answerable windows, and AUROC of relevance and of the span's margin."""
    line: dict[str, float] = {}
    for name, windows in watched.items():
        f1, relevance, margin, answerable = _read(model, windows, device)
        line[f"{name}_f1"] = round(100 * float(f1[answerable].mean()), 2)
        line[f"{name}_auroc_relevance"] = round(auroc(relevance, answerable), 4)
        line[f"{name}_auroc_margin"] = round(auroc(margin, answerable), 4)
    return line


def auroc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve, ties counting half. *Shape:* both ``(n,)``."""
    return float(reliability.auroc(scores, positive.astype(float), np.ones((1, len(scores))))[0])


def _read(
    model: nn.Module, windows: Packed, device: torch.device
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    count = len(windows)
    f1, relevance, margin = np.zeros(count), np.zeros(count), np.zeros(count)
    answerable = windows.begin > 0
    gathered = Windows(windows, device)
    with torch.no_grad():
        for rows in batches(np.arange(count), windows.lengths(), 4096, 0):
            batch = gathered.batch(rows)
            scores = model(batch.ids, batch.types, batch.mask)
            start, end = scores.start.float(), scores.end.float()
            relevance[rows] = scores.relevance.float().cpu().numpy()
            null = start[:, 0] + end[:, 0]
            allowed = batch.allowed.clone()
            allowed[:, 0] = False
            pairs = start.masked_fill(~allowed, -1e4)[:, :, None] + end.masked_fill(~allowed, -1e4)[:, None, :]
            length = pairs.shape[1]
            band = torch.ones(length, length, dtype=torch.bool, device=device).triu().tril(LONGEST_SPAN - 1)
            best, place = pairs.masked_fill(~band, -1e9).flatten(1).max(1)
            margin[rows] = (best - null).cpu().numpy()
            first, last = (place // length).cpu().numpy(), (place % length).cpu().numpy()
            shared = np.minimum(last, windows.end[rows]) - np.maximum(first, windows.begin[rows]) + 1
            total = (last - first + 1) + (windows.end[rows] - windows.begin[rows] + 1)
            f1[rows] = 2 * np.maximum(shared, 0) / total
    return f1, relevance, margin, answerable
