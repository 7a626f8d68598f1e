"""How far a highlight must reach so that it does not say the contrary of its sentence. Pure.

Of “None of the 41 passengers died” a reader may point at 41, of “not more than 10 or 20” at 10, of “Delta was expected
to win” at Delta. What turns such words round stands beside them: a quantity of which they are the whole, a bound, the
other half of an alternative, a negation, a plan that was only one. The highlight takes it in, and a figure's sign and
unit; it never loses a word, nor leaves its sentence.
"""

from __future__ import annotations

import regex

_REACH = 160
"""How far before a highlight is looked, in code points: longer than any of these expressions."""

_MOST_STEPS = 4
"""“All but 3” of “of the 40”, “not more than” before “10 or 20”: what turns round is itself turned round no oftener."""

_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen"
)
_NUMBER = rf"(?:[$£€]?\d[\d.,:]*\d|[$£€]?\d|\b(?:{_NUMBER_WORDS})(?:-(?:{_NUMBER_WORDS}))?\b)"
_NAME = r"(?:[Tt]he )?\p{Lu}[\w&’'-]*(?: \p{Lu}[\w&’'-]*){0,3}"

_AUXILIARY = (
    r"(?:is|are|was|were|be|been|has|have|had|does|do|did|will|would|shall|should|can|could|may|might|must|need)"
)
_NEGATION = "not(?! (?:only|just|least|to mention))"
_NOT = (
    rf"(?:\b(?:{_AUXILIARY} (?:also |still |yet )?{_NEGATION}|can ?not|neither|nor)\b"
    rf"|\b(?:{_AUXILIARY} )?(?:never|no longer)\b"
    r"|\b\w+n[’']t\b)"
)
_PLANNED = (
    r"\b(?:(?:was|were|had been) (?:expected|supposed|due|meant|scheduled|slated|believed|thought|rumou?red|unlikely)"
    r"(?: to(?: have)?)?|had (?:planned|hoped|promised|wanted|intended|meant|expected) to|(?:was|were) to(?: have)?"
    r"|(?:should|would|could|might|may) have|failed to)\b"
)
_DENIED = (
    rf"\b(?:den(?:y|ies|ied|ying)|without|instead of|rather than|except(?: for)?|other than|unlike|no"
    rf"|(?:{_AUXILIARY} )?{_NEGATION}|hardly|barely"
    r"|neither|(?:no|any) (?:evidence|proof|sign) (?:of|that))\b"
)

_WORDS = r"(?:(?!(?:but|and|or|nor|which|who|whom|while|until|if|when|because(?! of))\b)[\w’'$£€-]+(?:[.,]\d+)* ){0,5}"
_ARTICLE = "(?:the |half |a |an )*"
_BOUND = (
    r"\b(?:(?:not |no )?(?:more|less|fewer|later|earlier|higher|lower|older|younger|longer|shorter|better|worse) than"
    r"|at (?:the )?(?:very )?(?:least|most)|(?:not )?(?:only|up to)|as (?:many|much|few|little|late|early) as|all but"
    rf"|not (?:until|before|quite|even)) {_ARTICLE}"
)
_BOUND_OF_NUMBER = rf"\b(?:nearly|almost|over|under|below|above|between) {_ARTICLE}"
_OWNED = "(?:the |its |their |his |her |our |these |those |all )"
_SHARE = (
    r"\b(?:(?:none|no one|nobody|not (?:a single )?one|neither|few|fewer|half|most|all|both|each|some|many|several"
    rf"|hardly any|(?:a|the) (?:third|quarter|half|majority|minority|handful|few)) of {_OWNED}*"
    rf"|{_NUMBER}(?: in| out)? of {_OWNED}+)"
)

_LEFT = tuple(
    regex.compile(rf"(?i:{pattern})$")
    for pattern in (
        _SHARE,
        _BOUND,
        rf"(?:{_NOT}|{_PLANNED}) (?:that )?{_WORDS}",
        rf"{_DENIED} (?:that )?(?:(?!(?:but|and|or|nor|because(?! of))\b)[\w’'-]+ ){{0,3}}",
    )
)
_LEFT_OF_NUMBER = regex.compile(
    rf"(?:[$£€]|(?<!\w)[−’'-]|(?<![\w.,])(?:{_NUMBER}(?: or |[–-])|(?<!\bfrom )(?!(?:1\d|20)\d\d to){_NUMBER} to )"
    rf"|{_BOUND_OF_NUMBER})$"
)
_LEFT_OF_NAME = regex.compile(rf"(?:\b[Ee]ither )?{_NAME} or $")
_RIGHT_OF_NUMBER = regex.compile(
    rf"(?: or |[–-]){_NUMBER}|(?<=\d) ?(?:[ap]\.m\.|[AP]\.M\.|[ap]m\b|%|‰|°[CF]?|[CF]\b)|"
    r" (?:per cent|percent|pct|thousand|million|billion|trillion)\b|(?<=\d)(?:bn|m|k)\b"
)
_RIGHT_OF_NAME = regex.compile(rf" or {_NAME}")
_RIGHT = regex.compile(rf" (?:{_NOT}|{_PLANNED})(?P<clause>[^,;:.!?“”\"()]{{0,60}}(?=[,;:.!?“”\"()]|$))?")
_BARE_NO = regex.compile(r" [\w’'-]+")

_BEGINS_WITH_NUMBER = regex.compile(rf"(?i:{_NUMBER})")
_ENDS_WITH_NUMBER = regex.compile(rf"(?i:{_NUMBER})$")
_IS_NAME = regex.compile(_NAME)


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Half-open offsets of a highlight with all that turns it round.

    Args:
        text: the sentences that the highlight may not leave.
        start: where it begins in the text.
        end: past its end.
    """
    for _ in range(_MOST_STEPS):
        start, end = _wider(text, start, end)
    return start, end


def _wider(text: str, start: int, end: int) -> tuple[int, int]:
    """One step: what stands on either side, if it turns round what is between."""
    left, right = [*_LEFT], [_RIGHT]
    if _BEGINS_WITH_NUMBER.match(text, start, end):
        left.append(_LEFT_OF_NUMBER)
    if _ENDS_WITH_NUMBER.search(text, start, end):
        right.append(_RIGHT_OF_NUMBER)
    if _IS_NAME.fullmatch(text, start, end):
        left.append(_LEFT_OF_NAME)
        right.append(_RIGHT_OF_NAME)
    if text[start:end].lower() == "no":
        right.append(_BARE_NO)
    before = [pattern.search(text, max(0, start - _REACH), start) for pattern in left]
    after = [pattern.match(text, end) for pattern in right]
    return (
        min([start, *(found.start() for found in before if found)]),
        max([end, *(found.end() for found in after if found)]),
    )
