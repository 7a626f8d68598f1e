import random
from pathlib import Path

import pytest

from training.data.lexicon import Lexicon
from training.data.sentences import Crop
from training.data.splits import Row, Span
from training.questions.swaps import Swap, SwapKind, Swaps, in_passage
from training.questions.transplants import Transplants, patterns

LEXICON = Lexicon(
    opposites={("fail", "VERB"): ("succeed",)},
    siblings={("minister", "NOUN"): ("priest",)},
    synonyms={("begin", "VERB"): ("start",)},
)
CONTEXT = "In May 1973 the first talks failed. The minister left on the 4th day. Talks began again in June."


def row(question: str, context: str = CONTEXT) -> Row:
    return Row("squad2", "Talks", context, question, (Span(0, 2),))


def swapped(question: str, kind: SwapKind, seed: int = 1) -> str | None:
    swap = Swaps(LEXICON, random.Random(seed)).of(row(question), kind)
    return None if swap is None else swap.applied(question)


@pytest.mark.parametrize(
    ("question", "kind", "expected"),
    [
        ("Which talks failed?", SwapKind.OPPOSITE, "Which talks succeeded?"),
        ("What were the largest talks?", SwapKind.OPPOSITE, "What were the smallest talks?"),
        ("Which minister left?", SwapKind.THING, "Which priest left?"),
        ("When did the talks begin?", SwapKind.SAME, "When did the talks start?"),
    ],
)
def test_a_word_is_put_for_another_in_the_same_form(question: str, kind: SwapKind, expected: str) -> None:
    assert swapped(question, kind) == expected


@pytest.mark.parametrize("seed", range(20))
def test_numbers_and_series_never_become_what_the_passage_says(seed: int) -> None:
    year = swapped("What failed in 1973?", SwapKind.NUMBER, seed)
    assert year is not None
    assert "1973" not in year
    month = swapped("What failed in May?", SwapKind.SERIES, seed)
    assert month is not None
    assert "May" not in month
    assert "June" not in month
    assert (swapped("Who left on the 4th day?", SwapKind.NUMBER, seed) or "").endswith(
        ("2nd day?", "3rd day?", "5th day?", "6th day?", "9th day?", "14th day?", "1st day?")
    )


def test_how_many_is_never_how_few_and_names_keep_their_words() -> None:
    assert swapped("How long did it last?", SwapKind.OPPOSITE) in (None, "How long did it first?")
    assert swapped("Who was Long?", SwapKind.OPPOSITE) is None


def test_a_question_that_allows_nothing_gives_nothing() -> None:
    assert swapped("Who?", SwapKind.OPPOSITE) is None
    assert Swaps(Lexicon(), random.Random(1)).turning(row("Who?")) is None


def test_a_swap_in_the_passage_moves_the_answer_with_its_text() -> None:
    question, text = "Which talks failed in 1973?", "The first talks failed, and the second failed in May."
    part, answer = Crop(5, text, ""), Span(5 + text.index("May"), 5 + text.index("May") + 3)
    made = in_passage(row(question), part, Swap(SwapKind.OPPOSITE, 12, 18, "succeeded"), answer)
    assert made is not None
    crop, moved = made
    assert crop.text == "The first talks succeeded, and the second succeeded in May."
    assert crop.text[moved.start - crop.start : moved.end - crop.start] == "May"


def test_a_swap_never_touches_the_answer_nor_half_a_word() -> None:
    part = Crop(0, "The talks failed.", "")
    swap = Swap(SwapKind.OPPOSITE, 12, 18, "succeeded")
    assert in_passage(row("Which talks failed?"), part, swap, Span(4, 16)) is None
    assert in_passage(row("Which talks failed?"), Crop(0, "Talks failedly went.", ""), swap, Span(0, 5)) is None


def test_a_pattern_is_asked_of_a_name_that_the_passage_says_nothing_of_the_kind_about() -> None:
    known = patterns([row(f"Where was {name} born?") for name in ("Ada Lovelace", "Bell")])
    assert [(pattern.before, pattern.after) for pattern in known] == [("Where was ", " born?")]
    ask = Transplants(known * 12, random.Random(1)).ask
    assert ask("He met Kurt Gödel in Vienna.") in ("Where was Kurt Gödel born?", "Where was Vienna born?")
    assert ask("There Kurt Gödel was born.") is None
    assert ask("nobody is named here.") is None


def test_wordnet_files_give_related_words(tmp_path: Path) -> None:
    head = "  1 a licence line\n"
    files = {
        "data.verb": "00000100 40 v 01 win 0 001 ! 00000200 v 0101 00 | be first\n"
        "00000200 40 v 02 lose 0 miss 0 001 ! 00000100 v 0101 00 | not be first\n",
        "index.verb": "win v 1 1 ! 1 1 00000100\nlose v 1 1 ! 1 1 00000200\nmiss v 1 0 1 1 00000200\n",
        "data.noun": "00000300 05 n 01 animal 0 002 ~ 00000400 n 0000 ~ 00000500 n 0000 | lives\n"
        "00000400 05 n 01 cat 0 001 @ 00000300 n 0000 | purrs\n00000500 05 n 01 dog 0 001 @ 00000300 n 0000 | barks\n",
        "index.noun": "cat n 1 1 @ 1 1 00000400\ndog n 1 1 @ 1 1 00000500\n",
        "data.adj": "", "index.adj": "", "data.adv": "", "index.adv": "",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).write_text(head + text)
    known = {"win": 2, "lose": 2, "miss": 2, "cat": 1, "dog": 1}
    (tmp_path / "cntlist.rev").write_text("".join(f"{word}%{part}:00:00:: 1 9\n" for word, part in known.items()))
    lexicon = Lexicon.read(tmp_path)
    assert lexicon.like("won", lexicon.opposites) == ["lost"]
    assert lexicon.like("cats", lexicon.siblings) == ["dogs"]
    assert lexicon.like("missed", lexicon.synonyms) == ["lost"]
    assert lexicon.like("purple", lexicon.opposites) == []
