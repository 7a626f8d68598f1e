"""Teach the shipped reader by the teacher's distributions, within a time budget.

    python -m training.run.distil --data DIR --out RUN --hours 1.5 --teacher BASE --learnt TEACHER_WEIGHTS
                                  [--start WEIGHTS] [--resume]

Hinton et al. 2015: the student's start, end and relevance are drawn to the teacher's, both softened by a temperature,
and by a lower weight to the labels where there are any. The last layer's vectors are drawn to the teacher's too, by
a projection that is thrown away (Jiao et al. 2020, TinyBERT), each of the teacher's channels scaled to unit variance
first: a few of MPNet's are a hundred times larger than the others.

Windows without labels (DIR/pairs.npz) teach as well as those with: the teacher reads each as it comes.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, log_softmax, mse_loss, softmax

from training.data.packed import Packed
from training.network import teacher as teaching
from training.network.model import WIDTH, ReaderModel, begun
from training.network.teacher import TeacherModel, teacher
from training.run.batches import Batch
from training.run.train import Plan, Run, Trainer, arguments_of, device, loss_of, plan_of, watched

TEMPERATURE = 2.0
LABELS, VECTORS = 0.3, 0.5
"""What the labels' loss, and the vectors' distance, weigh beside the teacher's distributions."""

PROJECTION_RATE = 1e-3


class Distiller(Trainer):
    """A trainer whose loss is told by a teacher."""

    def __init__(self, model: ReaderModel, master: TeacherModel, plan: Plan, device: torch.device) -> None:
        super().__init__(model, plan, device)
        self._teacher = master.to(device)
        self._teacher.encoder_to(torch.bfloat16)
        self._teacher.requires_grad_(requires_grad=False)
        self._projection = nn.Linear(WIDTH, teaching.WIDTH).to(device)
        self._projecting = torch.optim.AdamW(self._projection.parameters(), PROJECTION_RATE, fused=True)

    def loss(self, batch: Batch) -> Tensor:
        """Return what is to become small."""
        with torch.no_grad():
            shown = self._teacher.encode(batch.ids, batch.types, batch.mask)
            wanted = self._teacher.score(shown)
        hidden = self.model.encode(batch.ids, batch.types, batch.mask)
        scores = self.model.score(hidden)
        spans = sum(
            softened(made.masked_fill(~batch.allowed, -1e4), true.masked_fill(~batch.allowed, -1e4)) / 2
            for made, true in ((scores.start, wanted.start), (scores.end, wanted.end))
        )
        relevance = binary_cross_entropy_with_logits(
            scores.relevance / TEMPERATURE, torch.sigmoid(wanted.relevance / TEMPERATURE)
        )
        inside = batch.mask.bool()
        vectors = mse_loss(self._projection(hidden[inside].float()), standardized(shown[inside].float()))
        labels = loss_of(scores, batch, batch.begin >= 0)
        return TEMPERATURE**2 * (spans + relevance) + LABELS * labels + VECTORS * vectors

    def step(self, batch: Batch, progress: float, number: int) -> Tensor:
        """Learn from one batch and return its loss."""
        loss = super().step(batch, progress, number)
        self._projecting.step()
        self._projecting.zero_grad(set_to_none=True)
        return loss


def softened(told: Tensor, true: Tensor) -> Tensor:
    """Return the cross-entropy of distributions over tokens, both at ``TEMPERATURE``. *Shape:* ``(batch, length)``."""
    wanted = softmax(true / TEMPERATURE, -1)
    return -(wanted * log_softmax(told / TEMPERATURE, -1)).sum(-1).mean()


def standardized(vectors: Tensor) -> Tensor:
    """Return vectors whose channels have mean 0 and variance 1. *Shape:* ``(tokens, channels)``."""
    return (vectors - vectors.mean(0)) / (vectors.std(0) + 1e-3)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.run.distil", description=__doc__)
    arguments_of(parser)
    parser.add_argument("--teacher", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--learnt", type=Path, required=True, help="weights.safetensors of the teacher's run")
    parser.add_argument("--start", type=Path, help="weights.safetensors of an earlier run to begin with")
    options = parser.parse_args(arguments)
    model, master = begun(options.start), teacher(options.teacher)
    master.load_state_dict(load_file(options.learnt), strict=False)
    windows = Packed.load(options.data / "train.npz")
    if (options.data / "pairs.npz").is_file():
        windows = windows.and_those(Packed.load(options.data / "pairs.npz").unlabelled())
    distiller = Distiller(model, master, plan_of(options), device())
    Run(distiller, windows, watched(options.data), options.out, resume=options.resume).finish()


if __name__ == "__main__":
    main()
