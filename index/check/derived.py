"""Whether the derived files hold exactly what the store does. Only reads, but for `remove`."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np

from onrecord.index.check.database import Finding, Remedy
from onrecord.index.layout import LEXICAL, VECTORS
from onrecord.index.records import Version
from onrecord.index.search.lexical import TantivyHome
from onrecord.index.search.protocols import DamagedIndex
from onrecord.index.search.vectors import FaissHome

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.index.check.database import Checked, Searched


def verify_derived(directory: Path, checked: Checked, searched: Searched) -> list[Finding]:
    """Compare both indexes with a store; one that is not there or lags behind is no damage: opening catches it up."""
    version = Version(*checked.version)
    findings = [_check_vectors(directory, checked.fingerprint, version, searched)]
    findings.append(_check_lexical(directory, version, searched))
    return [Finding(f"{what} It is made again when the corpus is opened.", Remedy.DERIVED) for what in findings if what]


def remove(directory: Path) -> None:
    """Take both indexes away, so that opening makes them again."""
    (directory / VECTORS).unlink(missing_ok=True)
    shutil.rmtree(directory / LEXICAL, ignore_errors=True)


def _check_vectors(directory: Path, fingerprint: str, version: Version, searched: Searched) -> str:
    path = directory / VECTORS
    try:
        loaded = FaissHome().load(directory)
    except DamagedIndex:
        return f"{path} is damaged."
    if loaded is None:
        return ""
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


def _check_lexical(directory: Path, version: Version, searched: Searched) -> str:
    path = directory / LEXICAL
    if not path.exists():
        return ""
    try:
        index = TantivyHome().open(directory)
        if index is None:
            return f"{path} is damaged: its list of segments is not there."
        if index.version != version:
            return ""
        same = np.array_equal(index.rows(), searched.rows)
    except DamagedIndex as damage:
        return f"{path} is damaged: {damage}."
    return "" if same else f"{path} holds other passages than the store."
