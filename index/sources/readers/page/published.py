"""The day on which a page was published; never when it was changed, and none rather than a doubtful one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from onrecord.index.sources.readers.page.dates import LONGEST_DATE_LINE, day, day_of
from onrecord.index.sources.readers.page.text import is_empty, is_longer, text_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lxml.html import HtmlElement as Element

    from onrecord.index.sources.readers.page.statements import Statements

LONGEST_DATED = 60
FEWEST_WORDS = 3
"""Words of a linked headline."""

NEARBY = 12
"""How many paragraphs behind its headline a page's date may stand, and before it."""
SHORTEST_PARAGRAPH = 80
MOST_NEARBY = 200
"""Elements that are looked at."""

_META = (
    "article:published_time article:published article:publish_date article:published_date og:article:published_time "
    "og:published_time og:pubdate datepublished publishdate publish_date publish-date published_time published "
    "published-date publication_date publication-date pubdate article_date_original citation_publication_date "
    "citation_date citation_online_date dcterms.issued dc.date.issued dc.issued parsely-pub-date sailthru.date "
    "bt:pubdate rnews:datepublished article.published date_published dcterms.created dc.created datecreated "
    "article.created date dc.date dcterms.date dc:date"
)
_CALLED = re.compile(
    r"(^|[-_\s])(date|datum|dates|date-?time|dateline|published|publish(ing)?|publish(ed)?-?(date|on|at|time)|pub-?date|"
    r"posted(-?on)?|time|time-?stamp|by-?line|(article|post|entry|story)?-?(meta|infos?|date|details)|submitted|fecha"
    r"|data)($|[-_\s])",
    re.IGNORECASE,
)
_PUBLISHED = (
    r"publi(shed|kationsdatum|cation|é|ée|cado|cato|caties?)|post(ed|ado)\b|first published|veröffentlicht|erschienen"
    r"|erstellt|created|online since|opublikowano|julkaistu|publicerad"
)
_CHANGED = (
    r"(last |zuletzt )?(updat|modif|revis|edited|changed|review|actuali[sz]|aktualisiert|geändert|bearbeitet|mis à jour"
    r"|mise à jour|aggiornat|atualizad|bijgewerkt|oppdatert|uppdaterad|accepted|received|accessed|retrieved|stand\b"
    r"|valid|expires|deadline|event|starts?\b|ends?\b|copyright|©)"
)
_LABEL = re.compile(rf"\b(?:(?P<published>{_PUBLISHED})|(?P<changed>{_CHANGED}))", re.IGNORECASE)
_IN_URL = re.compile(
    r"/((?:19|20)\d\d)[/-]([01]?\d)[/-]([0-3]?\d)(?:[/-]|$)|/((?:19|20)\d\d)([01]\d)([0-3]\d)(?:[/_-]|$)"
)
_DATELINE = re.compile(r"[^\W\d_][^()—–]{1,40}?, (?P<day>[^()—–]{6,30}?)\s*(?:\([^)]{2,30}\)\s*)?[—–-]\s")
_TITLES = ("h1", "h2", "h3")
_SECTIONS = ("h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("h1", "h2", "h3", "h4", "p", "div", "span", "time", "li", "small", "em", "a", "td", "abbr")
_UTC = re.compile(r"(Z|[+-]00:?00)$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DIGIT = re.compile(r"\d")
_DAY = timedelta(days=1)


def published_on(
    said: Statements, story: Element, *, title: str | None, url: str | None, language: str | None
) -> date | None:
    """The day of publication by what a page states, its URL, or what it shows near its headline.

    Args:
        said: what it states.
        story: its tree without what surrounds the story.
        title: its title.
        url: where it stands.
        language: its language and, better, its country, which tell what 4/11/2024 is.
    """
    locale = (said.first("og:locale") or "").replace("_", "-") or language
    if language and "-" in language:
        locale = language
    in_url = _in_url(url)
    for written in _stated(said):
        if found := day_of(written, locale):
            # Of a time that is written in UTC the URL tells which day it was where the page was made.
            return in_url if in_url and _UTC.search(written) and abs(in_url - found) <= _DAY else found
    return in_url or next(_shown(story, title, locale), None)


def _stated(said: Statements) -> Iterator[str]:
    for name in ("datePublished", "dateCreated"):
        for story in (*said.stories[:1], said.page):
            if isinstance(story.get(name), str | int):
                yield str(story[name])
        if name == "datePublished":
            for meta in _META.split():
                yield from said.meta.get(meta, ())[:1]


def _in_url(url: str | None) -> date | None:
    found = _IN_URL.search(url or "")
    return day(*(int(part) for part in found.groups() if part)) if found else None


def _shown(story: Element, title: str | None, locale: str | None) -> Iterator[date]:
    """The days that a page shows, the likeliest first."""
    for element in story.iter("time", "meta", "span", "abbr", "p", "div", "a"):
        if {"datepublished", "datecreated"} & set((element.get("itemprop") or "").lower().split()) or (
            element.tag == "time" and element.get("pubdate") is not None
        ):
            yield from _told(element, locale)
    near = _near(story, title)
    for element in near:
        yield from _told(element, locale, strictly=True)
    for element in near:
        called = _CAMEL.sub("-", f"{element.get('class') or ''} {element.get('id') or ''}")
        if element.tag in ("time", "abbr") or _CALLED.search(called):
            yield from _told(element, locale)
    for element in near:
        yield from _dated_line(element, locale)


def _near(story: Element, title: str | None) -> list[Element]:
    """The elements around a page's headline, in order, those behind it first; without one the first of the story."""
    order = [each for each in story.iter(*_BLOCKS) if each.tag == "time" or not is_empty(each)]
    headings = [i for i, each in enumerate(order) if each.tag in _TITLES]
    titled = [i for i in headings if text_of(order[i]) == title]
    firsts = [i for i in headings if order[i].tag == "h1"]
    headline = next(iter(titled or firsts), 0)
    found: list[Element] = []
    paragraphs, begun = 0, False
    for each in order[headline:]:
        begun = begun or (each.tag == "p" and is_longer(each, SHORTEST_PARAGRAPH))
        paragraphs += each.tag == "p" and is_longer(each, LONGEST_DATE_LINE)
        if paragraphs > NEARBY or len(found) > MOST_NEARBY:
            break
        if not (begun and _is_announced(each)):
            found.append(each)
    before = reversed(order[max(0, headline - NEARBY) : headline])
    return [*found, *(each for each in before if not _is_announced(each))]


def _is_announced(element: Element) -> bool:
    """Whether an element stands with the linked headline of another story."""
    for outer in (element, *element.iterancestors("li", "article", "div", "section", "a")):
        if is_longer(outer, LONGEST_DATE_LINE) or outer.find(".//h1") is not None:
            return False
        titles = [link for link in outer.iter("a") if _heads(link)]
        if any(len(link.text_content().split()) >= FEWEST_WORDS for link in titles):
            return True
    return False


def _heads(link: Element) -> bool:
    """Whether a link is a heading, in one or around one, or an item of a list."""
    inside = any(outer.tag in (*_SECTIONS, "li") for outer in link.iterancestors())
    return inside or any(each.tag in _SECTIONS for each in link.iterdescendants())


def _told(element: Element, locale: str | None, *, strictly: bool = False) -> Iterator[date]:
    """The days that an element tells: behind the word that they are of its publication, or behind none."""
    if is_longer(element, 2 * LONGEST_DATE_LINE):
        return
    text = words_of(element)
    machine = (
        element.get("datetime") or element.get("content") or (element.get("title") if element.tag == "abbr" else None)
    )
    if len(text) > LONGEST_DATE_LINE or _is_changed(element):
        return
    labels = list(_LABEL.finditer(text))
    if machine and not strictly and not any(label["changed"] for label in labels):
        if found := day_of(machine, locale):
            yield found
        return
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=True) if labels else ():
        if label["published"] and (found := day_of(text[label.start() : end], locale)):
            yield found
    if not labels and not strictly and (found := day_of(text, locale)):
        yield found


def _is_changed(element: Element) -> bool:
    """Whether an element, its class, or what stands right before it says that it tells of a change."""
    called = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    if re.search(r"updat|modif|revis", called, re.IGNORECASE) and not re.search("publish", called, re.IGNORECASE):
        return True
    for each in (element, element.getparent()):
        before = each.getprevious() if each is not None else None
        parent = each.getparent() if each is not None else None
        lead = (before.tail if before is not None else parent.text if parent is not None else "") or ""
        lead = lead if lead.strip() or before is None else "".join(before.itertext())
        labels = list(_LABEL.finditer(lead[-LONGEST_DATE_LINE:]))
        if labels and labels[-1]["changed"] and not _DIGIT.search(lead[-LONGEST_DATE_LINE:], labels[-1].end()):
            return True
        if lead.strip() or element.tag != "time":
            return False
    return False


def _dated_line(element: Element, locale: str | None) -> Iterator[date]:
    """The day of a line that is hardly more than a date, or of the place and day with which a report begins."""
    if element.tag != "p" and is_longer(element, 2 * LONGEST_DATED):
        return
    text = words_of(element)
    dateline = _DATELINE.match(text) if element.tag == "p" else None
    short = len(text) <= LONGEST_DATED and not _LABEL.search(text) and element.tag not in ("h1", "h2", "h3", "a")
    if (dateline or (short and not _is_changed(element))) and (
        found := day_of(dateline["day"] if dateline else text, locale)
    ):
        yield found
