"""Measures what the first `make` puts on disk: the virtual environment, and the part of it that is PyTorch.

.venv/bin/python -m benchmarks.environment [--figures docs/figures.json]
"""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

from benchmarks import figures

GIB = 1024**3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    figures.add_option(parser)
    options = parser.parse_args()
    torch = find_spec("torch")
    if torch is None or torch.origin is None:
        parser.error("PyTorch is not installed")
    values = {"all_gib": _gib(Path(sys.prefix)), "torch_gib": _gib(Path(torch.origin).parent)}
    print(f"all of {sys.prefix} {values['all_gib']} GiB   PyTorch {values['torch_gib']} GiB")
    if options.figures:
        figures.record(options.figures, "environment", values, command="python -m benchmarks.environment")


def _gib(folder: Path) -> float:
    sizes = (path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return round(sum(sizes) / GIB, 1)


if __name__ == "__main__":
    main()
