"""The day on which a page was published; never when it was changed, and none rather than a doubtful one.

A time counts for the day that it is where it was written: “2015-06-09T23:55:00-07:00” is the ninth.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from htmldate import find_date
from lxml import etree

from onrecord.index.sources.readers.page.statements import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement as Element

    from onrecord.index.sources.readers.page.statements import Statements

LONGEST_DATE_LINE = 160
LONGEST_DATED = 60
NEARBY = 12
"""How many paragraphs behind its headline a page's date may stand, and before it."""
MOST_NEARBY = 200

_EARLIEST = date(1600, 1, 1)
_NO_DATES = frozenset({date(1970, 1, 1), date(1900, 1, 1)})
"""What programs write where there is no date."""

_META = (
    "article:published_time article:published article:publish_date article:published_date og:article:published_time "
    "og:published_time og:pubdate datepublished publishdate publish_date publish-date published_time published "
    "published-date publication_date publication-date pubdate article_date_original citation_publication_date "
    "citation_date citation_online_date dcterms.issued dc.date.issued dc.issued parsely-pub-date sailthru.date "
    "bt:pubdate rnews:datepublished article.published date_published dcterms.created dc.created datecreated "
    "article.created date dc.date dcterms.date dc:date"
).split()
_CALLED = re.compile(
    r"(^|[-_\s])(date|datum|dates|date-?time|dateline|published|publish(ing)?|publish(ed)?-?(date|on|at|time)|pub-?date|"
    r"posted(-?on)?|time|time-?stamp|by-?line|(article|post|entry|story)?-?(meta|infos?|date|details)|submitted|fecha|data)($|[-_\s])",
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
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(T?\d{6}Z?)?")
_EPOCH = re.compile(r"\d{10}|\d{13}")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.年]\s?(\d{1,2})[/.月]\s?(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-]([01]?\d)[/-]([0-3]?\d)(?:[/-]|$)|/((?:19|20)\d\d)([01]\d)([0-3]\d)(?:[/_-]|$)")
_YEAR = re.compile(r"\d{4}")
_DATELINE = re.compile(r"[^\W\d_][^()—–]{1,40}?, (?P<day>[^()—–]{6,30}?)\s*(?:\([^)]{2,30}\)\s*)?[—–-]\s")
_TITLES = ("h1", "h2", "h3")
_BLOCKS = ("h1", "h2", "h3", "h4", "p", "div", "span", "time", "li", "small", "em", "a", "td", "abbr")
_UTC = re.compile(r"(Z|[+-]00:?00)$")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
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


def day_of(written: str, locale: str | None = None) -> date | None:
    """The day that is written somewhere, None where it is none or may be either of two."""
    text = plain(written)[:LONGEST_DATE_LINE]
    if _EPOCH.fullmatch(text):
        return _possible(datetime.fromtimestamp(int(text[:10]), UTC).date())
    if found := _ISO.search(text) or _COMPACT.fullmatch(text) or _YEAR_FIRST.search(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.search(text):
        return _by_numbers(int(found[1]), int(found[3]), int(found[4]), locale, dotted=found[2] == ".")
    if not _YEAR.search(text):
        return None
    told = find_date(
        f'<html><body><p class="date">{escape(_CLOCK.sub("", text))}</p></body></html>',
        extensive_search=False,
        original_date=True,
        min_date=_EARLIEST.isoformat(),
    )
    found_day = date.fromisoformat(told) if told else None
    return _possible(found_day) if found_day and str(found_day.year) in text else None


def _stated(said: Statements) -> Iterator[str]:
    for name in ("datePublished", "dateCreated"):
        for story in (*said.stories[:1], said.page):
            if isinstance(story.get(name), str | int):
                yield str(story[name])
        if name == "datePublished":
            for meta in _META:
                yield from said.meta.get(meta, ())[:1]


def _by_numbers(first: int, second: int, year: int, locale: str | None, *, dotted: bool) -> date | None:
    """A day written as numbers: the day comes first but in the United States, and nobody knows what “en” means."""
    if first == second or first > 12 or second > 12:  # noqa: PLR2004 - months
        month, day = (second, first) if first > 12 or first == second else (first, second)  # noqa: PLR2004
        return _day(year, month, day)
    if dotted or (locale and locale.lower() not in ("en", "en-us", "en-ca", "en-ph")):
        return _day(year, second, first)
    return _day(year, first, second) if locale and locale.lower() == "en-us" else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return _possible(date(year, month, day))
    except ValueError:
        return None


def _possible(day: date) -> date | None:
    latest = datetime.now(UTC).date() + _DAY
    return day if _EARLIEST <= day <= latest and day not in _NO_DATES else None


def _in_url(url: str | None) -> date | None:
    found = _IN_URL.search(url or "")
    return _day(*(int(part) for part in found.groups() if part)) if found else None


def _shown(story: Element, title: str | None, locale: str | None) -> Iterator[date]:
    """The days that a page shows, the likeliest first."""
    near = _near(story, title)
    for element in story.iter("time", "meta", "span", "abbr", "p", "div", "a"):
        if {"datepublished", "datecreated"} & set((element.get("itemprop") or "").lower().split()) or (
            element.tag == "time" and element.get("pubdate") is not None
        ):
            yield from _told(element, locale, labelled=True)
    for element in near:
        yield from _told(element, locale, labelled=True, strictly=True)
    for element in near:
        called = _CAMEL.sub("-", f"{element.get('class') or ''} {element.get('id') or ''}")
        if element.tag in ("time", "abbr") or _CALLED.search(called):
            yield from _told(element, locale)
    for element in near:
        yield from _dated_line(element, locale)


def _near(story: Element, title: str | None) -> list[Element]:
    """The elements around a page's headline, in order, those behind it first; without one the first of the story."""
    order = [each for each in story.iter(*_BLOCKS) if plain("".join(each.itertext())) or each.tag == "time"]
    headings = [i for i, each in enumerate(order) if each.tag in _TITLES]
    titled = [i for i in headings if plain("".join(order[i].itertext())) == title]
    firsts = [i for i in headings if order[i].tag == "h1"]
    headline = next(iter(titled or firsts), 0)
    found: list[Element] = []
    paragraphs = 0
    for each in order[headline:]:
        paragraphs += each.tag == "p" and len("".join(each.itertext())) > LONGEST_DATE_LINE
        if paragraphs > NEARBY or len(found) > MOST_NEARBY:
            break
        found.append(each)
    return [*found, *reversed(order[max(0, headline - NEARBY) : headline])]


def _told(element: Element, locale: str | None, *, labelled: bool = False, strictly: bool = False) -> Iterator[date]:
    """The days that an element tells: behind the word that they are of its publication, or behind none."""
    text = plain(" ".join(element.itertext()))
    machine = element.get("datetime") or element.get("content") or (element.get("title") if element.tag == "abbr" else None)
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
    text = plain(" ".join(element.itertext()))
    dateline = _DATELINE.match(text) if element.tag == "p" else None
    short = len(text) <= LONGEST_DATED and not _LABEL.search(text) and element.tag not in ("h1", "h2", "h3", "a")
    if (dateline or (short and not _is_changed(element))) and (found := day_of(dateline["day"] if dateline else text, locale)):
        yield found
