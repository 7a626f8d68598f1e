"""Nouns for persons by what they do or are, as “the mayor” in “the mayor said”. Pure.

Endings tell most of them; what ends alike and is an organisation, a paper or a machine is listed, as are persons with
other endings. “The company said” and “the statement said” have speakers of their own.
"""

from __future__ import annotations

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
"""A regular expression for one of them, in the singular."""
