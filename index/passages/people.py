"""How news calls people and says that they speak: nouns for persons, verbs of saying. Pure.

One list for all that ask: who speaks where a passage only says “he said” or “the mayor said”, whether a name is a
person's, and how far speech goes that is quoted.

Endings tell most nouns for persons by what they do or are; what ends alike and is an organisation, a paper or a machine
is listed, as are persons with other endings. “The company said” and “the statement said” have speakers of their own.
"""

from __future__ import annotations

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

SAYS = rf"(?:{_SAYING.replace(' ', '|')})\b(?! (?:off|out|up|by)\b)"
"""A regular expression for one of these verbs, past or third person; not for “called off” or “reported by”."""

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
    rf"(?!(?:{_NO_PERSONS.replace(' ', '|')})\b)(?:[a-z]+(?:er|or|eer|ist|cian|man|woman|person)|[1-9]\d-year-old|"
    rf"{_PERSONS.replace(' ', '|')})\b"
)
"""A regular expression for a noun by which a person is called, in the singular."""
