"""What a run needs to go on, on disk: written beside the old one, then renamed over it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import save_file

if TYPE_CHECKING:
    from training.train import Trainer


@dataclass(slots=True)
class State:
    """How far a run has come. ``order`` is the state of ``training.batches.Order``; ``elapsed`` is in seconds."""

    steps: int = 0
    windows: int = 0
    elapsed: float = 0.0
    order: tuple[int, int] = (0, 0)


def save_state(out: Path, trainer: "Trainer", state: State) -> None:
    """Write RUN/weights.safetensors (averaged, full precision) and RUN/state.pt (to resume from)."""
    fresh = out / "weights.new"
    save_file({name: weight.contiguous() for name, weight in trainer.weights().items()}, fresh)
    fresh.replace(out / "weights.safetensors")
    fresh = out / "state.new"
    torch.save(
        {
            "masters": [master.detach().cpu() for master in trainer.masters],
            "average": [weight.cpu() for weight in trainer.average],
            "optimizer": trainer.optimizer.state_dict(),
            "state": asdict(state),
        },
        fresh,
    )
    fresh.replace(out / "state.pt")


def load_state(out: Path, trainer: "Trainer") -> State:
    """Put a saved run back in ``trainer`` and return how far it had come.

    Raises:
        FileNotFoundError: the run has no checkpoint yet.
    """
    stored = torch.load(out / "state.pt", map_location=trainer.device, weights_only=True)
    with torch.no_grad():
        for master, saved in zip(trainer.masters, stored["masters"], strict=True):
            master.copy_(saved)
        for weight, saved in zip(trainer.average, stored["average"], strict=True):
            weight.copy_(saved)
    trainer.optimizer.load_state_dict(stored["optimizer"])
    trainer.show(trainer.masters)
    return State(**{**stored["state"], "order": tuple(stored["state"]["order"])})
