"""Files → articles: finds what a path holds and reads it with the module for its format.

A format is one module with `SUFFIXES` and `load(path, source=…) -> Article`; adding one is a line in `_FORMATS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import UnreadableSource
from index.sources import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.records import Article

_FORMATS = (text,)
_LOADERS: dict[str, Callable[..., Article]] = {suffix: module.load for module in _FORMATS for suffix in module.SUFFIXES}
_KNOWN = ", ".join(sorted(_LOADERS))


def discover(path: Path) -> list[Path]:
    """List the article files that a path stands for: itself, or every one below a directory, sorted.

    In a directory, hidden entries and files of other kinds are passed over.

    Raises:
        UnreadableSource: the path does not exist, cannot be listed, or is a file of a kind that cannot be read.
    """
    try:
        if path.is_dir():
            return sorted(file for file in path.rglob("*") if _is_article(file, path))
        exists, is_file = path.exists(), path.is_file()
    except OSError as error:
        raise UnreadableSource(f"{path} cannot be read: {error.strerror}.", hint="Check its permissions.") from error
    if not exists:
        raise UnreadableSource(f"{path} does not exist.", hint="Give a file or a directory of articles.")
    if not is_file or path.suffix.lower() not in _LOADERS:
        raise UnreadableSource(f"{path} is of a kind that cannot be read.", hint=f"Readable: {_KNOWN}.")
    return [path]


def load(path: Path, *, root: Path | None = None) -> Article:
    """Read one article file.

    Args:
        path: the file.
        root: a file below it is known by its path from there, so that a project keeps its articles' ids wherever it
            is moved or cloned to; any other by its absolute path.

    Raises:
        SourceError: it holds no text.
        UnreadableSource: it cannot be read, or is of a kind that cannot be.
    """
    loader = _LOADERS.get(path.suffix.lower())
    if loader is None:
        raise UnreadableSource(f"{path} is of a kind that cannot be read.", hint=f"Readable: {_KNOWN}.")
    return loader(path, source=_source(path.resolve(), root))


def _source(path: Path, root: Path | None) -> str:
    if root is not None and path.is_relative_to(root.resolve()):
        return f"file:{path.relative_to(root.resolve()).as_posix()}"
    return path.as_uri()


def _is_article(file: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return not hidden and file.suffix.lower() in _LOADERS and file.is_file()
