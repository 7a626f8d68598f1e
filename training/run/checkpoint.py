"""What a run needs to go on, on disk: written beside the old one, then renamed over it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor


@dataclass(slots=True)
class State:
    """How far a run has come. ``taken`` is the counter of ``training.run.batches.Order``; ``elapsed`` is in seconds."""

    steps: int = 0
    windows: int = 0
    elapsed: float = 0.0
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Learnt:
    """What changes while a run learns: full-precision weights, their running average and their optimizer."""

    masters: Sequence[Tensor]
    average: Sequence[Tensor]
    optimizer: torch.optim.Optimizer


def save_state(out: Path, learnt: Learnt, weights: Mapping[str, Tensor], state: State) -> None:
    """Write RUN/weights.safetensors (``weights``: averaged, full precision) and RUN/state.pt (to resume from)."""
    fresh = out / "weights.new"
    save_file({name: weight.contiguous() for name, weight in weights.items()}, fresh)
    fresh.replace(out / "weights.safetensors")
    fresh = out / "state.new"
    torch.save(
        {
            "masters": [master.detach().cpu() for master in learnt.masters],
            "average": [weight.cpu() for weight in learnt.average],
            "optimizer": learnt.optimizer.state_dict(),
            "state": asdict(state),
        },
        fresh,
    )
    fresh.replace(out / "state.pt")


def load_state(out: Path, learnt: Learnt) -> State:
    """Put a saved run back in ``learnt`` and return how far it had come.

    Raises:
        FileNotFoundError: the run has no checkpoint yet.
    """
    stored = torch.load(out / "state.pt", map_location=learnt.masters[0].device, weights_only=True)
    with torch.no_grad():
        for master, saved in zip(learnt.masters, stored["masters"], strict=True):
            master.copy_(saved)
        for weight, saved in zip(learnt.average, stored["average"], strict=True):
            weight.copy_(saved)
    learnt.optimizer.load_state_dict(stored["optimizer"])
    return State(**stored["state"])
