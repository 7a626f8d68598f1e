"""What somebody sends → articles, one after the other, read while they are added."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from onrecord.index import sources
from onrecord.index.adding.batches import Read, Refused
from onrecord.index.errors import SourceError
from onrecord.index.records import Article
from onrecord.index.sources.readers.text import article_from_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from onrecord.api.http.routes.job_records import AddBody, UploadedFile


def from_body(body: AddBody) -> Iterator[Read]:
    """The article of a JSON body that brings its text."""
    content = body.text if body.text is not None else body.html or ""
    source = body.source or body.url or f"text:{hashlib.sha256(content.encode()).hexdigest()[:32]}"
    try:
        if body.text is not None:
            article = article_from_text(
                body.text,
                source=source,
                name=body.name,
                url=body.url,
                title=body.title,
                author=body.author,
                published=body.published,
            )
        else:
            article = _from_html(content, body, source)
    except SourceError as error:
        yield Refused(body.name, str(error))
    else:
        yield article


def from_files(files: Iterable[UploadedFile], folder: Path) -> Iterator[Read]:
    """The articles of files that were sent; a file sent again under its name replaces what it held."""
    for file in files:
        try:
            content = (folder / file.kept_as).read_bytes()
            contents = sources.read_document(sources.Document(content, source=_source(file), name=file.name))
        except SourceError as error:
            yield Refused(file.name, str(error))
            continue
        yield from contents.articles
        yield from (Refused(file.name, str(error)) for error in contents.refused)
        if contents.links and not contents.articles:
            yield Refused(file.name, "It lists addresses and holds no article. Send the `url` that it comes from.")


def replaced(files: Iterable[UploadedFile], known: Iterable[str], added: set[str]) -> list[str]:
    """The sources of what files held when they were sent before, and hold no more.

    Of a file of which nothing could be read everything stays. `added` are the sources of what was.
    """
    beginnings = [_source(file) for file in files]
    readable = [source for source in beginnings if any(_is_of(each, source) for each in added)]
    return [each for each in known if each not in added and any(_is_of(each, source) for source in readable)]


def _source(file: UploadedFile) -> str:
    return f"upload:{file.name.replace('#', '%23')}"


def _is_of(source: str, file: str) -> bool:
    return source == file or source.startswith(f"{file}#")


def _from_html(page: str, body: AddBody, source: str) -> Article:
    from onrecord.index.sources.readers.webpage import article_from_html  # noqa: PLC0415 - saves 75 ms at start-up

    read = article_from_html(page, sources.Document(page.encode(), source=source, name=body.name, url=body.url))
    return Article.create(
        source=source,
        text=read.text,
        title=body.title or read.title,
        url=body.url or read.url,
        author=body.author or read.author,
        published=body.published or read.published,
        language=read.language,
        marks=read.marks,
        pages=read.pages,
    )
