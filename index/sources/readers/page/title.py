"""A page's title: the heading that it shows, where that is alike what it states, and never the name of its site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from onrecord.index.sources.readers.page.statements import plain
from onrecord.index.sources.readers.page.text import text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from lxml.html import HtmlElement as Element

    from onrecord.index.sources.readers.page.statements import Statements

ALIKE = 0.5
"""How much of the words of a heading and a stated title must be the same for the heading to be its title."""
SHORTEST_SITE = 5

_WORD = re.compile(r"\w+")
_SEPARATOR = re.compile(r"\s+[|–—·•:»«›‹~⁄*-]+\s+|\s*[|»«]\s*")
_HEADLINE = re.compile(
    r"(^|[-_\s])(headline|(entry|post|article|story|page|main)[-_]*(title|heading))($|[-_\s])", re.IGNORECASE
)
_MASTHEAD = re.compile(
    r"(^|[-_\s])((site|blog)-?(title|name|logo|brand(ing)?|heading)|logo|masthead|navbar-brand)($|[-_\s])",
    re.IGNORECASE,
)


def title_of(tree: Element, said: Statements, url: str | None) -> str | None:
    """The title of a page, None where it has none."""
    stated = _stated(tree, said)
    mastheads = [each for each in tree.iter("h1") if _is_masthead(each, stated)]
    named = (*said.site, *_host(url), *map(text_of, mastheads))
    site = {_folded(name) for name in named if name} - {""}
    headings = [
        each for each in tree.iter("h1", "h2", "h3") if each not in mastheads and _folded(text_of(each)) not in site
    ]
    stated = [title for title in stated if _folded(title) not in site]
    for title in stated:
        if shown := _shown(title, headings):
            return shown
    if stated:
        return _without_site(stated[0], site)
    return next((text for each in headings if each.tag == "h1" and (text := text_of(each))), None)


def _stated(tree: Element, said: Statements) -> list[str]:
    headlines = [plain(str(story.get("headline") or "")) for story in said.stories[:1]]
    metas = [said.first(name) for name in ("og:title", "twitter:title", "citation_title", "dc.title", "title")]
    element = tree.find(".//head/title")
    whole = text_of(element) if element is not None else ""
    return list(dict.fromkeys(filter(None, [*headlines, *metas, whole])))


def _is_masthead(heading: Element, stated: Sequence[str]) -> bool:
    """Whether a heading is the site's: it leads to the front page, is called so, or ends what the page is titled."""
    outer = list(heading.iterancestors())
    titles = {_folded(part) for title in stated for part in (title, _SEPARATOR.split(title)[0])}
    if any(each.tag in ("article", "main") for each in outer) or _folded(text_of(heading)) in titles:
        return False
    if any(_MASTHEAD.search(f"{each.get('class') or ''} {each.get('id') or ''}") for each in (heading, *outer[:1])):
        return True
    links = [urlsplit((link.get("href") or "").strip()).path for link in heading.iter("a")]
    if links and all(path in ("", "/") for path in links):
        return True
    ends = {_folded(_SEPARATOR.split(title)[-1]) for title in stated if _SEPARATOR.search(title)}
    return any(each.tag == "header" for each in outer) and _folded(text_of(heading)) in ends


def _shown(title: str, headings: Iterable[Element]) -> str | None:
    """The heading that says what a stated title says, if the page shows one: one of its parts, or much of its words."""
    wanted = set(_WORD.findall(title.casefold()))
    parts = {_folded(part) for part in (title, *_SEPARATOR.split(title))} - {""}
    best, most = None, 0.0
    for heading in headings:
        text = text_of(heading)
        words = set(_WORD.findall(text.casefold()))
        first = heading.tag == "h1" or _HEADLINE.search(heading.get("class") or "")
        share = len(words & wanted) / len(words | wanted) if first and words else 0.0
        if _folded(text) in parts:
            share = max(share, ALIKE) if len(words) * 2 >= len(wanted) or first else share
        if share > most:
            best, most = text, share
    if best is None or most < ALIKE:
        return None
    return title if _folded(title) in _folded(best) else best


def _without_site(title: str, site: Collection[str]) -> str:
    """The title without the site's name at either end of it."""
    cuts = list(_SEPARATOR.finditer(title))
    for cut in cuts:
        if _is_of_site(title[cut.end() :], site) and not _is_of_site(title[: cut.start()], site):
            return title[: cut.start()].strip()
    for cut in reversed(cuts):
        if _is_of_site(title[: cut.start()], site):
            return title[cut.end() :].strip()
    return title


def _is_of_site(part: str, site: Collection[str]) -> bool:
    folded = _folded(part)
    alike = (name for name in site if min(len(name), len(folded)) >= SHORTEST_SITE)
    return folded in site or any(name in folded or folded in name for name in alike)


def _host(url: str | None) -> tuple[str, ...]:
    """The host, and its name without what stands around it."""
    labels = ((urlsplit(url).hostname if url else None) or "").removeprefix("www.").split(".")
    return (".".join(labels), max(labels[:-1], key=len, default=""))


def _folded(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))
