import pytest

from onrecord.index.passages.context import leads
from onrecord.index.passages.split import split
from onrecord.index.records import Article, PassageKind

SPOKEN = "“The harbour will close for two winters,” Ada Moss told reporters on the pier in front of the dockers."
UNNAMED = "She warned that the dockers would go on strike if nobody paid them for the time that they would lose."
OTHER = "The harbour was dug in the year of the great storm, and it has been closed only once in all that time since."
MAYOR = "“We will fight it to the end of the year and for as long as it takes us,” the mayor said on the same evening."


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
        ("“We will fight it to the end of the year and beyond,” she recalls.", "Ada Moss told reporters on the pier"),
    ],
)
def test_who_he_or_she_is_stands_before_what_they_say(unnamed: str, lead: str) -> None:
    assert lead_of(SPOKEN, OTHER, unnamed).startswith(lead)


@pytest.mark.parametrize(
    ("spoken", "lead"),
    [
        ("“It will close,” the owner of the pier, Ada Moss, admitted.", "pier, Ada Moss, admitted"),
        ("“It will close,” said the owner of the pier, Ada Moss.", None),  # too far from the verb to be sure of it
        ("“It will close,” said the pier owner, Ada Moss.", "said the pier owner, Ada Moss"),
        (
            "Ada Moss, who owns the pier, later conceded that it will close.",
            "Ada Moss, who owns the pier, later conceded",
        ),
        ("The harbour, insisted Ada Moss, will close for two winters.", "insisted Ada Moss"),
        ("Ada Moss accused them of lying about the harbour.", "Ada Moss accused them of lying about the harbour"),
    ],
)
def test_a_speaker_is_known_by_where_the_name_stands_beside_the_verb(spoken: str, lead: str | None) -> None:
    spoken += " It had been feared by the dockers for as long as anybody in the town can think back."
    found = lead_of(spoken, OTHER, UNNAMED)
    assert found == OTHER if lead is None else found.startswith(lead)


@pytest.mark.parametrize(
    "spoken",
    [
        "They said Ada Moss would close the harbour for two winters, and that nobody should be told of it before May.",
        "A letter told Ada Moss that the harbour would be closed for two winters, and that nobody should hear of it.",
        "The Greens said that the harbour would be closed for two winters, and that they had known it since last May.",
        "Police said that the harbour would be closed for two winters; the police had told everybody so, last in May.",
        "“So Ada Moss said that it would close, and what of that?” is what one could hear that night on every street.",
        "Mr Moss said that the harbour would be closed for two winters, and that he had known it since the last May.",
        "Near Bergen, Norway, said one of them, the harbour had been closed for two winters, and nobody minded that.",
    ],
)
def test_a_name_that_is_not_the_speakers_or_nobodys_is_not_read_before_a_passage(spoken: str) -> None:
    assert lead_of(spoken, OTHER, UNNAMED) == OTHER


@pytest.mark.parametrize(
    "last",
    [
        "The pier was built much later than the harbour, and nobody has ever thought of closing it for a whole winter.",
        "Moss said that she warned the council about the dockers in the spring of the year before the last one.",
        "He liked the harbour as it was before, and so did everyone else who had ever come by to see it at night.",
        "Tom Vries himself was less impressed by that. “I should have paid the dockers long ago,” he said at night.",
        "The baker Tom Vries, 60, was stuck in the harbour. “I should have paid the dockers long ago,” he said later.",
        "Moss was less impressed by what she had read. “I should have paid the dockers long ago,” she said at night.",
    ],
)
def test_a_passage_that_names_its_speaker_or_has_none_keeps_what_stands_before_it(last: str) -> None:
    assert lead_of(SPOKEN, OTHER, last) == OTHER


def test_a_lead_that_names_the_speaker_stays() -> None:
    assert lead_of(OTHER, SPOKEN, UNNAMED) == SPOKEN


def test_the_speaker_named_last_is_meant() -> None:
    said = "“That is not so, and everybody at the council knows it very well by now,” said Mayor Tom de Vries, again."
    assert lead_of(SPOKEN, said, OTHER, UNNAMED.replace("She", "He")) == "said Mayor Tom de Vries"


def test_a_person_of_whom_a_nearer_passage_tells_is_meant_and_not_who_spoke_before() -> None:
    told = (
        "Ingrid Solheim, who is 80, built the pier. It took her eleven years, and it still stands beside the harbour."
    )
    long = f"{told} {OTHER} {OTHER}"
    assert lead_of(SPOKEN, long, UNNAMED) == "Ingrid Solheim, who is 80"


def test_where_a_nearer_passage_tells_of_two_persons_nobody_is_meant() -> None:
    told = f"Ingrid Solheim, 80, built the pier with Tom Vries, 81, who later left. {OTHER} {OTHER}"
    assert lead_of(SPOKEN, told, UNNAMED).endswith(OTHER)


def test_a_speaker_named_long_before_is_not_meant() -> None:
    others = [f"{OTHER} The {ordinal} time was long ago." for ordinal in ("first", "second", "third", "fourth")]
    assert lead_of(SPOKEN, *others, UNNAMED) == others[-1]


@pytest.mark.parametrize(
    ("introduced", "description", "lead"),
    [
        (
            "Mayor Ada Moss met the dockers on the pier at noon",
            "the mayor",
            "Mayor Ada Moss met the dockers on the pier",
        ),
        ("The dockers met Ada Moss, the mayor of the town, at noon", "the mayor", "Ada Moss, the mayor of the town"),
        ("The dockers met the mayor, Ada Moss, at noon on the pier", "the angry mayor", "mayor, Ada Moss"),
        ("Ada Moss, 19, met the dockers on the pier at noon", "the teenager", "Ada Moss, 19, met the dockers"),
        ("Ada Moss, 41, met the dockers on the pier at noon", "the 41-year-old", "Ada Moss, 41, met the dockers"),
    ],
)
def test_who_is_described_when_they_speak_is_who_was_given_the_description(
    introduced: str, description: str, lead: str
) -> None:
    introduced += ", a week after the council had voted to close the harbour for two winters in a row."
    said = SPOKEN.replace("Ada Moss", "Tom Vries")
    others = [f"{OTHER} The {ordinal} time was long ago." for ordinal in ("first", "second", "third", "fourth")]
    speaks = MAYOR.replace("the mayor", description)
    assert lead_of(introduced, *others, said, speaks).startswith(lead)
    inverted = speaks.replace(f"{description} said", f"said {description},")
    assert lead_of(introduced, *others, said, inverted).startswith(lead)


@pytest.mark.parametrize(
    ("introduced", "speaks"),
    [
        ("Mayor Ada Moss met Mayor Tom Vries on the pier", MAYOR),  # either
        ("Deputy Mayor Ada Moss met the dockers on the pier", MAYOR),
        ("Mayor Ada Moss met the dockers on the pier", MAYOR.replace("the mayor", "the deputy mayor")),
        ("Mayor Ada Moss met the dockers on the pier", MAYOR.replace("the mayor", "the owner")),
        ("The council met Brightwell Home, the company, on the pier", MAYOR.replace("the mayor", "the company")),
        ("In a statement, Brightwell denied it on the pier", MAYOR.replace("the mayor", "the statement")),
        ("In Larnholm, the mayor of the town, had met everybody", MAYOR),
    ],
)
def test_a_description_that_nobody_or_more_than_one_was_given_names_nobody(introduced: str, speaks: str) -> None:
    introduced += ", a week after the council had voted to close the harbour for two winters in a row."
    assert lead_of(introduced, OTHER, speaks) == OTHER
