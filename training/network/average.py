"""Average the weights of two runs, of which the second went on from the first.

    python -m training.network.average FIRST SECOND --share 0.75 --out RUN

What a run unlearns while it learns something new comes back in part, and what it learnt stays in part (Wortsman et al.
2022, arXiv:2109.01903). The share of the second run is to be chosen on the calibration split.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from safetensors.numpy import load_file, save_file

WEIGHTS = "weights.safetensors"


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
    out.mkdir(parents=True, exist_ok=True)
    save_file({name: (1 - share) * value + share * other[name] for name, value in one.items()}, out / WEIGHTS)


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
