"""Files that are replaced whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Buffer


def replace_file(path: Path, *parts: Buffer) -> None:
    """Write a file so that at every instant, a crash included, `path` holds all of the old bytes or all of the new.

    The bytes reach the disk (fsync) under another name in the same directory, then one rename swaps them in, and the
    directory is synced so that the rename itself survives. One writer at a time: the other name is always the same, so
    that crashes leave one file behind at most.

    Raises:
        OSError: the disk is full or cannot be written; the old file is untouched.
    """
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
