"""What the head of a page states for machines: JSON-LD and `meta`. Nothing is decided here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement as Element

_STORY = ("article", "posting", "report", "review", "recipe", "howto", "creativework")
_WRAPPED = re.compile(r"^\s*(//)?\s*<!\[CDATA\[|(//)?\s*\]\]>\s*$|^\s*<!--|-->\s*$")
_MARKUP = re.compile(r"<[^<>]*>")
_SAID = re.compile(r'"(?P<name>headline|datePublished)"\s*:\s*"(?P<value>[^"\\]+)"')
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Statements:
    """Stories that JSON-LD describes, the page that it describes, and every `meta` by its name in small letters."""

    stories: tuple[Mapping[str, Any], ...]
    page: Mapping[str, Any]
    meta: Mapping[str, tuple[str, ...]]

    def first(self, *names: str) -> str | None:
        """The first content that one of these names has."""
        return next((content for name in names for content in self.meta.get(name, ())), None)

    @property
    def site(self) -> tuple[str, ...]:
        """What the site calls itself."""
        publishers = [name for story in (*self.stories, self.page) for name in names_in(story.get("publisher"))]
        named = self.first("og:site_name", "application-name", "apple-mobile-web-app-title")
        return tuple(dict.fromkeys(filter(None, [named, *publishers])))

    @property
    def descriptions(self) -> tuple[str, ...]:
        """What it says the page is about."""
        stated = [plain(str(story.get("description") or "")) for story in self.stories]
        metas = [self.first(name) for name in ("og:description", "description", "twitter:description")]
        return tuple(dict.fromkeys(filter(None, [*metas, *stated])))


def statements(tree: Element) -> Statements:
    """Read what a page states; of what is no JSON only the little that can be told."""
    found: list[Mapping[str, Any]] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json") and script.text:
            found += _objects(_loaded(script.text))
    known = {each["@id"]: each for each in found if isinstance(each.get("@id"), str)}
    found = [{**each, "author": _resolved(each.get("author"), known)} for each in found]
    return Statements(
        tuple(each for each in found if any(kind.endswith(_STORY) for kind in _types(each))),
        next((each for each in found if any(kind.endswith("webpage") for kind in _types(each))), {}),
        _meta(tree),
    )


def names_in(value: object) -> list[str]:
    """The names of a person or organisation, or of several: strings, or objects with a `name`."""
    if isinstance(value, str):
        return [plain(value)]
    if isinstance(value, list):
        return [name for each in value for name in names_in(each)]
    if not isinstance(value, Mapping):
        return []
    if value.get("name"):
        return names_in(value["name"])
    parts = [value.get(part) for part in ("givenName", "additionalName", "familyName")]
    return [" ".join(part for part in parts if isinstance(part, str))] if any(parts) else []


def plain(text: str) -> str:
    """Text without markup and references, in one line."""
    return " ".join(_MARKUP.sub(" ", unescape(text)).split())


def kinds_of(value: object) -> tuple[str, ...]:
    """The types of an object, in small letters."""
    return _types(value) if isinstance(value, Mapping) else ()


def _loaded(script: str) -> object:
    try:
        return json.loads(_WRAPPED.sub("", script), strict=False)
    except (ValueError, RecursionError):
        # A comma too many is common. What is said first is said of the story.
        said = {found["name"]: found["value"] for found in reversed(list(_SAID.finditer(script)))}
        return {"@type": "Article", **said} if "article" in script.lower() else None


def _objects(value: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The objects at the top of JSON-LD; what is inside another (a related story, say) only where it is its subject."""
    if isinstance(value, list) and depth < _DEEPEST:
        for each in value:
            yield from _objects(each, depth + 1)
    elif isinstance(value, Mapping) and depth < _DEEPEST:
        yield value
        for inside in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(inside), depth + 1)


def _types(each: Mapping[str, Any]) -> tuple[str, ...]:
    stated = each.get("@type")
    listed = stated if isinstance(stated, list) else [stated]
    return tuple(kind.lower() for kind in listed if isinstance(kind, str))


def _resolved(value: object, known: Mapping[str, Mapping[str, Any]]) -> object:
    """A value with its references (`{"@id": …}`) replaced by what they refer to."""
    if isinstance(value, list):
        return [_resolved(each, known) for each in value]
    if isinstance(value, Mapping) and "name" not in value and isinstance(value.get("@id"), str):
        return known.get(value["@id"], value)
    return value


def _meta(tree: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = plain(element.get("content") or "")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for name in (element.get(attribute) or "").lower().split():
                if content:
                    found.setdefault(name, []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}
