"""After which abbreviations a sentence goes on, and with what. Patterns only; `index.passages.sentences` joins by them.

They are what `sentencex` does not know, found by trying it on press articles, releases and court papers: what stands
before names, what stands before figures, the clock and the calendar. A word that may also end a sentence (“in Nov.”)
goes on only with what can follow it.
"""

from __future__ import annotations

import regex

from onrecord.index.passages.vocabulary import MONTHS, SAYS, WEEKDAYS, any_of

_BEFORE_NAMES = (
    "Adm Amb Assoc Asst Atty Br Brig Capt Cllr Cmdr Cmdre Col Cpl Cpt Ct Dep Det Dir Ens ex Fr Ft Gen Gov Hon Insp Lt "
    "Maj Messrs Mlle Mme Mmes Mr Mrs Ms Mses Msgr Mt Mx Ofc Pfc Pres Prof Pt Pte Pvt rel Rep Reps Rev Sen Sens Sgt "
    "Spc Ste Supt v vs"
)
"""Titles and what else is never the end of a sentence: a name follows."""

_WITHIN_NAMES = (
    "Admin Assn Ave Bd Bldg Blvd Bros Bur Chem Cir Civ Cnty Co Coll Comm Conf Cong Corp Crim Ct Cty Dept Dist Div "
    "Elec Fdn Fed Fin Gov't Govt Hosp Inc Indus Inf Ins Inst Int'l Intl Ltd Med Mem Mfg Mfr Mil Nat'l Natl Pharm Proc "
    "Rd Sch Sci Sec Soc Sr St Stat Subch Supp Tech Tel Tpk Transp Univ"
)
"""What may stand within a name and may end it."""

_BEFORE_FIGURES = (
    "app approx appx apt art arts bldg c ca cca cf ch chap cl col cu dept div est ex exh ext fig figs fl fn ft hr hrs "
    "hwy lb lbs max mi min n no nos op oz p par para paras pg pp pt pts reg regs rm rt rte sec secs sect sq stat ste "
    "subd subsec supp tab tel tit vol vols wt yd yds yr yrs"
)
"""What a figure follows: “No. 2”, “approx. 40 tons”, “6 ft. 2 in.”."""

_MONTH = any_of(f"{MONTHS} Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec")
_DAY = any_of(f"{WEEKDAYS} Mon Tues Tue Wed Thurs Thur Thu Fri Sat Sun")
_ZONE = r"(?:[ECMP][SD]?T|A[EC]?[SD]T|[BIWC]E?ST|CET|GMT|UTC|SGT|HKT|Eastern|Central|Mountain|Pacific|Greenwich)"

_FIRST_WORDS = (
    "A According After All Also Although An And Another Any Anyone Are As At Because Before Both But By Did Do Does "
    "During Each Even Every Few For From He Her His How However I If In Is It Its Later Many Meanwhile Most My No "
    "Nobody None Nor Not Now On Once One Only Or Other Others Our She Since So Some Still Such That The Their Then "
    "There These They This Those Though Three To Today Two Under Until We Were What When Where Which While Who Why "
    "Will With Without Yet You Your"
)
FIRST_WORD = rf"[“\"‘'(\[]*{any_of(_FIRST_WORDS)}\b(?![.&-])"
"""A regular expression for a word with which a sentence begins rather than the rest of a name."""

_CLOCK = r"(?<=\d\s?)(?:[ap]\.m|[AP]\.M)\."
_FIGURE = r"[(\[$£€§#]*\d"


_WORDS = "art DC fed ill ID mar may May me miss no OK tech"
"""Words, of which the library takes a full stop for the mark of an abbreviation."""


def _pair(before: str, after: str) -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    return regex.compile(rf"{before}\s*$"), regex.compile(after)


def _abbreviation(words: str, flag: str = "") -> str:
    return rf"(?<![\w.])(?{flag}:{any_of(words)})\."


GOES_ON = (
    _pair(_abbreviation(_BEFORE_NAMES), r"[\p{Lu}\d“\"‘(]"),
    _pair(_abbreviation(_WITHIN_NAMES), rf"(?!{FIRST_WORD})(?:\p{{Lu}}|\d+d\b)"),
    _pair(_abbreviation(_BEFORE_FIGURES, "i"), r"(?:[$£€#(\[]|§+\s?)*\d|\([a-z\d]+\)"),
    _pair(_CLOCK, rf"[(\[]?(?:(?:{_MONTH}|{_DAY}|{_ZONE})\b|(?:\p{{Lu}}\w+ ){{1,2}}time\b)"),
    _pair(rf"(?<!\w){_MONTH}\.", r"\d"),
    _pair(rf"(?<!\w){_DAY}\.", rf"{_MONTH}\b|\d"),
    _pair(r"[?!][”\"’']", rf"(?:[\w’'-]+\.? ){{1,3}}{SAYS}"),
)
"""What stands before and what behind a place at which no sentence ends."""

ENDS = regex.compile(
    rf"{_CLOCK}\s+(?=[“\"‘]?\p{{Lu}}|\d)|(?<![\w.]){any_of(_WORDS)}\.\s+(?=\p{{Lu}}\p{{Ll}})"
    r"|(?<=(?:^|[.!?][”\"’']?) ?)\([\p{Lu}“\"][^()]*[.!?]\)\s+(?=[“\"]?\p{Lu})"
    rf"|(?<![\w.])(?:\p{{L}}\.){{2,}}\s+(?=(?:The|He|She|It|They|We|But|His|Her)\b)"
)
"""White space, with what stands before it, at which a sentence ends where the library sees no end."""
