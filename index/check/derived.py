"""Whether the derived files hold exactly what the store does. Only reads, but for `remove`."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np

from onrecord.index.check.database import Finding, Remedy
from onrecord.index.records import Version
from onrecord.index.search import lexical, vectors

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.index.check.database import Checked, Searched


def check(directory: Path, checked: Checked, searched: Searched) -> list[Finding]:
    """Compare both indexes with a store; one that is not there or lags behind is no damage: opening catches it up."""
    version = Version(*checked.version)
    findings = [_check_vectors(directory / "vectors.faiss", checked.fingerprint, version, searched)]
    findings.append(_check_lexical(directory / "lexical", version, searched))
    return [Finding(f"{what} It is made again when the corpus is opened.", Remedy.DERIVED) for what in findings if what]


def remove(directory: Path) -> None:
    """Take both indexes away, so that opening makes them again."""
    (directory / "vectors.faiss").unlink(missing_ok=True)
    shutil.rmtree(directory / "lexical", ignore_errors=True)


def _check_vectors(path: Path, fingerprint: str, version: Version, searched: Searched) -> str:
    if not path.exists():
        return ""
    loaded = vectors.load(path)
    if loaded is None:
        return f"{path} is damaged."
    index, stamp = loaded
    if stamp.fingerprint != fingerprint:
        return f"{path} holds vectors of {stamp.fingerprint}."
    if stamp.version != version:
        return ""
    rows, held = index.contents()
    order = np.argsort(rows)
    if not np.array_equal(rows[order], searched.rows):
        return f"{path} holds other passages than the store."
    same = len(rows) == 0 or np.array_equal(held[order], searched.vectors)
    return "" if same else f"{path} holds other vectors than the store."


def _check_lexical(path: Path, version: Version, searched: Searched) -> str:
    if not path.exists():
        return ""
    if not lexical.exists(path):
        return f"{path} is damaged: its list of segments is not there."
    try:
        index = lexical.LexicalIndex(path)
        if index.version != version:
            return ""
        same = np.array_equal(index.rows(), searched.rows)
    except lexical.DamagedIndex as damage:
        return f"{path} is damaged: {damage}."
    return "" if same else f"{path} holds other passages than the store."
