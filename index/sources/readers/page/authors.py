"""Who wrote a page: names, without what stands around them (“By”, dates, roles, “Username”), each once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onrecord.index.passages.furniture import ROLE
from onrecord.index.passages.vocabulary import MONTHS, WEEKDAYS, abbreviated, any_of
from onrecord.index.sources.readers.page.statements import kinds_of, names_in, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement as Element

    from onrecord.index.sources.readers.page.statements import Statements

LONGEST_BYLINE = 160
MOST_WORDS = 6
MOST_NAME_WORDS = 3
LONGEST_AGENCY = 4
"""Letters of what is an agency beside names: “AP”, “AFP”."""

MOST_SHOWN = 6
"""Names that a byline on the page can have: a list of more is something else."""

_META = (
    ("author", "authors", "article:author", "article:author_name", "og:author", "parsely-author", "sailthru.author"),
    ("byl", "byline", "citation_author", "dc.creator", "dcterms.creator", "dc:creator", "creator", "rbauthors"),
)
_NAMED = re.compile(
    r"(^|[-_\s])(by-?line|authors?(-?(name|meta|info|line))?|writer|contributor|autor(en)?|vcard|byauthor)"
    r"(_+[a-z]+|-(link|names?))?($|[-_\s])",
    re.IGNORECASE,
)
_NOT_NAMED = re.compile(r"bio|about|avatar|image|photo|social|box|comment|user", re.IGNORECASE)
_BY = re.compile(
    r"^((view|see|show|zeige?)? ?(all|alle)?\W*(posts?|articles?|stories|beiträge|beitrag|artikel|ein|written|words|"
    r"story|text|fotos?|photo(graph(y|s)?)?s?|report(ed|ing)?|compiled|edited|posted|published|created|submitted|and|erstellt|"
    r"veröffentlicht|geschrieben|gespeichert|verfasst|publié|écrit|escrito|publicado|redactado|gepostet|\s)*\s)?"
    r"(by|von|par|por|di|door|av)\b[\s:]*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(authors?|autor(in|en)?|auteur|writers?|words|text|redaktion|reporter)\s*:\s*", re.IGNORECASE)
_MONTH = rf"{any_of(abbreviated(MONTHS))}[a-z]*\.?"
_DATED = re.compile(
    rf"(\b{any_of(abbreviated(WEEKDAYS))}[a-z]*\.?,?\s+)?(\b{_MONTH}\s+\d{{1,2}}(st|nd|rd|th)?(,?\s+\d{{4}})?\b"
    rf"|\b\d{{1,2}}(st|nd|rd|th)?\.?\s+[^\W\d]+\.?,?\s+\d{{4}}\b|\b{_MONTH},?\s+\d{{4}}\b|\b\d{{4}}-\d\d-\d\d\b"
    r"|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b)|\b\d{1,2}[:.h]\d{2}\b(\s*[ap]\.?m\b\.?)?(\s+[A-Z]{2,4}\b)?",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s*(?:[,;/|&•·\n]|\s[–—-]\s|\b(?:and|und|et|with)\b)\s*", re.IGNORECASE)
_AFTER = re.compile(
    r"\s+(for|at|in|from|of the|on|updated|published|posted|last updated|is|was|has|covers|am|vom|um|für|aus)\b.*$",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"\S+@\S+\s*\((?P<name>[^)]+)\)")
_NICKNAME = re.compile(r"\s*[\[(@].*$|https?:\S+|\S+@\S+")
_ROLES = re.compile(
    rf"{ROLE.pattern}|\b(journalist|photographer|producer|director|manager|professor|founder|redakteur(in)?|redaktion|"
    r"author|autor(in)?|freelance(r)?|guest|intern|critic|blogger|analyst|senior|chief|associate|ph\.?d|m\.?d|msc|mba|"
    r"r\.?d|team|gmbh|inc|ltd|llc)\b\.?",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    rf"({any_of(MONTHS)}|{any_of(WEEKDAYS)}|(mon|diens|donners|frei|sams|sonn)tag|mittwoch|on|am|vom|um|von|fr|at|by"
    r"|[\w-]+(\.[\w-]+)*\.(?-i:[a-z]{2,4})|user\s?name|user|\w*admin(istrator)?|anonym(ous)?|guest|unknown|none"
    r"|null|authors?|autor(en)?|editor(ial)?|staff|posted|published|veröffentlicht|erstellt|(last )?updated|follow"
    r"|share|print|e-?mail|contact|comments?|subscribe|log ?in|sign (in|up)|(view )?(profile|bio)|(read )?more|website"
    r"|webmaster|super user|publisher|today|yesterday)\W*",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")


def authors_of(said: Statements, story: Element) -> tuple[str, ...]:
    """The authors that a page states, or else shows; `story` is its tree without what surrounds the story."""
    site = {_folded(name) for name in said.site} - {_folded(name) for name in _persons(said)}
    for bylines in (_stated(said), *(_in_meta(said, group) for group in _META)):
        if found := _once(name for each in bylines for name in names_of(each) if _folded(name) not in site):
            return _in_full(found, said)
    found = _once(name for each in _shown(story) for name in names_of(each) if _folded(name) not in site)
    return tuple(found) if len(found) <= MOST_SHOWN else ()


def names_of(byline: str) -> list[str]:
    """The names in a byline, which may have several lines."""
    byline = _MAILBOX.sub(r"\g<name>", byline)
    text = _DATED.sub("\n", "\n".join(_BY.sub("", _LABEL.sub("", line.strip())) for line in byline.splitlines()))
    parts = [_name(part) for part in _PARTED.split(_BY.sub("", text.strip()))]
    if len(parts) == 2 and all(part and " " not in part for part in parts) and "," in byline:  # noqa: PLR2004 - “Roe, Jane”
        return [f"{parts[1]} {parts[0]}"]
    return [part for part in parts if part]


def _name(part: str) -> str:
    """A name without its role, empty where there is none left."""
    text = _BY.sub("", _NICKNAME.sub("", part).strip(" \t.:–—-*\"'"))
    if _NOBODY.fullmatch(text):
        return ""
    words = _AFTER.sub("", text).split()
    roles = [i for i, word in enumerate(words) if _ROLES.fullmatch(word.strip("."))]
    if roles and roles[-1] == len(words) - 1:
        words = words[: min(roles[0], 2 if len(words) > MOST_NAME_WORDS else len(words))]
        if len(words) == 1:
            return ""
    name = " ".join(words).strip(" ,.:")
    if not name or _NOBODY.fullmatch(name) or len(words) > MOST_WORDS or not re.search(r"[^\W\d_]", name):
        return ""
    return "" if any(character.isdigit() for character in name) and len(words) > 1 else name


def _stated(said: Statements) -> list[str]:
    for story in (*said.stories[:1], said.page):
        value = story.get("author") or story.get("creator")
        listed = value if isinstance(value, list) else [value]
        persons = [each for each in listed if not any(kind.endswith("organization") for kind in kinds_of(each))]
        if names := names_in(persons) or names_in(listed):
            return [name for name in names if not name.lower().startswith("http")]
    return []


def _persons(said: Statements) -> list[str]:
    """The authors who are said to be persons: somebody may have called their site by their own name."""
    authors = [story.get("author") for story in (*said.stories[:1], said.page)]
    listed = [each for author in authors for each in (author if isinstance(author, list) else [author])]
    return [name for each in listed if "person" in kinds_of(each) for name in names_in(each) if " " in name]


def _in_meta(said: Statements, names: Iterable[str]) -> list[str]:
    for name in names:
        stated = [each for each in said.meta.get(name, ()) if not each.lower().startswith(("http", "www."))]
        if any(names_of(each) for each in stated):
            return stated
    return []


def _in_full(found: list[str], said: Statements) -> tuple[str, ...]:
    """The names in the spelling that is not all capitals, where the page has it elsewhere."""
    others = [name for group in _META for each in _in_meta(said, group) for name in names_of(each)]
    spelt = {_folded(name): name for name in others if not name.isupper()}
    return tuple(spelt.get(_folded(name), name) if name.isupper() else name for name in found)


def _shown(story: Element) -> list[str]:
    """The bylines that a page shows, those that the markup is surest of first."""
    for find in (_marked, _called):
        for element in find(story):
            text = _lines(element)
            if 0 < len(text) <= LONGEST_BYLINE and names_of(text):
                more = [_lines(each) for each in find(story) if each.getparent() is element.getparent()]
                return more if find is _marked else [text]
    return []


def _marked(story: Element) -> Iterator[Element]:
    for element in story.iter("*"):
        if "author" in (element.get("itemprop") or "").split() and element.tag != "meta":
            names = [each for each in element.iter("*") if each.get("itemprop") == "name"]
            yield from names or [element]
        elif "author" in (element.get("rel") or "").split() and element.tag == "a":
            yield element


def _called(story: Element) -> Iterator[Element]:
    for element in story.iter("p", "div", "span", "a", "address", "h3", "h4", "h5", "li", "strong", "em", "cite"):
        called = _CAMEL.sub("-", f"{element.get('class') or ''} {element.get('id') or ''}")
        if _NAMED.search(called) and not _NOT_NAMED.search(called):
            yield element


def _lines(element: Element) -> str:
    """An element's text, one line for each block in it and each line break."""
    parts: list[str] = []
    for each in element.iter("*"):
        if each is not element and each.tag in ("br", "div", "p", "li", "time", "h3", "h4", "span"):
            parts.append("\n")
        parts.append(each.text or "")
        if each is not element:
            parts.append(("\n" if each.tag in ("div", "p", "li", "time", "span") else "") + (each.tail or ""))
    return "\n".join(line for raw in "".join(parts).splitlines() if (line := plain(raw)))


def _once(names: Iterable[str]) -> list[str]:
    """Each name once, in the spelling that is not all capitals."""
    found: dict[str, str] = {}
    for name in names:
        key = _folded(name)
        if key not in found or (found[key].isupper() and not name.isupper()):
            found[key] = name
    persons = {key: name for key, name in found.items() if len(name) > LONGEST_AGENCY or not name.isupper()}
    return list((persons or found).values())


def _folded(name: str) -> str:
    return " ".join(_WORD.findall(name.casefold()))
