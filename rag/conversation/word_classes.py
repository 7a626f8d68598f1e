"""Classes of English words: `rag.conversation.grammar` and its like tell words apart by them.

Sets hold words case-folded; what reads articles too, for their capitals, is a regular expression.
"""

from __future__ import annotations

from onrecord.index.passages.vocabulary import MONTHS, TITLES, WEEKDAYS, any_of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OPENINGS = _words("and but so then also ok okay well now please plus or")
WH_WORDS = _words("what which who whom whose when where why how")
DEGREES = _words("many much long often far old big large strong tall high deep heavy fast well soon bad")
"""What “how” may ask for the degree of."""

DO = _words("do does did will would can could shall should may might must")
"""Auxiliaries that a verb follows after the subject."""

HAVE = _words("has have had")
BE = _words("is are was were be been being")
AUXILIARIES = DO | HAVE | BE
PREPOSITIONS = _words(
    "about according across after against among around as at before behind between by during for from in inside into "
    "near of off on onto out outside over since than through to toward towards under until up via with within without"
)
ARTICLES = _words("the a an")
DEMONSTRATIVES = _words("that this these those")
DETERMINERS = ARTICLES | DEMONSTRATIVES | _words("some any all both each every no another other")
NUMBERS = _words("many two three four five six seven eight nine ten dozens hundreds thousands")

OF_PERSONS = _words("he she him his her hers")
OF_MANY = _words("they them their theirs")
NOMINATIVE = _words("he she they")
ACCUSATIVE = _words("him her them")
POSSESSIVE = _words("his her hers its their theirs")
PERSONAL = OF_PERSONS | OF_MANY | {"it", "its"}

SAYING = _words("say says said think thinks thought claim claims claimed believe believes believed")
"""What a statement may depend on: “what did she say it costs?”"""

SAYS_WHO = any_of("said says added")
"""What stands before who is quoted: “said Ada Moss”."""

CONJUNCTIONS = _words("who that when if because after before while whether")
FUNCTION_WORDS = (
    OPENINGS
    | WH_WORDS
    | AUXILIARIES
    | PREPOSITIONS
    | DETERMINERS
    | PERSONAL
    | CONJUNCTIONS
    | _words(
        "i me my you your we us our myself himself herself itself themselves there here not exactly actually really "
        "still yet ever just only too again else more most much many long often far soon one ones such own same s"
    )
)
PARTICIPLES = _words(
    "born built bought brought caught cut done driven found fought given gone held hit hurt kept known left lost made "
    "met paid put seen sent set shot shut sold said spent struck sunk taken taught told thrown won written"
)
"""Irregular ones: a noun phrase ends before them."""

CALENDAR = _words(f"{MONTHS} {WEEKDAYS}".casefold())
SPANS_OF_TIME = _words("week month year summer winter spring autumn morning afternoon evening time")
GROUPS = _words(
    "agency alliance army association authority bank board brigade bureau campaign club coalition command commission "
    "committee company congress corps council court department faction force forces foundation front group guard "
    "institute league militia ministry movement museum navy network office organisation organization parliament party "
    "police port resistance school senate team union university"
)
"""What a name ends in, or holds, that is no person's."""

_FURTHER_TITLES = (
    "Imam Ayatollah Rabbi Bishop Father Sister Premier Ambassador Major Admiral Spokesman Spokeswoman spokesman "
    "spokeswoman"
)
TITLE = rf"{any_of(f'{TITLES} {_FURTHER_TITLES}')}\.?"
"""A regular expression for what stands before a person's name."""
