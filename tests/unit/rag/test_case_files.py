from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from index.errors import CaseFileError
from rag.case_files import load
from rag.cases import DEFAULT_TOP_K, fold

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.txt").write_text("Two.", encoding="utf-8")
    (tmp_path / "a.txt").write_text("One.", encoding="utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "c.txt").write_text("Three.", encoding="utf-8")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "town.qa.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    path = write(folder, text)
    with pytest.raises(CaseFileError) as caught:
        load(path)
    assert caught.value.hint, "every complaint says what to write instead"
    return str(caught.value).removeprefix(str(path))


def cases(lines: str) -> str:
    return f'articles: ["*.txt"]\ncases:\n{lines}\n'


def test_a_case_file_is_loaded(folder: Path) -> None:
    path = write(
        folder,
        cases(
            "  - question: >\n      What is\n      one?\n    passages: [One]\n    top_k: 5\n    answers: ['On', e]\n"
            "    xfail: later\n"
            "  - question: Who?\n    not_found: true\n"
        ),
    )
    loaded = load(path)
    assert loaded.path == path
    assert loaded.articles == (folder / "a.txt", folder / "b.txt")
    first, second = loaded.cases
    assert (first.line, first.question, first.passages, first.top_k) == (3, "What is one?", ("One",), 5)
    assert (first.answers, first.xfail, first.not_found) == (("On", "e"), "later", False)
    assert (second.line, second.not_found, second.top_k, second.xfail) == (10, True, DEFAULT_TOP_K, None)


def test_patterns_may_name_folders_and_overlap_and_never_match_case_files(folder: Path) -> None:
    path = write(folder, "articles: ['*', a.txt, more]\ncases: [{question: Q, not_found: true}]")
    assert load(path).articles == (folder / "a.txt", folder / "b.txt", folder / "more")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", ":1: the file is empty."),
        ("cases: [", ":1: this is not YAML: "),
        ("a: b\ncases: x: y", ":2: this is not YAML: mapping values are not allowed here."),
        ("- articles", ":1: keys with values are expected here."),
        ("articles: ['*.txt']", ":1: `cases` is missing."),
        ("cases: []\n", ":1: `articles` is missing."),
        ("articles: ['*.txt']\ncases: []\n", ":2: a list of one item or more is expected here."),
        ("articles: '*.txt'\ncases: []\n", ":1: a list of one item or more is expected here."),
        (
            "articles: ['*.txt']\ncase: []\n",
            ":2: “case” is no key that is known here. The keys are `articles`, `cases`.",
        ),
        ("articles:\n- '*.txt'\n- '*.pdf'\ncases: [{question: Q}]", ":3: no article matches “*.pdf”."),
        ("articles: ['/etc/*']\ncases: [{question: Q}]", ":1: no article matches “/etc/*”."),
        ("articles: [.]\ncases: [{question: Q}]", ":1: no article matches “.”."),
        ("articles: ['*.yaml']\ncases: [{question: Q}]", ":1: no article matches “*.yaml”."),
        ("articles: [*unknown]\ncases: []", ":1: this is not YAML: found undefined alias"),
    ],
)
def test_a_malformed_file_is_refused(folder: Path, text: str, complaint: str) -> None:
    assert refusal(folder, text).startswith(complaint)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("  - Who?", ":3: keys with values are expected here."),
        ("  - answers: [a]", ":3: `question` is missing."),
        ("  - question: ' '", ":3: the text is empty."),
        ("  - question:", ":3: the text is empty."),
        ("  - question: 2013", ":3: this is read as something else than a text."),
        ("  - question: [Q]", ":3: this is read as something else than a text."),
        (f"  - question: {'x' * 1001}", ":3: the question has 1,001 characters."),
        ("  - question: Q\n    awaiting: reader", ":4: “awaiting” is no key that is known here."),
        ("  - question: Q\n    line: 3", ":4: “line” is no key that is known here."),
        ("  - question: Q\n    [a]: 3", ":4: “"),
        ("  - question: Q\n    question: R", ":4: `question` is given twice."),
        ("  - question: Q\n    passages: One", ":4: a list of one item or more is expected here."),
        ("  - question: Q\n    passages: []", ":4: a list of one item or more is expected here."),
        ("  - question: Q\n    answers:\n    - a\n    - ''", ":6: the text is empty."),
        ("  - question: Q\n    answers: [2013]", ":4: this is read as something else than a text."),
        ("  - question: Q\n    answers: [yes]", ":4: this is read as something else than a text."),
        ("  - question: Q\n    not_found: false", ":4: `not_found` can only be true."),
        ("  - question: Q\n    not_found: 'true'", ":4: `not_found` can only be true."),
        ("  - question: Q\n    not_found: true\n    answers: [a]", ":5: `answers` contradicts `not_found`."),
        ("  - question: Q\n    not_found: true\n    passages: [a]", ":5: `passages` contradicts `not_found`."),
        ("  - question: Q\n    top_k: 3", ":4: `top_k` says nothing without `passages`."),
        ("  - question: Q\n    passages: [a]\n    top_k: 0", ":5: `top_k` is out of range."),
        ("  - question: Q\n    passages: [a]\n    top_k: 51", ":5: `top_k` is out of range."),
        ("  - question: Q\n    passages: [a]\n    top_k: '3'", ":5: `top_k` is out of range."),
        ("  - question: Q\n    passages: [a]\n    top_k: [3]", ":5: `top_k` is out of range."),
        ("  - question: Q\n    xfail: ''", ":4: the text is empty."),
        ('  - question: Q “x”\n  - question: Q  "x"', ':4: “Q "x"” is asked in line 3 already.'),
        ("  [{question: Q}, {question: Q}]", ":3: “Q” is asked in line 3 already."),
    ],
)
def test_a_malformed_case_is_refused(folder: Path, lines: str, complaint: str) -> None:
    assert refusal(folder, cases(lines)).startswith(complaint)


def test_tags_construct_nothing(folder: Path) -> None:
    text = cases("  - question: !!python/object/apply:os.getcwd []")
    assert refusal(folder, text).startswith(":3: this is read as something else than a text.")


def test_a_file_that_is_missing_or_not_utf_8_is_refused(folder: Path) -> None:
    with pytest.raises(CaseFileError, match=r"cannot be read: .*No such file"):
        load(folder / "none.qa.yaml")
    path = folder / "latin.qa.yaml"
    path.write_bytes("articles: [é]".encode("latin-1"))
    with pytest.raises(CaseFileError, match=r"cannot be read: .*utf-8"):
        load(path)


def test_a_character_that_yaml_forbids_is_refused(folder: Path) -> None:
    text = "articles:\n- a\x0bb"
    assert refusal(folder, text).startswith(":2: the character '\\x0b' may not stand in YAML.")


def test_a_byte_order_mark_is_no_part_of_the_file(folder: Path) -> None:
    path = write(folder, "\ufeff" + cases("  - question: Q\n    not_found: true"))
    assert [case.question for case in load(path).cases] == ["Q"]


class TestSeedCases:
    """What the seed case file expects must be true of the seed article, whatever the code finds."""

    loaded = load(SEEDS / "asadi.qa.yaml")
    text = "\n".join(path.read_text(encoding="utf-8") for path in loaded.articles)

    def test_there_are_enough_of_both_kinds(self) -> None:
        unanswerable = [case for case in self.loaded.cases if case.not_found]
        assert len(unanswerable) >= 14
        assert len(self.loaded.cases) - len(unanswerable) >= 26

    def test_every_expected_passage_stands_in_exactly_one_paragraph(self) -> None:
        paragraphs = [fold(paragraph) for paragraph in self.text.splitlines()]
        for case in self.loaded.cases:
            for expected in case.passages:
                assert sum(fold(expected) in paragraph for paragraph in paragraphs) == 1, expected

    def test_every_expected_answer_is_in_the_article_to_the_letter(self) -> None:
        for case in self.loaded.cases:
            for expected in case.answers:
                assert expected in self.text

    def test_every_answerable_case_expects_passages_and_answers(self) -> None:
        for case in self.loaded.cases:
            assert case.not_found or (case.passages and case.answers), case.question

    def test_the_file_is_plain_yaml(self) -> None:
        assert len(yaml.safe_load(self.loaded.path.read_text(encoding="utf-8"))["cases"]) == len(self.loaded.cases)
