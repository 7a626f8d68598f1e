"""Train a reader on labelled windows within a time budget.

    python -m training.run.train --data DIR --out RUN --hours 1.5 [--teacher BASE] [--resume] [--start WEIGHTS]

The learning rate follows elapsed training time, not steps, so a run ends cleanly however fast the machine is. A
checkpoint is written every few minutes, atomically; ``--resume`` goes on from it with the same order of windows.
``--start`` begins with the weights of an earlier run in place of the embedder's, and a learning rate of its own.
``--teacher`` trains the teacher (training.network.teacher) in place of the shipped reader; of it, weights are what it
learns beside its base. ``training.run.distil`` teaches the shipped reader by it.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from training.data.packed import Packed
from training.network.model import ReaderModel, Scores, begun
from training.network.teacher import TeacherModel, teacher
from training.run.batches import Batch, Order, Windows, batches
from training.run.checkpoint import Learnt, State, load_state, save_state
from training.run.monitor import report

HEADS = ("span.", "relevance.")
EMBEDDINGS = ("word.", "position.", "segment.")
"""Not decayed: a word that does not come up keeps the vector it had."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does. Learning rates are peaks; times are seconds; a chunk is in windows, a batch in padded tokens."""

    seconds: float
    encoder_rate: float = 1.5e-4
    head_rate: float = 5e-4
    warmup: float = 0.03
    weight_decay: float = 0.01
    clip: float = 1.0
    averaging: float = 0.999
    chunk: int = 1600
    tokens: int = 3072
    log_every: float = 30.0
    save_every: float = 300.0
    report_every: float = 1200.0
    seed: int = 7


def rate(progress: float, warmup: float) -> float:
    """Return the factor on the learning rate at ``progress`` in [0, 1]: linear up, then linear down to zero."""
    return progress / warmup if progress < warmup else max(0.0, (1 - progress) / (1 - warmup))


def loss_of(scores: Scores, batch: Batch, told: Tensor | None = None) -> Tensor:
    """Return span cross-entropy (over passage tokens and [CLS]) plus relevance cross-entropy, averaged over windows.

    told: which windows count, all by default. *Shape:* ``(batch,)`` bool.
    """
    counted = torch.ones_like(batch.begin, dtype=torch.bool) if told is None else told
    weights = counted.float() / counted.sum().clamp(min=1)
    spans = sum(
        cross_entropy(logits.masked_fill(~batch.allowed, -1e4), place.clamp(min=0), reduction="none") / 2
        for logits, place in ((scores.start, batch.begin), (scores.end, batch.end))
    )
    relevance = binary_cross_entropy_with_logits(scores.relevance, (batch.begin > 0).float(), reduction="none")
    return ((spans + relevance) * weights).sum()


class Trainer:
    """The model in low precision, its full-precision master weights, their optimizer and their running average."""

    def __init__(self, model: ReaderModel | TeacherModel, plan: Plan, device: torch.device) -> None:
        torch.manual_seed(plan.seed)
        torch.set_float32_matmul_precision("high")
        self.plan, self.device, self.model = plan, device, model
        self.full = {name: value.detach().clone() for name, value in self.model.named_parameters()}
        self.trained = self.model.learnt()
        for name, parameter in self.model.named_parameters():
            parameter.requires_grad_(name in self.trained)
        self.model.to(device)
        self.model.encoder_to(torch.bfloat16)
        self.masters = [self.full[name].to(device).requires_grad_() for name in self.trained]
        self.average = [master.detach().clone() for master in self.masters]
        parameters = dict(self.model.named_parameters())
        self.parameters = [parameters[name] for name in self.trained]
        self.optimizer = torch.optim.AdamW(self._groups(), betas=(0.9, 0.98), fused=True)

    def _groups(self) -> list[dict[str, object]]:
        plan = self.plan
        groups = []
        for heads in (False, True):
            for decayed in (False, True):
                chosen = [
                    master
                    for name, master in zip(self.trained, self.masters, strict=True)
                    if name.startswith(HEADS) is heads
                    and (master.dim() > 1 and not name.startswith(EMBEDDINGS)) is decayed
                ]
                peak = plan.head_rate if heads else plan.encoder_rate
                decay = plan.weight_decay if decayed else 0.0
                groups.append({"params": chosen, "lr": peak, "peak": peak, "weight_decay": decay})
        return groups

    def loss(self, batch: Batch) -> Tensor:
        """Return what is to become small."""
        return loss_of(self.model(batch.ids, batch.types, batch.mask), batch)

    def step(self, batch: Batch, progress: float, number: int) -> Tensor:
        """Learn from one batch and return its loss."""
        loss = self.loss(batch)
        torch.autograd.backward(loss)
        for master, parameter in zip(self.masters, self.parameters, strict=True):
            master.grad = parameter.grad.float() if parameter.grad is not None else None
            parameter.grad = None
        torch.nn.utils.clip_grad_norm_(self.masters, self.plan.clip)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * rate(progress, self.plan.warmup)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        decay = min(self.plan.averaging, (1 + number) / (10 + number))
        with torch.no_grad():
            torch._foreach_lerp_(self.average, self.masters, 1 - decay)
        self.show(self.masters)
        return loss.detach()

    def show(self, weights: list[Tensor]) -> None:
        """Put ``weights`` (the masters or their average) in the model."""
        with torch.no_grad():
            torch._foreach_copy_([*self.parameters], weights)

    def learnt(self) -> Learnt:
        """Return what a checkpoint holds of the training itself."""
        return Learnt(self.masters, self.average, self.optimizer)

    def weights(self) -> dict[str, Tensor]:
        """Return the averaged model in full precision: every weight of the student, what the teacher has learnt."""
        averaged = dict(zip(self.trained, (weight.cpu().clone() for weight in self.average), strict=True))
        return averaged if isinstance(self.model, TeacherModel) else self.full | averaged


class Run:
    """A run in its folder: learns chunk by chunk, and saves and reports when it is time."""

    def __init__(
        self,
        trainer: Trainer,
        windows: Packed,
        watched: Mapping[str, Packed],
        out: Path,
        *,
        resume: bool,
    ) -> None:
        self._out, self._plan, self._trainer, self._watched = out, trainer.plan, trainer, watched
        self._windows = Windows(windows, trainer.device)
        self._state = State()
        if resume:
            self._state = load_state(out, trainer.learnt())
            trainer.show(trainer.masters)
        self._order = Order(len(windows), trainer.plan.seed, self._state.taken)
        self._begun = time.monotonic() - self._state.elapsed
        self._saved = self._reported = self._logged = self._state.elapsed
        self._logged_windows = self._state.windows
        self._loss: Tensor | None = None

    def finish(self) -> None:
        """Go on until the time is spent."""
        while not self._over():
            self._learn_chunk()
            if self._over() or self._state.elapsed - self._saved > self._plan.save_every:
                save_state(self._out, self._trainer.learnt(), self._trainer.weights(), self._state)
                self._saved = self._state.elapsed
            if self._over() or self._state.elapsed - self._reported > self._plan.report_every:
                self._report()

    def _over(self) -> bool:
        return self._state.elapsed >= self._plan.seconds

    def _learn_chunk(self) -> None:
        state, plan = self._state, self._plan
        chunk = self._order.chunk(plan.chunk)
        for rows in batches(chunk, self._windows.lengths, plan.tokens, plan.seed + state.steps):
            loss = self._trainer.step(self._windows.batch(rows), state.elapsed / plan.seconds, state.steps)
            self._loss = loss if self._loss is None else self._loss.lerp(loss, 0.02)
            state.steps += 1
            state.windows += len(rows)
            state.elapsed = time.monotonic() - self._begun
            if self._over():
                break
            if state.elapsed - self._logged > plan.log_every:
                self._log()
        state.taken = self._order.taken

    def _log(self) -> None:
        state = self._state
        speed = (state.windows - self._logged_windows) / (state.elapsed - self._logged)
        progress = f"{state.elapsed:7.0f}s step {state.steps} windows {state.windows}"
        loss = float("nan") if self._loss is None else float(self._loss)
        print(f"{progress} loss {loss:.3f} {speed:.1f}/s", flush=True)
        self._logged, self._logged_windows = state.elapsed, state.windows

    def _report(self) -> None:
        state, trainer = self._state, self._trainer
        trainer.show(trainer.average)
        figures = report(trainer.model, self._watched, trainer.device)
        trainer.show(trainer.masters)
        line = json.dumps({"windows": state.windows, "seconds": round(state.elapsed)} | figures)
        print(line, flush=True)
        with (self._out / "curve.jsonl").open("a", encoding="utf-8") as curve:
            curve.write(line + "\n")
        self._begun = time.monotonic() - state.elapsed
        self._reported = self._logged = state.elapsed


def watched(data: Path) -> dict[str, Packed]:
    """Return the sets that a run is watched by, those that are there."""
    paths = {name: data / f"{name}.npz" for name in ("monitor", "dev")}
    return {name: Packed.load(path) for name, path in paths.items() if path.is_file()}


def arguments_of(parser: argparse.ArgumentParser) -> None:
    """Add what every run is told."""
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hours", type=float, required=True)
    parser.add_argument("--encoder-rate", type=float, default=Plan(0).encoder_rate)
    parser.add_argument("--head-rate", type=float, default=Plan(0).head_rate)
    parser.add_argument("--tokens", type=int, default=Plan(0).tokens, help="padded tokens in a batch")
    parser.add_argument("--seed", type=int, default=Plan(0).seed)
    parser.add_argument("--resume", action="store_true")


def plan_of(options: argparse.Namespace) -> Plan:
    """Return the plan that the command line gives, and write it to RUN/plan.json."""
    plan = Plan(
        seconds=options.hours * 3600, encoder_rate=options.encoder_rate, head_rate=options.head_rate,
        tokens=options.tokens, chunk=max(Plan(0).chunk, options.tokens // 2), seed=options.seed,
    )  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "plan.json").write_text(json.dumps(asdict(plan), indent=1) + "\n", encoding="utf-8")
    return plan


def device() -> torch.device:
    """Return a GPU where there is one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.run.train", description=__doc__)
    arguments_of(parser)
    parser.add_argument("--teacher", type=Path, help="folder of all-mpnet-base-v2: train the teacher")
    parser.add_argument("--start", type=Path, help="weights.safetensors of an earlier run to begin with")
    options = parser.parse_args(arguments)
    if options.teacher is None:
        model: ReaderModel | TeacherModel = begun(options.start)
    else:
        model = teacher(options.teacher)
        if options.start is not None:
            model.load_state_dict(load_file(options.start), strict=False)
    trainer = Trainer(model, plan_of(options), device())
    windows = Packed.load(options.data / "train.npz")
    Run(trainer, windows, watched(options.data), options.out, resume=options.resume).finish()


if __name__ == "__main__":
    main()
