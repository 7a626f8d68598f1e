import pytest

from index.records import Article, PassageKind
from index.split import leads, split

SPOKEN = "“The harbour will close for two winters,” Ada Moss told reporters on the pier in front of the dockers."
UNNAMED = "She warned that the dockers would go on strike if nobody paid them for the time that they would lose."
OTHER = "The harbour was dug in the year of the great storm, and it has been closed only once in all that time since."


def lead_of(*paragraphs: str) -> str:
    """What is read before the last of the paragraphs."""
    article = Article.create(source="text:speakers", text="\n\n".join(paragraphs), title="")
    passages = split(article)
    assert all(passage.kind is PassageKind.BODY for passage in passages)
    last = leads(article, passages)[-1]
    return article.text[last.start : last.end]


@pytest.mark.parametrize(
    ("unnamed", "lead"),
    [
        (UNNAMED, "Ada Moss told reporters on the pier in front of the dockers"),
        ("“We will fight it to the end of the year and beyond,” she added.", "Ada Moss told reporters on the pier"),
        ("“We will fight it to the end of the year and beyond,” said she.", "Ada Moss told reporters on the pier"),
    ],
)
def test_who_he_or_she_is_stands_before_what_they_say(unnamed: str, lead: str) -> None:
    assert lead_of(SPOKEN, OTHER, unnamed).startswith(lead)


@pytest.mark.parametrize(
    "last",
    [
        "The pier was built much later than the harbour, and nobody has ever thought of closing it for a whole winter.",
        "Moss said that she warned the council about the dockers in the spring of the year before the last one.",
        "He liked the harbour as it was before, and so did everyone else who had ever come by to see it at night.",
    ],
)
def test_a_passage_that_names_its_speaker_or_has_none_keeps_what_stands_before_it(last: str) -> None:
    assert lead_of(SPOKEN, OTHER, last) == OTHER


def test_a_lead_that_names_the_speaker_stays() -> None:
    assert lead_of(OTHER, SPOKEN, UNNAMED) == SPOKEN


def test_the_speaker_named_last_is_meant() -> None:
    said = "“That is not so, and everybody at the council knows it very well by now,” said Mayor Tom de Vries, again."
    assert lead_of(SPOKEN, said, OTHER, UNNAMED) == "said Mayor Tom de Vries"


def test_a_speaker_named_long_before_is_not_meant() -> None:
    others = [f"{OTHER} The {ordinal} time was long ago." for ordinal in ("first", "second", "third", "fourth")]
    assert lead_of(SPOKEN, *others, UNNAMED) == others[-1]
