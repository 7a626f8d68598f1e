"""Yes/no questions made from plain statements; the sentence that decides them is their answer, whatever it decides.

"The river was dammed in 1936." → "Was the river dammed in 1936?" The span is what the sentence says of its subject. A
changed number asks about another value, which the same sentence decides.
"""

import random
import re
from dataclasses import dataclass

from training.data.repair import words
from training.data.splits import Span

_AUXILIARY = re.compile(r" (is|was|are|were|will|can|has|have|had|could|would|must|should) (?!\w+ly )")
_PAST = """
announced/announce won/win became/become began/begin left/leave took/take gave/give led/lead lost/lose said/say
asked/ask wanted/want received/receive joined/join moved/move played/play signed/sign killed/kill helped/help
agreed/agree refused/refuse rejected/reject accepted/accept supported/support opposed/oppose threatened/threaten
warned/warn promised/promise denied/deny approved/approve ordered/order attacked/attack captured/capture
published/publish released/release wrote/write discovered/discover defeated/defeat married/marry died/die
arrived/arrive returned/return sold/sell bought/buy introduced/introduce adopted/adopt developed/develop
produced/produce established/establish created/create opened/open closed/close ended/end started/start
reached/reach formed/form paid/pay sent/send kept/keep met/meet saw/see visited/visit voted/vote
confirmed/confirm criticized/criticize described/describe predicted/predict appointed/appoint resigned/resign
"""
_PRESENT = """
wants/want plans/plan has/have includes/include contains/contain requires/require provides/provide uses/use
offers/offer allows/allow believes/believe supports/support opposes/oppose says/say makes/make lives/live
works/work owns/own plays/play remains/remain produces/produce operates/operate controls/control holds/hold
seeks/seek needs/need expects/expect trusts/trust faces/face leads/lead
"""
_VERBS = {form: ("Did", base) for form, base in (pair.split("/") for pair in _PAST.split())} | {
    form: ("Does", base) for form, base in (pair.split("/") for pair in _PRESENT.split())
}
_OPENERS = words(
    """
    This That These Those There It He She They We I You His Her Its Their In On At By For With From After Before
    During While When Although Though If As Because Since However But And Or So Some Many Most One Such What Who
    Which How Also Then More Here Not Both Each Other Another All Despite According Under Until Our My Your No
    """
)
_CLAUSE_END = re.compile(r"[,;:(–—]| (?:which|who|because|although|while|but|when|where|whereas|since|as) ")
_DETERMINERS = words("The A An")
_NUMBER = re.compile(r"\b\d{1,4}\b")


@dataclass(frozen=True, slots=True)
class Polar:
    """A yes/no question and the span that decides it, in the offsets of the text the sentence stands in."""

    question: str
    span: Span


def ask(text: str, sentence: Span, rng: random.Random) -> Polar | None:
    """Return a yes/no question that the sentence decides, or None where it is not a plain statement."""
    body = text[sentence.start : sentence.end].rstrip(".!? ")
    words = body.split(" ")
    if not 6 <= len(words) <= 40 or words[0] in _OPENERS or not body[0].isupper() or re.search(r"[\"“”?\n]|http", body):
        return None
    parts = _fronted(words)
    if parts is None:
        return None
    subject, auxiliary, rest_at, verb = parts
    rest = " ".join(words[rest_at:])
    cut = _CLAUSE_END.search(rest)
    rest = rest[: cut.start()] if cut else rest
    if not 2 <= len(rest.split()) <= 12 or (verb and _AUXILIARY.search(rest)):
        return None
    begin = len(" ".join(words[: len(subject)])) + 1
    end = len(" ".join(words[:rest_at])) + 1 + len(rest)
    if subject[0] in _DETERMINERS:
        subject = [subject[0].lower(), *subject[1:]]
    asked = rest
    number = _NUMBER.search(rest)
    if number and rng.random() < 0.4:
        other = max(2, int(number.group()) + rng.choice((-3, -2, -1, 1, 2, 3, 5, 10)))
        asked = rest[: number.start()] + str(other) + rest[number.end() :]
    question = " ".join([auxiliary, *subject, *verb, asked]) + "?"
    return Polar(question, Span(sentence.start + begin, sentence.start + end))


def _fronted(words: list[str]) -> tuple[list[str], str, int, list[str]] | None:
    """Return (subject, auxiliary, index of what follows the verb, base verb or nothing)."""
    for index, word in enumerate(words[1:6], start=1):
        subject = words[:index]
        if any(not part[0].isalnum() or part[-1] in ",;:" for part in words[: index + 1] if part):
            return None
        if any(
            part in ("of", "in", "and", "for", "that", "to", "with", "on", "by", "from", "at", "or") for part in subject
        ):
            return None
        if _AUXILIARY.fullmatch(f" {word} ") and words[index + 1][-2:] != "ly":
            return subject, word.capitalize(), index + 1, []
        if word in _VERBS and word not in ("has", "had"):
            auxiliary, base = _VERBS[word]
            return subject, auxiliary, index + 1, [base]
    return None
