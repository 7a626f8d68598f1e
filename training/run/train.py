"""Train the reader within a time budget.

    python -m training.run.train --data DIR --out RUN --hours 1.5 [--teacher BASE] [--resume] [--start WEIGHTS]

The learning rate follows elapsed training time, not steps, so a run ends cleanly however fast the machine is. A
checkpoint is written every few minutes, atomically; ``--resume`` goes on from it with the same order of windows.
``--start`` begins with the weights of an earlier run in place of the embedder's, and a learning rate of its own.
``--teacher`` trains the teacher (training.network.teacher) in place of the shipped reader; of it, weights are what it
learns beside its base.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from training.data.packed import Packed
from training.network.model import Scores, student
from training.network.teacher import TeacherModel, teacher
from training.run.batches import Batch, Order, batches
from training.run.checkpoint import Learnt, State, load_state, save_state
from training.run.monitor import report


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does. Learning rates are peaks; times are seconds.

    Of short windows a step teaches most, so there are few long ones at first (``long_shares``) and more later.
    """

    seconds: float
    encoder_rate: float = 1.5e-4
    head_rate: float = 5e-4
    warmup: float = 0.03
    weight_decay: float = 0.01
    clip: float = 1.0
    averaging: float = 0.999
    chunk: int = 1600
    tokens: int = 3072
    long_shares: tuple[float, float] = (0.10, 0.40)
    log_every: float = 30.0
    save_every: float = 300.0
    report_every: float = 1200.0
    seed: int = 7


def rate(progress: float, warmup: float) -> float:
    """Return the factor on the learning rate at ``progress`` in [0, 1]: linear up, then linear down to zero."""
    return progress / warmup if progress < warmup else max(0.0, (1 - progress) / (1 - warmup))


def long_share(progress: float, shares: tuple[float, float]) -> float:
    """Return the share of long windows in a chunk: the first for three fifths of a run, then the second."""
    return shares[0] if progress < 0.6 else shares[1]


def loss_of(scores: Scores, batch: Batch) -> Tensor:
    """Return span cross-entropy (over passage tokens and [CLS]) plus relevance cross-entropy, averaged over windows."""
    start = scores.start.masked_fill(~batch.allowed, -1e4)
    end = scores.end.masked_fill(~batch.allowed, -1e4)
    spans = (cross_entropy(start, batch.begin) + cross_entropy(end, batch.end)) / 2
    relevance = binary_cross_entropy_with_logits(scores.relevance, (batch.begin > 0).float())
    return spans + relevance


class Trainer:
    """The model in low precision, its full-precision master weights, their optimizer and their running average."""

    def __init__(
        self, plan: Plan, device: torch.device, *, base: Path | None = None, start: Path | None = None
    ) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.device = plan, device
        self.model = student() if base is None else teacher(base)
        if start is not None:
            self.model.load_state_dict(load_file(start), strict=base is None)
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
                    if name.startswith(("span.", "relevance.")) is heads and (master.dim() > 1) is decayed
                ]
                peak = plan.head_rate if heads else plan.encoder_rate
                decay = plan.weight_decay if decayed else 0.0
                groups.append({"params": chosen, "lr": peak, "peak": peak, "weight_decay": decay})
        return groups

    def step(self, batch: Batch, progress: float, number: int) -> float:
        """Learn from one batch and return its loss."""
        loss = loss_of(self.model(batch.ids, batch.types, batch.mask), batch)
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
        return float(loss.detach())

    def show(self, weights: list[Tensor]) -> None:
        """Put ``weights`` (the masters or their average) in the model."""
        with torch.no_grad():
            for parameter, weight in zip(self.parameters, weights, strict=True):
                parameter.copy_(weight)

    def learnt(self) -> Learnt:
        """Return what a checkpoint holds of the training itself."""
        return Learnt(self.masters, self.average, self.optimizer)

    def weights(self) -> dict[str, Tensor]:
        """Return the averaged model in full precision: every weight of the student, what the teacher has learnt."""
        averaged = dict(zip(self.trained, (weight.cpu().clone() for weight in self.average), strict=True))
        return averaged if isinstance(self.model, TeacherModel) else self.full | averaged


class Run:
    """A run in its folder: learns chunk by chunk, and saves and reports when it is time."""

    def __init__(  # noqa: PLR0913 - one keyword for each choice
        self, data: Path, out: Path, plan: Plan, *, resume: bool, base: Path | None = None, start: Path | None = None
    ) -> None:
        self._out, self._plan = out, plan
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._windows = Packed.load(data / "train.npz")
        self._watched = {
            name: Packed.load(path)
            for name in ("monitor", "written", "dev")
            if (path := data / f"{name}.npz").is_file()
        }
        self._trainer = Trainer(plan, self._device, base=base, start=start)
        self._state = State()
        if resume:
            self._state = load_state(out, self._trainer.learnt())
            self._trainer.show(self._trainer.masters)
        self._order = Order(self._windows.lengths(), plan.seed, self._state.order)
        self._begun = time.monotonic() - self._state.elapsed
        self._saved = self._reported = self._logged = self._state.elapsed
        self._logged_windows = self._state.windows
        self._loss = 0.0

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
        chunk = self._order.chunk(plan.chunk, long_share(state.elapsed / plan.seconds, plan.long_shares))
        for rows in batches(chunk, self._windows, plan.tokens, plan.seed + state.steps):
            batch = Batch.of(self._windows, rows, self._device)
            loss = self._trainer.step(batch, state.elapsed / plan.seconds, state.steps)
            self._loss = loss if not self._loss else 0.98 * self._loss + 0.02 * loss
            state.steps += 1
            state.windows += len(rows)
            state.elapsed = time.monotonic() - self._begun
            if self._over():
                break
            if state.elapsed - self._logged > plan.log_every:
                self._log()
        state.order = self._order.state()

    def _log(self) -> None:
        state = self._state
        speed = (state.windows - self._logged_windows) / (state.elapsed - self._logged)
        progress = f"{state.elapsed:7.0f}s step {state.steps} windows {state.windows}"
        print(f"{progress} loss {self._loss:.3f} {speed:.1f}/s", flush=True)
        self._logged, self._logged_windows = state.elapsed, state.windows

    def _report(self) -> None:
        state, trainer = self._state, self._trainer
        trainer.show(trainer.average)
        figures = report(trainer.model, self._watched, self._device)
        trainer.show(trainer.masters)
        line = json.dumps({"windows": state.windows, "seconds": round(state.elapsed)} | figures)
        print(line, flush=True)
        with (self._out / "curve.jsonl").open("a", encoding="utf-8") as curve:
            curve.write(line + "\n")
        state.elapsed = time.monotonic() - self._begun
        self._reported = self._logged = state.elapsed


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.run.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hours", type=float, required=True)
    parser.add_argument("--teacher", type=Path, help="folder of all-mpnet-base-v2: train the teacher")
    parser.add_argument("--start", type=Path, help="weights.safetensors of an earlier run to begin with")
    parser.add_argument("--encoder-rate", type=float, default=Plan(0).encoder_rate)
    parser.add_argument("--head-rate", type=float, default=Plan(0).head_rate)
    parser.add_argument("--long-share", type=float, help="share of windows over 112 tokens, all the time")
    parser.add_argument("--tokens", type=int, default=Plan(0).tokens, help="padded tokens in a batch")
    parser.add_argument("--seed", type=int, default=Plan(0).seed)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args(arguments)
    long = Plan(0).long_shares if options.long_share is None else (options.long_share, options.long_share)
    plan = Plan(
        seconds=options.hours * 3600, encoder_rate=options.encoder_rate, head_rate=options.head_rate,
        tokens=options.tokens, long_shares=long, seed=options.seed,
    )  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "plan.json").write_text(json.dumps(asdict(plan), indent=1) + "\n", encoding="utf-8")
    Run(options.data, options.out, plan, resume=options.resume, base=options.teacher, start=options.start).finish()


if __name__ == "__main__":
    main()
