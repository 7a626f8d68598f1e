"""Verbs by which news says who speaks. Pure.

One list for all that ask: who speaks where a passage only says “he said”, whether a name is a person's, and how far
speech goes that is quoted.
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
"""A regular expression for one of them, past or third person; not for “called off” or “reported by”."""
