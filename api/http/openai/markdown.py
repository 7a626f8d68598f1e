r"""Text of an article as Markdown that shows that very text, whatever markup it holds.

Written for CommonMark with GitHub's extensions, and for what chat UIs add: TeX, `{{…}}`, `<@…>`, `:::`. Backslashes
alone escape, since Open WebUI shows character references as they stand; and of two brackets only the closing one, since
`\[` would begin a formula. Words stay as they are; only runs of line breaks become one.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_LINE_BREAK = re.compile(r"[ \t]*[\r\n][ \t\r\n\f\v]*")
_ACTIVE = re.compile(
    r"""
    [\\`*_~{\]<]
    | &(?=\#?\w+;)          # a character reference
    | :(?=//)               # an address, which many renderers make a link of
    | (?i:(?<=www))\.
    | (?<=[\w.+-])@(?=\w)
    | (?<=\n)[#>+=|:-]      # a heading, a quote, a list, a rule, a table
    | (?<=\n\d)[.)]
    """,
    re.VERBOSE,
)
_IPV6_HOST = re.compile(r"^(https?://)%5B([0-9A-Fa-f:.]+)%5D")
_NUMBERED_LINE = re.compile(r"(?<=\n)(\d{2,9})(?=[.)])")

_POP_EMBEDDING, _POP_ISOLATE = "\u202c", "\u2069"
_CLOSED_BY = dict.fromkeys("\u202a\u202b\u202d\u202e", _POP_EMBEDDING) | dict.fromkeys(
    "\u2066\u2067\u2068", _POP_ISOLATE
)


def escaped(text: str) -> str:
    """Write a text so that Markdown shows it and nothing of it acts: one paragraph, without links, markup or HTML."""
    line = _ACTIVE.sub(r"\\\g<0>", _LINE_BREAK.sub("\n", text))
    line = _NUMBERED_LINE.sub(r"\1\\", line)
    if line.count("$") > 1:
        line = line.replace("$", r"\$")
    return line + _closing(text)


def destination(url: str) -> str:
    """Write a web address so that it can stand between the parentheses of a link; most addresses stay as they are."""
    written = quote(url, safe="%/:?#@!$&'*+,=~", errors="replace")
    return _IPV6_HOST.sub(r"\1[\2]", written)


def _closing(text: str) -> str:
    """What ends the changes of writing direction that a text leaves open, so that they do not turn what follows it.

    The rules are X1 to X7 of Unicode's bidirectional algorithm (https://unicode.org/reports/tr9/).
    """
    pending: list[str] = []
    for character in text:
        if closer := _CLOSED_BY.get(character):
            pending.append(closer)
        elif character == _POP_EMBEDDING and pending[-1:] == [_POP_EMBEDDING]:
            pending.pop()
        elif character == _POP_ISOLATE and _POP_ISOLATE in pending:
            while pending.pop() != _POP_ISOLATE:
                pass
    return "".join(reversed(pending))
