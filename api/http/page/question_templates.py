"""Questions that an article's own sentences suggest: fixed templates around the article's names and verbs. Pure.

Each remembers the sentence it was made from, so that whoever offers it can first see whether asking it leads there.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.index.passages.sentences import sentences
from onrecord.index.records import PassageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.index.records import Article, ArticleContents, Passage

LONGEST_QUESTION = 80
"""A longer one cannot be read at a glance."""

_WORD = r"(?:al-)?(?!The\b)[A-Z][\w’'.&-]*"
_NAME = rf"{_WORD}(?: (?:(?:of|in|for|the|and|de|del|bin|van|von|al) )*{_WORD})*"
_THING = rf"(?:[Tt]he )?{_NAME}(?: [a-z]+){{0,2}}?"
_FOUNDED = "established|founded|created|formed|built|born|launched|opened|elected|appointed|published|arrested|killed"
_TIME = (
    r"(?:\d{4}|January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_ROLE = (
    r"(?:head|chief|leader|president|minister|premier|spokes(?:man|woman|person)|director|professor|editor|coach|"
    r"mayor|chair(?:man|woman|person)?|founder|author|analyst|secretary|ambassador|general|commander|captain|manager|"
    r"senator|governor|judge|lawyer|attorney|scientist|researcher|officer|executive)\b"
)
_ADVERBS = "(?:(?:has|have|had|also|repeatedly|again|later|already|recently|first|officially) )*"
_BASE_FORMS = {
    "announced": "announce",
    "approved": "approve",
    "blamed": "blame",
    "claimed": "claim",
    "condemned": "condemn",
    "confirmed": "confirm",
    "criticised": "criticise",
    "criticized": "criticize",
    "demanded": "demand",
    "denied": "deny",
    "discovered": "discover",
    "found": "find",
    "launched": "launch",
    "ordered": "order",
    "pledged": "pledge",
    "promised": "promise",
    "proposed": "propose",
    "published": "publish",
    "rejected": "reject",
    "released": "release",
    "reported": "report",
    "signed": "sign",
    "threatened": "threaten",
    "unveiled": "unveil",
    "warned": "warn of",
    "won": "win",
}
_TEMPLATES = (
    (rf"^(?P<subject>{_THING}) (?P<be>was|were) (?P<done>{_FOUNDED}) (?:in|on) {_TIME}", "When {be} {subject} {done}?"),
    (rf"\b(?P<subject>{_NAME}), (?:\w+ ){{0,4}}{_ROLE}", "Who is {subject}?"),
    (rf"^(?P<subject>{_THING}) {_ADVERBS}(?P<verb>{'|'.join(_BASE_FORMS)})\b", "What did {subject} {verb}?"),
    (rf"^(?P<subject>(?:The )?{_NAME}) is (?:also )?(?:an?|the) ", "What is {subject}?"),
    (rf"\b{_NAME} \((?P<subject>[A-Z]{{3,6}})\)", "What does {subject} stand for?"),
)
_COMPILED = tuple((re.compile(pattern), template) for pattern, template in _TEMPLATES)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the sentence that should answer it: `[start, end)` of the article."""

    question: str
    article_id: str
    start: int
    end: int


def candidates(contents: ArticleContents) -> list[Candidate]:
    """The questions that an article's body suggests, each once: the first of every template, then the second, …."""
    found: dict[str, tuple[int, int, Candidate]] = {}
    made: Counter[int] = Counter()
    for passage in contents.passages:
        if passage.kind is not PassageKind.BODY:
            continue
        for template, candidate in _suggested(contents.article, passage):
            if candidate.question not in found:
                found[candidate.question] = (made[template], template, candidate)
                made[template] += 1
    return [candidate for *_, candidate in sorted(found.values(), key=lambda each: each[:2])]


def _suggested(article: Article, passage: Passage) -> Iterator[tuple[int, Candidate]]:
    """What each sentence of a passage suggests, with the number of the template."""
    for sentence in sentences(passage.text):
        text = passage.text[sentence.start : sentence.end]
        for number, (pattern, template) in enumerate(_COMPILED):
            match = pattern.search(text)
            if match is None or not _is_name(match["subject"], article.text):
                continue
            parts = match.groupdict()
            parts["subject"] = re.sub("^The ", "the ", parts["subject"])
            parts["verb"] = _BASE_FORMS.get(parts.get("verb", ""), "")
            question = template.format_map(parts)
            if len(question) <= LONGEST_QUESTION:
                start = passage.start + sentence.start
                yield number, Candidate(question, article.id, start, passage.start + sentence.end)


def _is_name(subject: str, text: str) -> bool:
    """Whether its first word has a capital inside a sentence of the article too, and not only where one begins."""
    first = re.escape(subject.removeprefix("The ").removeprefix("the ").split()[0])
    return re.search(rf"(?:[a-z,] |\(){first}(?!\w)", text) is not None
