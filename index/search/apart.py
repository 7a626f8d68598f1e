"""Derived indexes of a data directory that cannot be written: a folder of links, in which they can be caught up."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from onrecord.index.errors import StoreError
from onrecord.index.layout import LEXICAL, VECTORS

_CHANGES_IN_PLACE = (".json",)
"""Files that the next commit replaces; all others stay as they are, or go."""


def linked_apart(directory: Path) -> TemporaryDirectory[str]:
    """Make a folder that holds what is derived in a data directory, until it is cleaned up.

    Only small files are copied.

    Raises:
        StoreError: no folder for temporary files can be written.
    """
    try:
        folder = TemporaryDirectory(prefix="onrecord-", ignore_cleanup_errors=True)
        made = Path(folder.name)
        (made / LEXICAL).mkdir()
        for file in (directory / VECTORS, *(directory / LEXICAL).glob("*")):
            if not file.is_file() or file.suffix == ".lock":
                continue
            copy = made / file.relative_to(directory)
            if file.suffix in _CHANGES_IN_PLACE:
                shutil.copyfile(file, copy)
            else:
                copy.symlink_to(file.absolute())
    except OSError as error:
        raise StoreError(
            f"{directory} cannot be written, and no temporary files can be: {error.strerror}.",
            hint="Give a folder for these: TMPDIR=/somewhere onrecord …",
        ) from error
    return folder
