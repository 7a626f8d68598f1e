"""Profiles that are alike: answers stand where they are said to, and what is refused is really not told."""

import json
import random
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from training.data.packed import Example
from training.questions.profiles import PROFILE_KINDS, profile_examples
from training.questions.profiles.kinds import Fact, kinds
from training.questions.profiles.names import Name, fill, named, sibling

ALIKE = Path(__file__).parents[4] / "benchmarks" / "alike"


@pytest.fixture(scope="module")
def made() -> list[Example]:
    return list(profile_examples(4000, seed=3))


def test_the_same_seed_makes_the_same_examples() -> None:
    assert list(profile_examples(60, seed=8)) == list(profile_examples(60, seed=8))
    assert list(profile_examples(60, seed=8)) != list(profile_examples(60, seed=9))


def test_an_answer_is_told_in_the_passage_and_only_where_it_is_answered(made: list[Example]) -> None:
    for example in made:
        assert (example.answer is not None) is (example.kind == "profile")
        if example.answer is not None:
            answer = example.passage[example.answer.start : example.answer.end]
            assert answer
            assert answer == answer.strip(" ,")
            assert not re.match(r"\w", example.passage[example.answer.end :])


def test_the_kinds_have_their_shares(made: list[Example]) -> None:
    counts = Counter(example.kind for example in made)
    shares = [counts[kind] / len(made) for kind in PROFILE_KINDS]
    assert shares == pytest.approx([0.42, 0.22, 0.18, 0.18], abs=0.03)


def test_nothing_is_left_to_fill_in(made: list[Example]) -> None:
    for example in made:
        for text in (example.question, example.title, example.lead, example.passage):
            assert not re.search(r"[{}<>]|  |\.\.|^\W*$(?<=.)", text), text
        assert example.passage[0].isupper() or not example.passage[0].isalpha()


def test_a_name_that_is_not_there_stands_nowhere(made: list[Example]) -> None:
    for example in made:
        if example.kind != "profile_absent" or re.search(
            r" (crash|accident|election|by-election|vote|owl|hare|toad|finch)\b", example.question
        ):
            continue  # a name that ends in common words is not told from its surroundings here
        around = f"{example.title} {example.lead} {example.passage}".lower()
        asked = example.question.split(" ", 1)[1] if example.question.endswith("?") else example.question
        names = re.findall(r"\b[A-Z][\w’'.-]*(?: [A-Z0-9&][\w’'.-]*)*", asked)
        bare = [re.sub(r"['’]s?$", "", name).lower() for name in names]
        found = [re.search(rf"(?<!\w){re.escape(name)}(?!\w)", around) for name in bare]
        assert not names or not all(found), example


def test_no_question_opening_tells_whether_it_is_answered(made: list[Example]) -> None:
    openings: dict[str, list[bool]] = defaultdict(list)
    for example in made:
        openings[" ".join(example.question.lower().split()[:2])].append(example.answer is not None)
    common = {opening: answered for opening, answered in openings.items() if len(answered) >= 40}
    assert len(common) > 10
    for opening, answered in common.items():
        assert 0.2 < sum(answered) / len(answered) < 0.65, opening


def test_typed_forms_titles_and_leads_are_as_frequent_in_every_kind(made: list[Example]) -> None:
    by_kind = {kind: [example for example in made if example.kind == kind] for kind in PROFILE_KINDS}
    for examples in by_kind.values():
        assert sum(e.question == e.question.lower() for e in examples) / len(examples) == pytest.approx(0.27, abs=0.06)
        assert sum(bool(e.title) for e in examples) / len(examples) == pytest.approx(0.86, abs=0.06)
        assert sum(bool(e.lead) for e in examples) / len(examples) == pytest.approx(0.41, abs=0.07)


def test_the_subjects_of_the_benchmark_are_not_made(made: list[Example]) -> None:
    asked = re.findall(r'question: "(.*)"', (ALIKE / "alike.qa.yaml").read_text(encoding="utf-8"))
    named_there = {name for question in asked for name in re.findall(r"[A-Z]\w+ [A-Z]\w+", question[4:])}
    told = [json.loads(line)["text"] for line in (ALIKE / "alike.jsonl").read_text(encoding="utf-8").splitlines()]
    sentences = {sentence.strip() for text in told for sentence in re.split(r"(?<=[.!?])\s", text)}
    for example in made:
        text = f"{example.question} {example.title} {example.lead} {example.passage}"
        assert not any(name in text for name in named_there), text
        assert not any(sentence in text for sentence in sentences), text


def test_every_kind_has_enough_facts_and_wordings() -> None:
    assert len(kinds()) >= 30
    for kind in kinds():
        assert len(kind.facts) >= 8, kind.name
        for fact in kind.facts:
            assert len(fact.tell) >= 3, (kind.name, fact.name)
            assert len(fact.ask) >= 4, (kind.name, fact.name)
            assert all(line.count("{v}") == 1 for line in fact.tell), (kind.name, fact.name)
            assert all("{v}" not in line and line.endswith("?") for line in fact.ask), (kind.name, fact.name)
            assert all(_names_its_subject(fact)), (kind.name, fact.name)


def test_a_sibling_differs_in_one_part_of_the_name() -> None:

    rng = random.Random(2)
    for _ in range(200):
        name = named("the <adjective> <creature> of <place>", rng)
        near = sibling(name, rng)
        assert sum(one != other for one, other in zip(name.parts, near.parts, strict=True)) == 1


def test_a_name_with_an_article_loses_it_in_a_title() -> None:
    assert Name("the <place> Bridge", ("Tollan",)).full == "the Tollan Bridge"
    assert Name("the <place> Bridge", ("Tollan",)).bare == "Tollan Bridge"


def test_a_becomes_an_before_a_vowel() -> None:

    assert fill("A <one Amber> Fork", random.Random(1)) == "An Amber Fork"


def _names_its_subject(fact: Fact) -> list[bool]:
    return [any(mark in line for mark in ("{S}", "{P}", "{O}")) for line in (*fact.tell, *fact.ask)]
