"""The words by which a page's furniture is known. Patterns only; `index.passages.kinds` decides with them.

They are about how pages are made and never about one site; photo agencies are named because their names are what a
credit consists of. All are English.
"""

from __future__ import annotations

import re

from onrecord.index.passages.vocabulary import MONTHS, WEEKDAYS, abbreviated, any_of

TERMINAL = re.compile(r"[.!?…。؟।:;][\"'”’»)\]]*$")
STATEMENT_END = re.compile(r"[.!?…。؟।][\"'”’»)\]]*$")
WORD = re.compile(r"\w+")
FIRST_PERSON = re.compile(r"\b(I|[Mm]y)\b")
MARKDOWN_HEADING = re.compile(r"#{1,6}[ \t]+(?P<title>\S.*?)[ \t]*#*")
LINK_ONLY = re.compile(r"(https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)

COMMENT_MARKER = re.compile(
    r"(leave a (comment|reply)|(post|add|view|show|read|see all) (a |the |your )?comments?"
    r"|\d+ comments?|comments? \(\d+\)|join the (conversation|discussion)|\d+ (replies|responses)|reader comments)\W*",
    re.IGNORECASE,
)
COMMENTS = re.compile(r"comments?\W*", re.IGNORECASE)
"""Also a heading of a report, or of a column: comments follow only where they look like some."""

COMMENT_SIGN = re.compile(
    r".{1,60}\b(says|wrote|replied|commented)( on .{1,40})?:|(reply|like|report|flag|share)( to .{1,40})?\W*"
    r"|.{0,60}\b\d+ (second|minute|hour|day|week|month|year)s? ago\b.{0,20}"
    r"|(log|sign) in to (comment|reply|post)\b.{0,80}"
    r"|(please )?(log in|sign in|register)\b.{0,40}\bcomments?\W*|(post|submit|add) (a |your )?comment\W*"
    r"|your e-?mail( address)?\b.{0,80}|(no comments|be the first to|comments are (now )?closed)\b.{0,60}",
    re.IGNORECASE,
)
END_MARKER = re.compile(
    r"(source link|original source|posted (in|by|on)\b.{0,60}|filed under\b.{0,80}|tagged (as|with|in)\b.{0,80}"
    r"|about (the|this) authors?|author bio"
    r"|related (articles?|posts?|stories|topics|content|news|coverage|links)|you (may|might) also (like|enjoy)"
    r"|you (may|might) (also )?be interested in|(more|read more|latest) (from|on|in)\b.{0,60}|more (stories|news)"
    r"|recommended( for you)?|read next|up next|post navigation|(previous|next) (post|article|story)"
    r"|most (read|popular|viewed|shared)|trending( now)?|editor[’']?s picks?"
    r"|share this( (article|post|story|page))?)\W*",
    re.IGNORECASE,
)
_LABEL = "source|tagged|tags|topics|categories"
LABEL = re.compile(rf"({_LABEL})\W*", re.IGNORECASE)
WEAK_END_MARKER = re.compile(rf"(related|{_LABEL})\W*", re.IGNORECASE)
"""Words that also head a section of a manual: they end a page only where no prose follows."""

_SUBSCRIBED = r"(newsletters?|alerts?|updates?|inbox|e-?mails?|daily|weekly|briefings?|notifications?|digest|podcasts?)"
FURNITURE = re.compile(
    r"(advertisement|advertisements|ad|sponsored( content)?|promoted|(article|story) continues (below|after)\b.{0,40}"
    r"|share( on)?( facebook| twitter| x| linkedin| whatsapp| email)?|tweet|print|e-?mail|copy link|save|listen"
    r"|(read|see|watch) (more|also)\b.{0,120}|also read\b.{0,120}|click here\b.{0,120}|follow us\b.{0,120}"
    rf"|(sign up|subscribe|get|join|receive)\b.{{0,100}}\b{_SUBSCRIBED}\b.{{0,100}}|sign up|subscribe( now)?|newsletter"
    r"|skip to (main )?content|menu|search|home|log ?in|sign in|accept( all)?( cookies)?|\d+ min(ute)?s? read"
    r"|loading\W*|back to top|all rights reserved\b.{0,60}"
    r"|(©|\(c\)|copyright)\W*(\(c\)\W*|©\W*)?(19|20)\d\d\b.{0,120})\W*",
    re.IGNORECASE,
)
PROMPT = re.compile(rf"(sign up|subscribe|get|join|receive)\b.*\b{_SUBSCRIBED}\b", re.IGNORECASE | re.DOTALL)
LONGEST_PROMPT_WORDS = 14

NAME = r"[^\W\d_][\w.’'-]*"
BYLINE = re.compile(
    rf"(?i:(words |story |text |report(ed|ing)? |written )?by:?)\s+(?P<author>{NAME}( {NAME}){{0,4}}"
    rf"((,| and| &) {NAME}( {NAME}){{0,4}}){{0,4}})(?P<rest>\s*[|,•–—/-].{{0,80}})?"
)
ROLE = re.compile(
    r"\b(staff|writers?|reporters?|editors?|correspondents?|contributors?|columnists?|bureau|desk)\b", re.IGNORECASE
)
_MONTH = rf"{any_of(abbreviated(MONTHS))}[a-z]*\.?"
DATE = (
    rf"({_MONTH} \d{{1,2}}(st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(st|nd|rd|th)? {_MONTH},? \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})"
)
_DATED = r"(first |last )?(published|updated|posted|modified)"
CHANGED = re.compile(r"\b(last|updated|modified)\b", re.IGNORECASE)
_CLOCK = r"\W+(at )?\d{1,2}([:.h]\d{2}){1,2}(\s*[ap]\.?m\b\.?)?(\s*\(?[a-z]{2,5}([+-]\d+)?\)?)?"
DATE_LINE = re.compile(
    rf"((?P<label>{_DATED}):?( on)? )?({any_of(abbreviated(WEEKDAYS))}[a-z]*,? )?{DATE}"
    rf"({_CLOCK}|\W+(at )?\d{{1,2}}\s*[ap]\.?m\b\.?)?"
    rf"(\W+({_DATED}\b.{{0,60}}|\d+ min(ute)?s? read|by \D{{1,60}}))?\W*",
    re.IGNORECASE,
)
REPORTING_CREDIT = re.compile(
    r"\(?(?i:(additional )?(reporting|writing|editing) by) (?P<names>[^.]{1,200})\W*", re.DOTALL
)
CONTRIBUTION = re.compile(
    r"\(?(.{0,120}\bcontributed to this (report|article|story)\b.{0,40}"
    r"|follow .{0,60} on (twitter|x|facebook|instagram)\b.{0,40})\)?",
    re.IGNORECASE,
)
CREDIT_WORDS = frozenset(("additional", "reporting", "writing", "editing", "edited", "with", "from"))
"""Longer lower-case words that stand between the names of a reporting credit."""

PHOTO_LABEL = re.compile(
    r"\(?((photo(graph)?s?|images?|pictures?|video|illustrations?|graphics?|credits?|handout|courtesy)( credits?)?"
    r"(\s*(:|by\b|via\b|from\b|of\b)|\s+courtesy( of)?:?)|©|\(c\))\s*(?P<who>.{1,120})",
    re.IGNORECASE,
)
COURTESY = re.compile(r"\bcourtesy\b", re.IGNORECASE)
AGENCY = re.compile(
    r"\b(getty|afp|reuters|ap photo|associated press|epa(-efe)?|shutterstock|istock|alamy|anadolu|xinhua|nurphoto"
    r"|zuma|sipa|(via|for|/) ?(ap|upi|bloomberg|pool)|(pool|handout)( photo)?( via|/)|wikimedia commons|unsplash"
    r"|pexels)\b",
    re.IGNORECASE,
)
PICTURE_MAKER = re.compile(r"\b(images?|photos?|pictures|photography|handout)$", re.IGNORECASE)
PUBLISHER = re.compile(r"\b(media|agency|archives?|press|ap|epa|magazine|herald|times|post|news)$", re.IGNORECASE)
CAPTION_CUE = re.compile(
    r"^(file( photo)?\b\W|pictured\b|in this (file |handout |undated |[a-z]+ \d+,? )?(photo|image|picture|still)"
    r"|an? ((video )?(still|grab)|screen ?(shot|grab)|general view|file (photo|image)"
    r"|(undated |handout )?(photo(graph)?|picture|image)) (from|of|shows|released|provided|taken)\b)"
    r"|\b(is|are) (pictured|seen (here|in this))\b|\bpurports to show\b|\((left|right|cent(er|re)|l|r|c)\)"
    r"|\bfile photo\b|\((photo|image|picture|credit)\b[^)]*\)$",
    re.IGNORECASE,
)

BIOGRAPHY = re.compile(
    rf"^(I am|I[’']m|(?P<name>{NAME}( {NAME}){{1,3}}) (is|was|has been|covers|writes|reports|works)\b).{{0,200}}"
    r"\b(editor|reporter|writer|journalist|correspondent|columnist|contributor|blogger|author|freelancer)\b",
)
BIOGRAPHY_CUE = re.compile(
    r"\b(for|at|with|covering|covers|focus(ing|es)|based in|who writes|writes about|specializ|passionate|I love)\b",
    re.IGNORECASE,
)
