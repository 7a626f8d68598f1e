"""How news says that people speak, what it calls them, and dates: verbs of saying, titles, the calendar.

One list for all that ask: whether a name is a person's, how far speech goes that is quoted, where a sentence ends, and
what a date line is. Lists of words are strings with blanks between.
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

TITLES = (
    "Mr Mrs Ms Dr Prof Professor Sir Lord Lady Dame Sheikh Pope King Queen Prince Princess President Minister "
    "Chancellor Secretary Senator Governor Mayor Judge Justice General Gen Colonel Col Captain Capt Lieutenant Lt "
    "Sergeant Sgt Inspector Officer Coach"
)
"""What stands before a person's name, in articles and in questions."""

MONTHS = "January February March April May June July August September October November December"
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"


def abbreviated(words: str) -> str:
    """The words by their first three letters, in lower case."""
    return " ".join(word[:3].lower() for word in words.split())
