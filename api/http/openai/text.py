"""An answer as the text of a chat message: verbatim quotes, citation marks and fixed words, and where the marks stand.

`content[start:end]` of an annotation is its whole citation mark, as in OpenAI's own answers, which annotate the link
and not the words it supports. Offsets count code points of the content, half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from onrecord.api.http.openai.markdown import destination, escaped
from onrecord.api.words import DISAGREE, refusal

if TYPE_CHECKING:
    from onrecord.api.http.messages.answers import AskResponse, QuoteOut

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation mark: `content[start:end]`, which leads to `url`."""

    start: int
    end: int
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Source:
    """What one number cites, as Open WebUI shows it: a name, where it leads, and the passage in Markdown."""

    id: str
    name: str
    url: str
    passage: str


@dataclass(frozen=True, slots=True)
class Message:
    """A chat message in the pieces it is streamed in, its citations, and a source for each number."""

    pieces: tuple[str, ...]
    citations: tuple[Citation, ...]
    sources: tuple[Source, ...]

    @property
    def content(self) -> str:
        """The whole text, in Markdown."""
        return "".join(self.pieces)


def compose(response: AskResponse, *, site: str, open_webui: bool) -> Message:
    """Write an answer as a message: each quote in “ ” with its mark after it, or that the articles do not answer.

    Where articles disagree, that is said first, and their dates stand with their quotes.

    Args:
        response: the answer.
        site: where this server's pages are, without a slash at the end; articles without a web address are shown there.
        open_webui: whether marks are written for Open WebUI, which makes a button of `[1]` also where it begins a link.
    """
    if response.reason is not None:
        return Message((refusal(response.reason, response.confidence),), (), ())
    pieces = [DISAGREE] if any(quoted.disagrees for quoted in response.quotes) else []
    citations: list[Citation] = []
    sources: dict[int, Source] = {}
    passages = {passage.passage_id: passage.text for passage in response.passages}
    for quoted in response.quotes:
        cited, url = quoted.citation, _link(quoted, site)
        dated = f"({cited.published}) " if quoted.disagrees and cited.published else ""
        words = f"“{escaped(quoted.text)}” {dated}"
        pieces.append(f"\n\n{words}" if pieces else words)
        start = sum(map(len, pieces))
        pieces.append(f"[{cited.number}] [article]({url})" if open_webui else f"[{cited.number}]({url})")
        citations.append(Citation(start, start + len(pieces[-1]), url, cited.title))
        passage = escaped(passages.get(cited.passage_id, quoted.text))
        sources.setdefault(cited.number, Source(cited.passage_id, cited.title, url, passage))
    return Message(tuple(pieces), tuple(citations), tuple(sources.values()))


def _link(quoted: QuoteOut, site: str) -> str:
    cited = quoted.citation
    if cited.link is not None:
        return destination(cited.link)
    place = f"{quoted.start}-{quoted.end}-{_fingerprint(quoted.text)}"
    return destination(f"{site}/articles/{quote(cited.article_id, safe='')}#{place}")


def _fingerprint(words: str) -> str:
    """The digest (FNV-1a of the code points, in base 36) by which the article's page knows which words are meant."""
    digest = 0x811C9DC5
    for character in words:
        digest = (digest ^ ord(character)) * 0x01000193 & 0xFFFFFFFF
    shown = ""
    while digest or not shown:
        digest, digit = divmod(digest, 36)
        shown = _DIGITS[digit] + shown
    return shown
