"""What kind a document is, told from its bytes, and which module reads it.

The suffix decides only between kinds that look alike: Markdown and plain text. A format is one module with
`read(document) -> Contents`; it is imported, and its library with it, when the first document of its kind comes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from importlib import import_module
from typing import Protocol, cast

from onrecord.index.errors import UnreadableSource
from onrecord.index.sources.charset import decode
from onrecord.index.sources.document import LARGEST_DOCUMENT, Contents, Document
from onrecord.index.sources.packed import GZIP_MAGIC, gunzip

HEAD = 8 * 1024
"""Bytes from the beginning that tell what kind a document is."""


class Format(StrEnum):
    """The kinds of documents that can be read."""

    TEXT = "plain text"
    MARKDOWN = "Markdown"
    HTML = "HTML"
    PDF = "PDF"
    WORD = "Word (.docx)"
    MAIL = "mail"
    JSON_LINES = "JSON lines"
    FEED = "feed"
    SITEMAP = "sitemap"


class _Module(Protocol):
    """The one interface of all modules in `index.sources.readers`, which is why each of them has a `read`."""

    def read(self, document: Document) -> Contents:
        """Read a document of the module's kind.

        Raises:
            UnreadableSource: it is damaged, locked, or not of that kind.
            SourceError: it holds no text.
        """


_MODULES = {
    Format.TEXT: "text",
    Format.MARKDOWN: "markdown",
    Format.HTML: "webpage",
    Format.PDF: "pdf",
    Format.WORD: "word",
    Format.MAIL: "mail.message",
    Format.JSON_LINES: "json_lines",
    Format.FEED: "feed",
    Format.SITEMAP: "sitemap",
}

SUFFIXES = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".pdf": Format.PDF,
    ".docx": Format.WORD,
    ".eml": Format.MAIL,
    ".mht": Format.MAIL,
    ".mhtml": Format.MAIL,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
    ".rss": Format.FEED,
    ".atom": Format.FEED,
}
"""Suffixes by which the articles in a directory are known."""

READABLE = ", ".join(sorted(SUFFIXES))

_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
_EPUB = b"mimetypeapplication/epub+zip"
_NOT_READ = (
    (b"\xd0\xcf\x11\xe0", "an old Office file", "Save it as .docx or PDF first."),
    (b"{\\rtf", "a rich text file", "Save it as .docx or PDF first."),
    (b"\x89PNG", "a picture", "Only text is read."),
    (b"\xff\xd8\xff", "a picture", "Only text is read."),
    (b"GIF8", "a picture", "Only text is read."),
    (b"RIFF", "a picture or a recording", "Only text is read."),
    (b"ID3", "a recording", "Only text is read."),
    (b"SQLite format 3\0", "a database", "Export its articles as JSON lines."),
    (b"\x7fELF", "a program", "Only text is read."),
)
_XML_LEAD = re.compile(
    r"(<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE(?!\s+html)[^>\[]*(\[.*?\])?\s*>\s*)+", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s/>]")
_ROOTS = {
    "rss": Format.FEED,
    "feed": Format.FEED,
    "RDF": Format.FEED,
    "urlset": Format.SITEMAP,
    "sitemapindex": Format.SITEMAP,
}
_TAGS = (
    r"(!doctype\s+html|html|head|body|title|meta|link|script|style|article|main|section|header|nav|div|p|h[1-6]|table|ul"
    r"|ol|figure|blockquote|span|a|b|i|em|strong|br|hr|img|pre)\b[^<]*>"
)
_HTML_START = re.compile(rf"<{_TAGS}", re.IGNORECASE)
_HTML_INSIDE = re.compile(rf"</?{_TAGS}", re.IGNORECASE)
_JSON_LINE = re.compile(r'\{\s*"[^"\n]+"\s*:')
_FRONT_MATTER_KEY = re.compile(r"(title|author|authors|date)[ \t]*:", re.IGNORECASE)
_WORD = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]|[^\W\d_]{2}\S*")
_CONTROL = re.compile(r"[\x01-\x06\x0e-\x19\x1c-\x1f\x7f]")
_ENVELOPE = re.compile(r"From \S+ .*\d\d:\d\d.*\d{4}")
_MAIL_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]*):")
_MAIL_MACHINERY = frozenset({"mime-version", "message-id", "received", "return-path", "delivered-to", "content-type"})
_MAIL_HEAD = frozenset({"from", "to", "subject", "date"})


def format_of(head: bytes, suffix: str, *, name: str) -> Format:
    """Tell what kind a document is from its first bytes (`HEAD` of them are enough).

    Raises:
        UnreadableSource: it is of a kind that cannot be read.
    """
    if head.lstrip().startswith(_PDF) or (suffix == ".pdf" and _PDF in head[:1024]):
        return Format.PDF
    if head.startswith(_ZIP):
        return _packed_format(head, name)
    for magic, what, hint in _NOT_READ:
        if head.startswith(magic):
            raise UnreadableSource(f"{name} is {what}.", hint=hint)
    text = decode(head, cut=True).lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        return _markup_format(text, name)
    if _JSON_LINE.match(text):
        return Format.JSON_LINES
    if suffix == ".json" and text.startswith(("{", "[")):
        raise UnreadableSource(
            f"{name} is JSON, but not one article a line.", hint="See docs/sources.md for JSON lines."
        )
    if _is_mail(text, sure=SUFFIXES.get(suffix) is Format.MAIL):
        return Format.MAIL
    return _text_format(text, suffix, name)


def read_document(document: Document) -> Contents:
    """Read a document with the module for its kind.

    Raises:
        UnreadableSource: it is damaged, locked, or of a kind that cannot be read.
        SourceError: it holds no text.
    """
    if document.content.startswith(GZIP_MAGIC):
        unpacked = gunzip(document.content, limit=LARGEST_DOCUMENT, name=document.name)
        document = replace(document, content=unpacked, name=document.name.removesuffix(".gz"))
    kind = format_of(document.content[:HEAD], document.suffix, name=document.name)
    # Imported here, so that no process loads the library of a kind that it never meets.
    module = cast("_Module", import_module(f"onrecord.index.sources.readers.{_MODULES[kind]}"))
    return module.read(document)


def _text_format(text: str, suffix: str, name: str) -> Format:
    if SUFFIXES.get(suffix) is Format.HTML and _HTML_INSIDE.search(text):
        return Format.HTML
    if SUFFIXES.get(suffix) is Format.MARKDOWN or _has_front_matter(text):
        return Format.MARKDOWN
    if suffix and suffix not in SUFFIXES and not _reads_as_text(text):
        raise UnreadableSource(f"{name} is of no kind that can be read.", hint=f"Readable: {READABLE}.")
    return Format.TEXT


def _packed_format(head: bytes, name: str) -> Format:
    if _EPUB in head:
        raise UnreadableSource(f"{name} is an e-book.", hint="Convert it to HTML or text first, a chapter a file.")
    if b"[Content_Types].xml" in head or b"word/" in head or b"_rels/" in head:
        return Format.WORD
    raise UnreadableSource(f"{name} is an archive.", hint="Unpack it and index the directory.")


def _markup_format(text: str, name: str) -> Format:
    lead = _XML_LEAD.match(text)
    body = text[lead.end() :] if lead else text
    root = _ROOT.match(body)
    if root and root[1] in _ROOTS:
        return _ROOTS[root[1]]
    if _HTML_START.match(body):
        return Format.HTML
    if text.startswith("<?xml"):
        raise UnreadableSource(
            f"{name} is XML, but neither a feed, a sitemap nor XHTML.", hint="Convert it to HTML or text first."
        )
    return Format.TEXT


def _is_mail(text: str, *, sure: bool) -> bool:
    """Whether a text begins with the header of a mail; `sure` where its name says so, so that less is enough."""
    fields = set()
    lines = text.splitlines()
    lines = lines[1:] if _ENVELOPE.match(lines[0] if lines else "") else lines
    for line in lines[:-1] or lines:
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        field = _MAIL_FIELD.match(line)
        if not field:
            return False
        fields.add(field[1].lower())
    return bool(fields & _MAIL_HEAD) and (sure or (len(fields & _MAIL_HEAD) > 1 and bool(fields & _MAIL_MACHINERY)))


def _reads_as_text(text: str) -> bool:
    """Whether bytes that decode are words: more than one, and without what controls machines."""
    return len(_WORD.findall(text)) > 1 and not _CONTROL.search(text)


def _has_front_matter(text: str) -> bool:
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != "---":
        return False
    end = next((i for i, line in enumerate(lines[1:], start=1) if line.rstrip() in ("---", "...")), 0)
    return any(_FRONT_MATTER_KEY.match(line) for line in lines[1:end])
