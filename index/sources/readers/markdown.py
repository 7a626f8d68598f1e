"""Markdown → `Article`, by markdown-it: the text without its markup, headings marked, front matter read.

A quote then reads as the page would, without asterisks and link targets.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from onrecord.index.errors import SourceError
from onrecord.index.records import PassageKind
from onrecord.index.sources.document import Contents
from onrecord.index.sources.readers import text as plain_text
from onrecord.index.sources.readers.composition import Block, compose, tidy
from onrecord.index.sources.readers.markup.flow import fragment_blocks
from onrecord.index.sources.readers.markup.spans import plain
from onrecord.index.sources.readers.markup.tables import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onrecord.index.sources.document import Document

MOST_BRACKETS = 2_000
"""Brackets and asterisks in one paragraph that are parsed: the time grows with their square."""

_BRACKETS = re.compile(r"[\[*_~`]")
_BLANK_LINE = re.compile(r"\n\s*\n")
_WEB = ("http://", "https://")


def read(document: Document) -> Contents:
    """Read a document.

    Raises:
        UnreadableSource: it is not text, as `index.sources.readers.text.read` says.
        SourceError: it holds no text, or front matter that is no YAML.
    """
    source = plain_text.decoded(document)
    if max(len(_BRACKETS.findall(block)) for block in _BLANK_LINE.split(source)) > MOST_BRACKETS:
        return plain_text.read(document)  # parsing it would take hours, and it is no Markdown that anybody wrote
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin, inline=False).use(deflist_plugin)
    tokens = parser.parse(source)
    said = _front_matter(tokens, document.name)
    blocks = list(_blocks(tokens))
    composed = compose(blocks)
    heading = next((block.text for block in blocks[:1] if block.kind is PassageKind.HEADLINE), None)
    url = _text_of(said.get("url") or said.get("canonical_url"))
    return Contents(
        (
            plain_text.article_from_text(
                composed.text,
                source=document.source,
                name=document.stem,
                url=document.url or (url if url and url.lower().startswith(_WEB) else None),
                title=_text_of(said.get("title")) or heading,
                author=_names(said.get("author") or said.get("authors")),
                published=_day(said.get("date") or said.get("published")),
                language=_text_of(said.get("lang") or said.get("language")),
                marks=composed.marks,
            ),
        )
    )


def _front_matter(tokens: Sequence[Token], name: str) -> dict[str, Any]:
    if not tokens or tokens[0].type != "front_matter":
        return {}
    try:
        # The base loader makes nothing but strings, lists and mappings: “2024-99-99” is no error here.
        said = yaml.load(tokens[0].content, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but strings, lists and dicts
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise SourceError(f"The front matter of {name} is no YAML: {problem}.", hint="Correct or remove it.") from error
    return {str(key).lower(): value for key, value in said.items()} if isinstance(said, dict) else {}


def _text_of(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _names(value: object) -> str | None:
    """The author or authors: a string, a list of strings, or of mappings with a `name`."""
    listed = value if isinstance(value, list) else [value]
    names = [_text_of(each.get("name") if isinstance(each, dict) else each) for each in listed]
    return ", ".join(filter(None, names)) or None


def _day(value: object) -> date | None:
    """The day of a date or a time, however its clock is written."""
    try:
        return date.fromisoformat(value.strip()[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    """The paragraphs in order: headings, prose, list items with their dash or number, table rows, code."""
    row: list[str] = []
    heads = False
    marker = ""
    for before, token in pairwise((Token("", "", 0), *tokens)):
        text = tidy(plain(token.children or [])) if token.type == "inline" else ""
        match token.type:
            case "list_item_open":
                marker = f"{token.info}. " if token.info else "- "
            case "list_item_close":
                marker = ""
            case "td_open" | "th_open":
                heads = token.type == "th_open"
            case "inline" if before.type in ("td_open", "th_open"):
                row.append(text.replace("\n", " "))
            case "tr_close":
                yield from _block(joined(row), PassageKind.HEADLINE if heads else None)
                row = []
            case "inline" if before.type == "dt_open":
                asks = text.endswith("?")
                yield from _block(text if asks else "", PassageKind.HEADLINE)
                marker = "" if asks else f"{text} | ".replace("\n", " ")
            case "inline" if text:
                yield from _block(marker + text, _kind(before, token))
                marker = ""
            case "code_block" | "fence" | "html_block":
                yield from fragment_blocks(token.content) if token.type == "html_block" else _block(token.content)


def _block(text: str, kind: PassageKind | None = None) -> Iterator[Block]:
    if text.strip():
        yield Block(text.strip("\n"), kind)


def _kind(opening: Token, inline: Token) -> PassageKind | None:
    if opening.type == "heading_open":
        return PassageKind.HEADLINE
    # A paragraph that is nothing but a picture is the picture's description.
    return PassageKind.CAPTION if all(each.type == "image" for each in inline.children or []) else None
