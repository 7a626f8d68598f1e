"""The accurate reader's model: made from base weights and deltas on first use, then kept in a cache.

Making it takes four seconds of a processor and 540 MB of memory; the file has 113 MB. Later only the file is needed:
the packages of the base weights are not looked at again. A file of another version stays where it is, since another
installation may be using it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock

from onrecord.index.atomic import replace_file
from onrecord.index.errors import ModelUnavailable
from onrecord.rag.reading.accurate.base_weights import HINT, SHA256, installed_parts, tensors
from onrecord.rag.reading.accurate.int8 import Int8Matrix, Int8Table
from onrecord.rag.reading.accurate.merging import count, merged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from onrecord.index.records import Progress
    from onrecord.rag.reading.accurate.base_weights import Array
    from onrecord.rag.reading.accurate.graph import Weight

FORMAT = 1
"""Grows with each change to merging, rounding or graph, so that files made before it are not used."""

OUTLIERS = ".outliers"
"""Ends the name of the channels of a layer's `qkv`, `up` or `down` that are not multiplied in int8."""

_STEP = "preparing the accurate reader"
_QKV = ("query", "key", "value")


def default_cache() -> Path:
    """Where prepared models are kept: `$XDG_CACHE_HOME/onrecord`, or `~/.cache/onrecord`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "onrecord"


def prepared(
    deltas: Path,
    longest: int,
    *,
    progress: Progress | None = None,
    cache: Path | None = None,
    base: Iterable[tuple[str, Array]] | None = None,
) -> Path:
    """Return the model's file, made if it is missing or damaged; other processes that want it wait meanwhile.

    Args:
        deltas: the safetensors file of what was learnt, and of outliers.
        longest: most tokens in a window.
        progress: told how many of the weights are done, if anybody is.
        cache: the folder to keep it in; by default the user's.
        base: the base weights, by default those of the installed packages.

    Raises:
        ModelUnavailable: the base weights are missing or damaged, the deltas do not fit them, or the cache cannot be
            written.
    """
    folder = default_cache() if cache is None else cache
    try:
        model = folder / f"accurate-{_key(deltas, longest)}.onnx"
        if not _intact(model):
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(model.with_suffix(".lock")):
                if not _intact(model):
                    _make(model, deltas, longest, tensors(installed_parts()) if base is None else base, progress)
    except OSError as error:
        raise ModelUnavailable(
            f"The accurate reader cannot be prepared in {folder}: {error.strerror or error}.",
            hint="It needs 115 MB there; set XDG_CACHE_HOME to a folder that can be written.",
        ) from error
    return model


def small(name: str, value: Array, outliers: Mapping[str, NDArray[np.integer]]) -> Weight:
    """A weight as it is stored: words and the layers' matrices in int8, the rest, heads above all, as it is.

    Args:
        name: as `rag.reading.accurate.merging` names it.
        value: the weight.
        outliers: channels that are not multiplied in int8, by `layers.N.qkv`, `layers.N.up` and `layers.N.down`.
    """
    if name == "word":
        return Int8Table.of(value)
    if not name.startswith("layers.") or value.ndim == 1:
        return value
    layer, _, part = name.rpartition(".")
    return Int8Matrix.of(value, outliers.get(f"{layer}.{'qkv' if part in _QKV else part}"))


def _make(
    model: Path, deltas: Path, longest: int, base: Iterable[tuple[str, Array]], progress: Progress | None
) -> None:
    try:
        from safetensors.numpy import load_file  # noqa: PLC0415 - only where a model is made

        from onrecord.rag.reading.accurate.graph import build  # noqa: PLC0415 - it brings onnx, which the extra installs
    except ImportError as error:
        raise ModelUnavailable(f"The accurate reader cannot be prepared: {error}.", hint=HINT) from error
    stored = load_file(deltas)
    outliers = {name.removesuffix(OUTLIERS): value for name, value in stored.items() if name.endswith(OUTLIERS)}
    learnt = {name: value.astype(np.float32) for name, value in stored.items() if not name.endswith(OUTLIERS)}
    total = count(learnt)
    weights: dict[str, Weight] = {}
    for name, value in merged(base, learnt):
        weights[name] = small(name, value, outliers)
        if progress is not None:
            progress(_STEP, len(weights), total)
    try:
        content = build(weights, longest).SerializeToString()
    except KeyError as error:
        raise ModelUnavailable(f"The accurate reader's weights are not complete: {error} is missing.") from error
    # The model first: one without its digest counts as damaged.
    replace_file(model, content)
    replace_file(_digest_file(model), hashlib.sha256(content).hexdigest().encode())


def _intact(model: Path) -> bool:
    """Whether the file is there and whole: its digest was written after it."""
    try:
        return _digest_file(model).read_bytes() == _sha256(model).encode()
    except FileNotFoundError:
        return False


def _digest_file(model: Path) -> Path:
    return model.with_suffix(".sha256")


def _key(deltas: Path, longest: int) -> str:
    return hashlib.sha256(f"{FORMAT} {longest} {SHA256} {_sha256(deltas)}".encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
