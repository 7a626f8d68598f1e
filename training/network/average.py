"""Average the weights of two runs, of which the second went on from the first.

    python -m training.network.average FIRST SECOND --share 0.75 --out RUN

What a run unlearns while it learns something new comes back in part, and what it learnt stays in part (Wortsman et al.
2022, arXiv:2109.01903). The share of the second run is to be chosen on the calibration split. Of a teacher's deltas
the products are averaged, each cut again to the rank that it had.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

WEIGHTS = "weights.safetensors"
DOWN, UP = ".down", ".up"

Array = NDArray[np.float32]


def average(first: Path, second: Path, share: float, out: Path) -> None:
    """Write OUT/weights.safetensors: ``share`` of the second run's weights, the rest of the first's.

    Raises:
        ValueError: the share is not in [0, 1], or the runs are of different models.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"the share is {share}: give one from 0, the first run, to 1, the second")
    one, other = load_file(first / WEIGHTS), load_file(second / WEIGHTS)
    if {name: value.shape for name, value in one.items()} != {name: value.shape for name, value in other.items()}:
        raise ValueError(f"{first} and {second} hold weights of different models")
    made: dict[str, Array] = {
        name: ((1 - share) * value + share * other[name]).astype(np.float32) for name, value in one.items()
    }
    for name in one:
        place = name.removesuffix(UP)
        if name.endswith(UP) and place + DOWN in one:
            made[place + UP], made[place + DOWN] = _averaged_product(one, other, place, share)
    out.mkdir(parents=True, exist_ok=True)
    save_file(made, out / WEIGHTS)


def _averaged_product(
    one: Mapping[str, Array], other: Mapping[str, Array], place: str, share: float
) -> tuple[Array, Array]:
    """Return the matrices nearest to the average of products. *Shapes:* ``(outputs, rank)``, ``(rank, inputs)``."""
    up = np.concatenate([(1 - share) * one[place + UP], share * other[place + UP]], axis=1)
    down = np.concatenate([one[place + DOWN], other[place + DOWN]])
    left, above = np.linalg.qr(up)
    right, below = np.linalg.qr(down.T)
    inner_left, strengths, inner_right = np.linalg.svd(above @ below.T)
    rank = one[place + DOWN].shape[0]
    root = np.sqrt(strengths[:rank])
    averaged_up: Array = np.ascontiguousarray((left @ inner_left[:, :rank]) * root).astype(np.float32)
    averaged_down: Array = np.ascontiguousarray((inner_right[:rank] * root[:, None]) @ right.T).astype(np.float32)
    return averaged_up, averaged_down


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.network.average", description=__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--share", type=float, required=True, help="of the second run, from 0 to 1")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    average(options.first, options.second, options.share, options.out)


if __name__ == "__main__":
    main()
