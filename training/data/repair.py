"""Text as real articles have it: tokenized text put back together, titles cleaned, quotes made typographic."""

import re
from dataclasses import replace

from training.data.splits import Row, Span

_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
_CLOSING = re.compile(r"[,.;:?!%)\]}”…]+|'s|n't|'re|'ve|'ll|'d|'m|'", re.IGNORECASE)
_OPENING = frozenset("([{$£€“#")
_MEANINGLESS = re.compile(
    r"Amazon_Reviews_\d+|Filtered_Reddit_Comments|pair|group|order\+overlap|wikinews|wikipedia|[\d_.-]*"
)


def repair(row: Row) -> Row:
    """Return the row with its tokenized context and question put back together, offsets following their text."""
    if not row.tokenized:
        return row
    context, places = _joined(row.context)
    spans = tuple(Span(places[span.start], places[span.end]) for span in row.answers)
    question, _ = _joined(row.question)
    return replace(
        row, context=context, question=question, answers=tuple(span for span in spans if span.start < span.end)
    )


def _joined(text: str) -> tuple[str, list[int]]:
    """Return the text put back together, and where each old offset, the end included, now lies."""
    parts: list[str] = []
    places = [0] * (len(text) + 1)
    length = 0
    glue = True
    open_quote = False
    matches = list(re.finditer(r"\S+", text))
    for found in matches:
        piece, old = _BRACKETS.get(found.group(), found.group()), found.group()
        closes = False
        if piece in ("``", "''", '"'):
            closes = piece == "''" or (piece == '"' and open_quote)
            open_quote = not closes
            piece = "”" if closes else "“"
        joins = piece in ("-", "--") and not glue
        if piece == "--":
            piece = "–"
            joins = parts[-1:] != [] and parts[-1][-1:].isdigit()
        if not (glue or joins or closes or _CLOSING.fullmatch(piece)):
            parts.append(" ")
            length += 1
        for index in range(len(old) + 1):
            places[found.start() + index] = length + min(index, len(piece)) if index < len(old) else length + len(piece)
        parts.append(piece)
        length += len(piece)
        glue = joins or piece in _OPENING
    for index in range(matches[-1].end() if matches else 0, len(text) + 1):
        places[index] = length
    return "".join(parts), places


def clean_title(title: str, source: str) -> str:
    """Return a title as a reader would be shown it, empty where it says nothing."""
    if source == "newsqa_cnn" or _MEANINGLESS.fullmatch(title):
        return ""
    if source == "fairytaleqa":
        return title.replace("-", " ")
    return re.sub(r"%[0-9A-F]{2}", "", title).replace("_", " ").strip()


def typographic(text: str) -> str:
    """Return the text with curly quotes and apostrophes, every character in its old place."""
    text = re.sub(r"(?<![^\s(\[—–-])\"(?=\S)", "“", text).replace('"', "”")
    return re.sub(r"(?<![^\s(\[—–“-])'(?=\S)", "‘", text).replace("'", "’")


_WORD = re.compile(r"\w+")


def words(text: str) -> frozenset[str]:
    """Return the words of a list written as text."""
    return frozenset(text.split())


_STOP = words(
    """
    a an the of in on at to for by with from and or is was were are be been did do does has have had what who
    when where which why how many much that this it its as
    """
)


def content_words(text: str) -> set[str]:
    """Return the lower-cased words that carry meaning."""
    return {word for word in _WORD.findall(text.lower()) if word not in _STOP}
