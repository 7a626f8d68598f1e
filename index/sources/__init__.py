"""Files → articles: finds what a path holds and reads it with the module for its format (`index.sources.formats`).

What a file is, its bytes say; its suffix only says whether a directory's listing takes it in. URLs are fetched by
`index.sources.web.fetcher`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.sources.document import LARGEST_DOCUMENT, Contents, Document
from onrecord.index.sources.formats import HEAD, READABLE, SUFFIXES, Format, format_of, read_document
from onrecord.index.sources.readers import json_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.index.records import Article

__all__ = [
    "LARGEST_DOCUMENT",
    "Contents",
    "Document",
    "discover",
    "load",
    "load_all",
    "passed_over",
    "read_document",
    "source_of",
]


def discover(path: Path) -> list[Path]:
    """List the article files that a path stands for: itself, or every one below a directory, sorted.

    In a directory, hidden entries and files with other suffixes are passed over, and links to folders are not followed
    (`passed_over` lists them). A file that is named itself may have any suffix, as long as its bytes are of a kind that
    can be read.

    Raises:
        UnreadableSource: the path does not exist, cannot be listed, or is neither a file nor a directory.
    """
    try:
        if path.is_dir():
            return sorted(file for file in path.rglob("*") if _is_article(file, path))
        exists, is_file = path.exists(), path.is_file()
    except OSError as error:
        raise UnreadableSource(f"{path} cannot be read: {error.strerror}.", hint="Check its permissions.") from error
    if not exists:
        raise UnreadableSource(f"{path} does not exist.", hint="Give a file or a directory of articles.")
    if not is_file:
        raise UnreadableSource(f"{path} is of a kind that cannot be read.", hint=f"Readable: {READABLE}.")
    return [path]


def passed_over(path: Path) -> list[Path]:
    """The links below a directory that `discover` does not follow, sorted: to folders elsewhere, and to no file.

    What lies below the directory is found without its link.
    """
    found = []
    for folder, names, files in os.walk(path):
        below = Path(folder)
        names[:] = [name for name in names if not name.startswith(".")]
        links = [below / name for name in names if (below / name).is_symlink()]
        found += [link for link in links if not link.resolve().is_relative_to(path.resolve())]
        articles = [below / name for name in files if Path(name).suffix.lower() in SUFFIXES and name[0] != "."]
        found += [file for file in articles if file.is_symlink() and not file.exists()]
    return sorted(found)


def load(path: Path, *, root: Path | None = None) -> Article:
    """Read a file that holds one article.

    Args:
        path: the file.
        root: a file below it is known by its path from there, so that a project keeps its articles' ids wherever it
            is moved or cloned to; any other by its absolute path.

    Raises:
        SourceError: it holds no text, or several articles.
        UnreadableSource: it cannot be read, or is of a kind that cannot be.
    """
    found = list(load_all(path, root=root))
    if len(found) != 1:
        raise SourceError(f"{path} holds {len(found)} articles, not one.", hint="Read them with load_all.")
    if isinstance(found[0], SourceError):
        raise found[0]
    return found[0]


def load_all(path: Path, *, root: Path | None = None) -> Iterator[Article | SourceError]:
    """Read a file that may hold several articles: of each the article, or why it is none. For `root` see `load`.

    JSON lines are read one at a time, so such a file may be of any size.

    Raises:
        SourceError: the file holds no text.
        UnreadableSource: it cannot be read, or is of a kind that cannot be.
    """
    source = source_of(path.resolve(), root)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
            file.seek(0)
            if head and format_of(head, path.suffix.lower(), name=str(path)) is Format.JSON_LINES:
                yield from json_lines.articles(file, source=source, name=str(path))
                return
            content = file.read(LARGEST_DOCUMENT + 1)
    except OSError as error:
        raise UnreadableSource(
            f"{path} cannot be read: {error.strerror}.", hint="Check the path and its permissions."
        ) from error
    if len(content) > LARGEST_DOCUMENT:
        raise UnreadableSource(
            f"{path} is larger than {LARGEST_DOCUMENT // 1024**2} MiB.", hint="Split it into one file for each article."
        )
    contents = read_document(Document(content, source=source, name=str(path)))
    if contents.links and not contents.articles:
        raise SourceError(f"{path} lists addresses and holds no article.", hint="Index the URL it comes from.")
    yield from contents.articles
    yield from contents.refused


def source_of(path: Path, root: Path | None) -> str:
    """What the articles of a file are known by; for `root` see `load`."""
    if root is not None and path.is_relative_to(root.resolve()):
        return f"file:{path.relative_to(root.resolve()).as_posix()}"
    return path.as_uri()


def _is_article(file: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return not hidden and file.suffix.lower() in SUFFIXES and file.is_file()
