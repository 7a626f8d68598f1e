"""What each paragraph is to its page: headline, body, caption, credit or boilerplate. Pure.

A scraped page carries its furniture with it. The rules here are about how pages are made, never about one site:

* **Headline**: the title, each time it stands there again, Markdown headings, and short unpunctuated lines that
  introduce a paragraph.
* **Credit**: bylines, date lines, who reported, and who made a photograph: a short unpunctuated line with an agency's
  name, a “Photo by”, or names parted by slashes.
* **Caption**: one or two sentences right before a photo credit or with one at their end, or that say of themselves that
  they show a picture.
* **Boilerplate**: everything from an end marker (“Source link”, “Posted in”, “Leave a comment”, “Related stories” …) in
  the second half of a page, author biographies in its last paragraphs, lines of share buttons and advertisements, lists
  of keywords, lines without a letter or digit, and what stands on the page a second time, pull quotes included.
* **Body**: the rest. In doubt a paragraph is body: quoting furniture is a blemish, losing the answer is a failure. So a
  short line after a question or a label (“Which colours?”, “Released:”) is its answer, whatever it looks like.

The words (`index.passages.furniture`) are English; on a page in another language only the rules about structure apply.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from onrecord.index.passages import furniture as words
from onrecord.index.passages.sentences import sentences
from onrecord.index.passages.structure import is_part
from onrecord.index.records import PassageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.index.passages.paragraphs import Paragraph

LONGEST_HEADLINE = 250
LONGEST_SUBHEAD = 60
LONGEST_SUBHEAD_WORDS = 8
SHORTEST_INTRODUCED = 80
LONGEST_CAPTION = 500
CAPTION_SENTENCES = 2
LONGEST_CREDIT_WORDS = 16
LONGEST_LITTLE_WORD = 3
FEWEST_KEYWORDS = 4
LONGEST_KEYWORD = 3
SHORTEST_REPEAT = 20
HEAD = 8
NEAR_COMMENTS = 6
BIOGRAPHY_TAIL = 3
LONGEST_BIOGRAPHY = 600


def looks_like_headline(text: str) -> bool:
    """Whether a page's first paragraph can be its title: one short line that does not end like a statement."""
    return len(text) <= LONGEST_HEADLINE and len(sentences(text)) == 1 and not text.endswith((".", "。", ":", ";"))


def byline(text: str) -> str | None:
    """The author's name, if the paragraph is a byline and nothing else (“By Jane Roe and John Doe | Reuters”)."""
    match = words.BYLINE.fullmatch(text) if len(text) <= LONGEST_HEADLINE else None
    if match is None or words.TERMINAL.search(text) or not _is_name_like((match["rest"] or "").split()):
        return None
    names, *others = match["author"].strip().split(", ")
    for other in others:
        if words.ROLE.search(other) or words.AGENCY.search(other):
            break
        names += f", {other}"
    author = words.AGENCY.search(names) or len(names.split()) > 1 or words.ROLE.search(names)
    return names if author and names[0].isupper() and _is_name_like(names.split()) else None


def date_line(text: str) -> str | None:
    """The date as written, if the paragraph is a date line and nothing else (“Published Nov. 4, 2024, 10:15 AM”).

    That of a change (“Updated …”) is none.
    """
    match = words.DATE_LINE.fullmatch(text)
    changed = match is not None and words.CHANGED.search(match["label"] or "")
    date = re.search(words.DATE, text, re.IGNORECASE) if match and not changed else None
    return date.group() if date else None


def classify(text: str, found: Sequence[Paragraph], *, title: str) -> list[PassageKind]:
    """Give every paragraph of a page its kind. Returns one kind for each of `found`, in order."""
    texts = [text[paragraph.start : paragraph.end] for paragraph in found]
    kinds: list[PassageKind] = []
    for i, paragraph in enumerate(texts):
        before = texts[i - 1] if i else ""
        kinds.append(_alone(paragraph, before, kinds[-1] if kinds else PassageKind.HEADLINE, in_head=i < HEAD))
    _mark_headlines(texts, found, kinds, title)
    _mark_captions(texts, kinds)
    _mark_end_matter(texts, kinds)
    _mark_biographies(texts, kinds)
    _mark_repeats(texts, kinds)
    return kinds


def _alone(text: str, before: str, kind_before: PassageKind, *, in_head: bool) -> PassageKind:
    """The kind that a paragraph's own words show, given the paragraph before it."""
    if not words.WORD.search(text) or _is_furniture(text) or (before and words.LABEL.fullmatch(text)):
        return PassageKind.BOILERPLATE
    if len(text) <= LONGEST_HEADLINE and words.MARKDOWN_HEADING.fullmatch(text):
        return PassageKind.HEADLINE
    responds = before.endswith(("?", ":")) and kind_before is not PassageKind.HEADLINE
    if not responds and _is_credit(text, kind_before, in_head=in_head):
        return PassageKind.CREDIT
    labelled = bool(before) and not words.STATEMENT_END.search(before) and kind_before is PassageKind.BODY
    if not responds and not labelled and (words.LINK_ONLY.fullmatch(text) or _is_keyword_list(text)):
        return PassageKind.BOILERPLATE
    brief = len(text) <= LONGEST_CAPTION and len(sentences(text)) <= CAPTION_SENTENCES
    if brief and (words.CAPTION_CUE.search(text) or _ends_in_credit(text)):
        return PassageKind.CAPTION
    return PassageKind.BODY


def _is_furniture(text: str) -> bool:
    if not words.FURNITURE.fullmatch(text):
        return False
    return not words.PROMPT.match(text) or len(text.split()) <= words.LONGEST_PROMPT_WORDS


def _is_credit(text: str, kind_before: PassageKind, *, in_head: bool) -> bool:
    signed = byline(text) is not None and (in_head or words.BYLINE.fullmatch(text)["rest"] is None)  # type: ignore[index]
    date = words.DATE_LINE.fullmatch(text)
    dated = date is not None and (in_head or bool(date["label"]))
    return signed or dated or _is_reporting_credit(text) or _is_photo_credit(text, kind_before)


def _is_reporting_credit(text: str) -> bool:
    if words.CONTRIBUTION.fullmatch(text):
        return True
    credit = words.REPORTING_CREDIT.fullmatch(text)
    return credit is not None and _is_name_like([w for w in words.WORD.findall(credit["names"]) if not _joins(w)])


def _joins(word: str) -> bool:
    return word.lower() in words.CREDIT_WORDS


def _is_photo_credit(text: str, kind_before: PassageKind) -> bool:
    """Whether a line says who made a picture; a publisher's bare name does so only below a caption."""
    parts = text.split()
    if len(parts) > LONGEST_CREDIT_WORDS or len(sentences(text)) > 1 or words.TERMINAL.search(text):
        return False
    label = words.PHOTO_LABEL.fullmatch(text)
    if label and (words.COURTESY.search(text) or _is_name_like(label["who"].split())):
        return True
    if text[0] in "“\"'‘" or not _is_name_like(parts):
        return False
    below_caption = kind_before is PassageKind.CAPTION
    made = words.AGENCY.search(text) or words.PICTURE_MAKER.search(text)
    return bool(made or (below_caption and (_is_slashed(text) or words.PUBLISHER.search(text))))


def _is_slashed(text: str) -> bool:
    named = [part.strip() for part in text.split("/")]
    return len(named) > 1 and all(part and part[0].isupper() and not part[-1].isdigit() for part in named)


def _ends_in_credit(text: str) -> bool:
    found = sentences(text)
    return len(found) == CAPTION_SENTENCES and _is_photo_credit(text[found[1].start : found[1].end], PassageKind.BODY)


def _is_name_like(parts: Sequence[str]) -> bool:
    """Whether words read like names: every one capitalised but the little ones (“in”, “of”, “the” …)."""
    return all(not part[0].islower() or len(part) <= LONGEST_LITTLE_WORD for part in parts)


def _is_keyword_list(text: str) -> bool:
    items = [item.split() for item in text.split(",")]
    return (
        len(items) >= FEWEST_KEYWORDS
        and not words.TERMINAL.search(text)
        and not any(character.isdigit() for character in text)
        and all(1 <= len(item) <= LONGEST_KEYWORD for item in items)
        and sum(map(len, items)) <= 1.5 * len(items)
        and not {"and", "or"} & set(items[-1])
    )


def _mark_headlines(texts: Sequence[str], found: Sequence[Paragraph], kinds: list[PassageKind], title: str) -> None:
    heading = _folded(title)
    for i, text in enumerate(texts):
        if kinds[i] is not PassageKind.BODY:
            continue
        alone = i == 0 or found[i].block != found[i - 1].block
        introduces = i + 1 < len(texts) and found[i].block != found[i + 1].block and _is_prose(texts[i + 1])
        follows_prose = i == 0 or kinds[i - 1] is not PassageKind.BODY or _is_statement(texts[i - 1])
        subhead = alone and follows_prose and introduces and _is_subhead(text) and kinds[i + 1] is PassageKind.BODY
        if subhead or (len(text) <= LONGEST_HEADLINE and _folded(text) == heading):
            kinds[i] = PassageKind.HEADLINE


def _is_subhead(text: str) -> bool:
    short = len(text) <= LONGEST_SUBHEAD and len(text.split()) <= LONGEST_SUBHEAD_WORDS
    plain = not any(character.isdigit() or character in ":@/|" for character in text)
    return short and plain and not words.TERMINAL.search(text) and text[0].isupper()


def _is_statement(text: str) -> bool:
    return bool(words.STATEMENT_END.search(text)) and not text.endswith("?")


def _is_prose(text: str) -> bool:
    return len(text) >= SHORTEST_INTRODUCED and bool(words.TERMINAL.search(text))


def _mark_captions(texts: Sequence[str], kinds: list[PassageKind]) -> None:
    """A short paragraph is a caption where a photo credit follows, and unlabelled names below it are that credit."""
    for i in range(len(texts) - 1):
        brief = len(texts[i]) <= LONGEST_CAPTION and len(sentences(texts[i])) <= CAPTION_SENTENCES
        photo = _is_photo_credit(texts[i + 1], PassageKind.CAPTION) and not byline(texts[i + 1])
        credited = photo and kinds[i + 1] is PassageKind.CREDIT
        if kinds[i] is PassageKind.BODY and credited and brief and texts[i][0] not in '“"‘':
            kinds[i] = PassageKind.CAPTION


def _mark_end_matter(texts: Sequence[str], kinds: list[PassageKind]) -> None:
    """From the first end marker in the second half of the page, everything is boilerplate.

    A marker that is followed by more than a quarter of the page is no end, nor is a word that may head a section of a
    document (“Related”) where prose follows. Reader comments may be longer than what they comment on: they begin at the
    first sign of them after a quarter of the page; “Comments” alone is one where what follows looks like comments.
    """
    total = sum(map(len, texts))
    last_prose = max((i for i, text in enumerate(texts) if _is_prose(text)), default=-1)
    before = 0
    for i, text in enumerate(texts):
        rest = total - before - len(text)
        comments = bool(words.COMMENT_MARKER.fullmatch(text)) or _heads_comments(texts, i)
        weak = bool(words.WEAK_END_MARKER.fullmatch(text)) and i > last_prose
        marker = weak or bool(words.END_MARKER.fullmatch(text) and not words.STATEMENT_END.search(text))
        if (comments and before * 4 >= total) or (marker and before * 2 >= total and rest * 4 <= total):
            kinds[i:] = [PassageKind.BOILERPLATE] * (len(texts) - i)
            return
        before += len(text)
        if (comments or marker) and i > 0:
            kinds[i] = PassageKind.BOILERPLATE


def _heads_comments(texts: Sequence[str], i: int) -> bool:
    if not words.COMMENTS.fullmatch(texts[i]):
        return False
    return any(words.COMMENT_SIGN.fullmatch(text) for text in texts[i + 1 : i + 1 + NEAR_COMMENTS])


def _mark_biographies(texts: Sequence[str], kinds: list[PassageKind]) -> None:
    """Mark who wrote the page, in its last paragraphs; of whom its text speaks elsewhere is its subject, and stays."""
    answering = [i for i, kind in enumerate(kinds) if kind.answers]
    for i in answering[1:][-BIOGRAPHY_TAIL:]:
        text = texts[i]
        match = words.BIOGRAPHY.search(text) if len(text) <= LONGEST_BIOGRAPHY else None
        if match is None or not words.BIOGRAPHY_CUE.search(text):
            continue
        others = [texts[j] for j in answering if j != i]
        surname = re.compile(rf"\b{re.escape(match['name'].split()[-1])}\b") if match["name"] else words.FIRST_PERSON
        if not any(surname.search(other) for other in others):
            kinds[i] = PassageKind.BOILERPLATE


def _mark_repeats(texts: Sequence[str], kinds: list[PassageKind]) -> None:
    """Keep what stands there twice once: whole paragraphs where they come first, pull quotes where they belong.

    Rows and items stay: what they say depends on what they stand under.
    """
    seen: set[str] = set()
    inside: dict[str, int] = {}
    for i, text in enumerate(texts):
        folded = _folded(text)
        if kinds[i].answers and len(folded) >= SHORTEST_REPEAT and folded in seen and not is_part(text):
            kinds[i] = PassageKind.BOILERPLATE
        seen.add(folded)
        if kinds[i].answers and len(found := sentences(text)) > 1:
            inside |= {_folded(text[each.start : each.end]): i for each in found}
    for i, text in enumerate(texts):
        folded = _folded(text)
        if kinds[i].answers and len(folded) >= SHORTEST_REPEAT and inside.get(folded, i) != i:
            kinds[i] = PassageKind.BOILERPLATE


def _folded(text: str) -> str:
    """The text with case, white space, quote styles and compatibility forms made equal, to compare by."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN_QUOTES)
    return " ".join(plain.split())


_PLAIN_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
