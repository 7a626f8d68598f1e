"""The summary between a story's headline and its first paragraph, by whatever name: standfirst, deck, lede.

It is told by its place and by what it is: called so, or what the page gives as its description, or a sentence set as a
second headline.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onrecord.index.records import PassageKind
from onrecord.index.sources.readers.page.text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement as Element

    from onrecord.index.sources.readers.page.statements import Statements

LONGEST_SUMMARY = 1_000
SHORTEST_SENTENCE = 40
SHORTEST_PARAGRAPH = 80
LONGEST_HEADING = 90
MOST_PARAGRAPHS = 2
"""Paragraphs that may stand before a summary: a picture's caption, a byline with a biography."""

_CALLED = re.compile(
    r"(^|[-_\s])(standfirst|dek|deck|lede|subtitle|sub-?title|sub-?head(line|ing)?|(article|story)-summary|summary|excerpt"
    r"|description|tagline|sapo|chapo|intro(duction)?|abstract|strapline|lead(-?(text|paragraph|in))?|teaser(-?text)?"
    r"|ingress|preamble|vorspann)($|[-_\s])",
    re.IGNORECASE,
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("p", *_HEADINGS, "div", "span", "strong", "b", "em", "li", "td", "blockquote", "section")
_OUTSIDE = frozenset({"nav", "aside", "footer", "figure", "li", "a", "button", "form"})
_INLINE = frozenset(
    ["a", "abbr", "b", "br", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u", "time"]
)
_STATEMENT = re.compile(r"[.!…][\"'”’»)]*$")
_WORD = re.compile(r"\w+")


def standfirsts(tree: Element, said: Statements, title: str | None) -> Iterator[tuple[Element, PassageKind | None]]:
    """Find the summaries of a page's story. Those that say something are made paragraphs, and body."""
    descriptions = [_folded(each) for each in said.descriptions]
    paragraphs = 0
    previous: Element | None = None
    behind = False
    found: list[Element] = []
    for element in tree.iter(*_BLOCKS):
        if element.tag == "h1" or (element.tag in _HEADINGS and text_of(element) == title):
            behind, paragraphs, previous = True, 0, element
            continue
        if paragraphs > MOST_PARAGRAPHS:
            return
        if not behind or not _is_one(element) or any(outer in found for outer in element.iterancestors()):
            continue
        if not (text := text_of(element)):
            continue
        if len(text) <= LONGEST_SUMMARY and not any(outer.tag in _OUTSIDE for outer in element.iterancestors()):
            after_title = previous is not None and previous.tag in _HEADINGS
            if _is_called(element) or _is_description(text, descriptions) or (after_title and _is_deck(element, text)):
                found.append(element)
                if len(text) >= SHORTEST_SENTENCE:
                    element.tag = "p"
                yield element, PassageKind.BODY if len(text) >= SHORTEST_SENTENCE else None
                continue
        if element.tag == "p" and len(text) >= SHORTEST_PARAGRAPH:
            paragraphs += 1
        previous = element


def _is_one(element: Element) -> bool:
    """Whether an element is one paragraph: nothing but words in it."""
    return all(inside.tag in _INLINE for inside in element.iterdescendants() if isinstance(inside.tag, str))


def _is_called(element: Element) -> bool:
    outer = element.getparent()
    own = [element, outer] if outer is not None and len(outer) == 1 else [element]
    named = " ".join(f"{each.get('class') or ''} {each.get('id') or ''} {each.get('itemprop') or ''}" for each in own)
    return bool(_CALLED.search(named))


def _is_description(text: str, descriptions: list[str]) -> bool:
    """Whether a text is what the page gives as its description, which may be cut off."""
    folded = _folded(text)
    return len(text) >= SHORTEST_SENTENCE and any(
        folded == each or (len(each) >= SHORTEST_SENTENCE and (folded.startswith(each) or each.startswith(folded)))
        for each in descriptions
    )


def _is_deck(element: Element, text: str) -> bool:
    """Whether a heading right below the headline is a sentence, and so none."""
    if element.tag not in _HEADINGS or len(text) < SHORTEST_SENTENCE:
        return False
    return bool(_STATEMENT.search(text)) or len(text) > LONGEST_HEADING


def _folded(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))
