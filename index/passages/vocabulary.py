"""How news calls people, says that they speak, and dates: nouns for persons, titles, verbs of saying, the calendar.

One list for all that ask: who speaks where a passage only says “he said” or “the mayor said”, whether a name is a
person's, how far speech goes that is quoted, and what a date line is. Lists of words are strings with blanks between.

Endings tell most nouns for persons by what they do or are; what ends alike and is an organisation, a paper or a machine
is listed, as are persons with other endings. “The company said” and “the statement said” have speakers of their own.
"""

from __future__ import annotations


def any_of(words: str) -> str:
    """A regular expression for one of the words."""
    return f"(?:{words.replace(' ', '|')})"


_SAYING = (
    "accused accuses acknowledged acknowledges added adds admits admitted agreed agrees alleged alleges announced "
    "announces answered answers apologised apologises apologized apologizes argued argues asked asks asserted "
    "asserts called calls cautioned cautions claimed claims commented comments complained complains conceded "
    "concedes concluded concludes confessed confesses confirmed confirms continued continues countered counters "
    "declared declares denied denies described describes estimated estimates explained explains insisted insists "
    "joked jokes lamented laments maintained maintains mused muses noted notes observed observes pleaded pleads "
    "predicted predicts promised promises protested protests quipped quips recalled recalls recounted recounts "
    "remarked remarks remembered remembers replied replies reported reports responded responds retorted retorts "
    "revealed reveals said says shouted shouts stated states stressed stresses suggested suggests tells threatened "
    "threatens told urged urges vowed vows warned warns whispered whispers writes wrote"
)

SAYS = rf"{any_of(_SAYING)}\b(?! (?:off|out|up|by)\b)"
"""A regular expression for one of these verbs, past or third person; not for “called off” or “reported by”."""

SAID = any_of("said added told continued wrote warned noted explained")
"""The few with which news attributes most of its quotations."""

_PERSONS = (
    "accountant actress agent aide analyst architect attorney boss boy captain chef chief clerk coach colleague "
    "deputy detective diplomat envoy executive general girl goalkeeper graduate headmistress husband judge king "
    "lieutenant midwife monk nun nurse official pilot poet premier president priest prince princess queen scientist "
    "secretary sergeant son student substitute superintendent surgeon teen veteran widow wife"
)
_NO_PERSONS = (
    "automaker banner border broadcaster bulletin carmaker carrier center chapter charter computer contractor cover "
    "developer distributor folder former indicator insurer latter ledger lender letter maker manufacturer monitor "
    "newsletter newspaper number operator order other paper poster power provider publisher register regulator "
    "retailer sensor supplier tanker tender tracker user weather"
)

ROLE = (
    rf"(?!{any_of(_NO_PERSONS)}\b)(?:[a-z]+(?:er|or|eer|ist|cian|man|woman|person)|[1-9]\d-year-old|"
    rf"{any_of(_PERSONS)})\b"
)
"""A regular expression for a noun by which a person is called, in the singular."""

TITLES = (
    "Mr Mrs Ms Dr Prof Professor Sir Lord Lady Dame Sheikh Pope King Queen Prince Princess President Minister "
    "Chancellor Secretary Senator Governor Mayor Judge Justice General Gen Colonel Col Captain Capt Lieutenant Lt "
    "Sergeant Sgt Inspector Officer Coach"
)
"""What stands before a person's name, in articles and in questions."""

TITLE = rf"{any_of(f'{TITLES} Miss Rev Sen Rep Gov Councillor Sheriff Chief')}\.?"
"""A regular expression for one of these, or of those that only articles have."""

TITLE_OF_A_MAN = any_of("Mr Sir Lord")
TITLE_OF_A_WOMAN = any_of("Mrs Ms Miss Lady Dame")

MONTHS = "January February March April May June July August September October November December"
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"


def abbreviated(words: str) -> str:
    """The words by their first three letters, in lower case."""
    return " ".join(word[:3].lower() for word in words.split())
