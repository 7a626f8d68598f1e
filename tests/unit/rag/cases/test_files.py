from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from onrecord.index import sources
from onrecord.index.passages.split import split
from onrecord.rag.cases.case import DEFAULT_TOP_K, CaseFileError, ExpectedCitation
from onrecord.rag.cases.files import find, load
from onrecord.rag.cases.matching import fold, place_of
from tests.unit.rag.cases.documents import (
    ACCEPTED_CASES,
    REFUSED_CASES,
    REFUSED_FILES,
    UNDETECTABLE_CASES,
    UNDETECTABLE_FILES,
    with_cases,
)

SEEDS = Path(__file__).parents[4] / "seeds"


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


def test_a_case_file_is_loaded(folder: Path) -> None:
    path = write(
        folder,
        with_cases(
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


def test_lists_say_whether_all_or_any_of_their_texts_are_needed(folder: Path) -> None:
    case, plain = load(
        write(
            folder,
            with_cases(
                "  - question: Q\n    passages: {any: [c, d], all: [a, b]}\n    answers: {any: [c, d], all: [a, b]}\n"
                "    citation: {article: a.txt, paragraph: 2}\n    min_confidence: .5\n    tags: [smoke, slow]\n"
                "  - question: R\n    passages: [a, b]\n    answers: [a, b]\n"
            ),
        )
    ).cases
    assert (case.passages, case.any_passages) == (("c", "d", "a", "b"), ("c", "d"))
    assert (case.answers, case.all_answers) == (("a", "b", "c", "d"), ("a", "b"))
    assert case.citation == ExpectedCitation("a.txt", 2)
    assert (case.min_confidence, case.tags) == (0.5, ("smoke", "slow"))
    assert (plain.passages, plain.any_passages) == (("a", "b"), ())
    assert (plain.answers, plain.all_answers) == (("a", "b"), ())


@pytest.mark.parametrize("articles", ["", "articles: [nowhere/*.txt]\n"])
def test_articles_need_not_be_there_where_others_are_asked(folder: Path, articles: str) -> None:
    path = write(folder, f"{articles}cases: [{{question: Q}}]")
    loaded = load(path, find_articles=False)
    assert loaded.articles == ()
    assert [case.question for case in loaded.cases] == ["Q"]
    with pytest.raises(CaseFileError):
        load(path)


def test_patterns_may_name_folders_and_overlap_and_never_match_case_files(folder: Path) -> None:
    path = write(folder, "articles: ['*', a.txt, more]\ncases: [{question: Q, not_found: true}]")
    assert load(path).articles == (folder / "a.txt", folder / "b.txt", folder / "more")


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose name looks like a pattern, with a folder of case files beside a folder of articles."""
    home = tmp_path / "home [1]"
    for name in ("cases", "news/old"):
        (home / name).mkdir(parents=True)
    for name in ("news/a.txt", "news/b.txt", "news/old/c.txt"):
        (home / name).write_text("One.", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    return home / "news"


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("../news/*.txt", ["a.txt", "b.txt"]),
        ("../news/old/../a.txt", ["a.txt"]),
        ("~/news/*.txt", ["a.txt", "b.txt"]),
        ("~/news/**/c.txt", ["old/c.txt"]),
        ("~/cases/../news", ["."]),
        ("../news", ["."]),
    ],
)
def test_articles_may_lie_elsewhere(news: Path, pattern: str, matched: list[str]) -> None:
    path = write(news.parent / "cases", f"articles: [{pattern}]\ncases: [{{question: Q}}]")
    assert load(path).articles == tuple(news / name for name in matched)


@pytest.mark.parametrize(
    ("pattern", "matched"), [("*.txt", ["a.txt", "b.txt"]), ("more", ["more"]), ("m*/**/c.txt", ["more/c.txt"])]
)
def test_articles_may_be_named_by_absolute_paths_and_patterns(folder: Path, pattern: str, matched: list[str]) -> None:
    path = write(folder, f"articles: [{folder}/{pattern}]\ncases: [{{question: Q}}]")
    assert load(path).articles == tuple(folder / name for name in matched)


def test_an_article_that_several_patterns_reach_is_asked_once(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(news, "articles: ['*.txt', ~/news/a.txt, ../news/b.txt, old/../a.txt]\ncases: [{question: Q}]")
    assert [path.resolve() for path in load(news / "town.qa.yaml").articles] == [news / "a.txt", news / "b.txt"]
    monkeypatch.chdir(news)
    assert load(Path("town.qa.yaml")).articles == (Path("a.txt"), Path("b.txt"))


def test_a_home_itself_may_be_meant(news: Path) -> None:
    path = write(news.parent / "cases", "articles: ['~/']\ncases: [{question: Q}]")
    assert load(path).articles == (news.parent,)


def test_a_file_may_be_called_as_a_home_would_be(folder: Path) -> None:
    (folder / "~draft.txt").write_text("Four.", encoding="utf-8")
    assert load(write(folder, "articles: [~draft.txt]\ncases: [{question: Q}]")).articles == (folder / "~draft.txt",)


def test_the_same_question_after_others_is_another_case(folder: Path) -> None:
    path = write(
        folder,
        with_cases(
            "  - {question: When, not_found: true}\n"
            "  - {question: When, history: [Who], not_found: true}\n"
            "  - {question: When, history: [Who, 'Where\n      to?'], not_found: true}\n"
        ),
    )
    assert [case.history for case in load(path).cases] == [(), ("Who",), ("Who", "Where to?")]


@pytest.mark.parametrize(("text", "complaint"), [*REFUSED_FILES, *UNDETECTABLE_FILES])
def test_a_malformed_file_is_refused(folder: Path, text: str, complaint: str) -> None:
    assert refusal(folder, text).startswith(complaint)


@pytest.mark.parametrize(("lines", "complaint"), [*REFUSED_CASES, *UNDETECTABLE_CASES])
def test_a_malformed_case_is_refused(folder: Path, lines: str, complaint: str) -> None:
    assert refusal(folder, with_cases(lines)).startswith(complaint)


@pytest.mark.parametrize("lines", ACCEPTED_CASES)
def test_whatever_the_format_offers_is_accepted(folder: Path, lines: str) -> None:
    assert load(write(folder, with_cases(lines))).cases


def test_tags_construct_nothing(folder: Path) -> None:
    text = with_cases("  - question: !!python/object/apply:os.getcwd []")
    assert refusal(folder, text).startswith(":3: this is read as something else than a text.")


def test_a_file_that_is_missing_or_not_utf_8_is_refused(folder: Path) -> None:
    with pytest.raises(CaseFileError, match=r"none\.qa\.yaml: cannot be read: No such file[^\]]*$"):
        load(folder / "none.qa.yaml")
    path = folder / "latin.qa.yaml"
    path.write_bytes("articles: [é]".encode("latin-1"))
    with pytest.raises(CaseFileError, match=r"cannot be read: it is not UTF-8\. Save it"):
        load(path)


def test_a_key_that_is_nearly_right_is_told_what_is_meant(folder: Path) -> None:
    told = refusal(folder, with_cases("  - question: Q\n    answer: [a]"))
    assert told.endswith("`tags`, `xfail`; perhaps `answers` is meant.")
    assert "perhaps" not in refusal(folder, with_cases("  - question: Q\n    colour: red"))


def test_a_folder_stands_for_the_case_files_below_it(folder: Path) -> None:
    for name in ("b.qa.yaml", "more/a.qa.yaml", ".hidden/c.qa.yaml", "d.yaml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("cases: []", encoding="utf-8")
    (folder / "values.qa.yaml").write_text("replicas: 2", encoding="utf-8")
    assert find(folder) == [folder / "b.qa.yaml", folder / "more" / "a.qa.yaml"]
    assert find(folder / ".hidden") == [folder / ".hidden" / "c.qa.yaml"]
    assert find(folder / "none.qa.yaml") == [folder / "none.qa.yaml"]


def test_a_folder_with_other_files_of_that_name_alone_is_told_what_they_lack(folder: Path) -> None:
    (folder / "values.qa.yaml").write_text("replicas: 2", encoding="utf-8")
    with pytest.raises(CaseFileError) as raised:
        find(folder)
    assert str(raised.value) == f"There is no case file in {folder}. {folder}/values.qa.yaml has no key `cases`."
    (folder / "empty").mkdir()
    with pytest.raises(CaseFileError, match=r"no case file in .*empty"):
        find(folder / "empty")


def test_a_character_that_yaml_forbids_is_refused(folder: Path) -> None:
    text = "articles:\n- a\x0bb"
    assert refusal(folder, text).startswith(":2: the character '\\x0b' may not stand in YAML.")


def test_a_byte_order_mark_is_no_part_of_the_file(folder: Path) -> None:
    path = write(folder, "\ufeff" + with_cases("  - question: Q\n    not_found: true"))
    assert [case.question for case in load(path).cases] == ["Q"]


def test_the_first_example_in_the_docs_is_true_of_the_seed_article(tmp_path: Path) -> None:
    page = (SEEDS.parent / "docs" / "case-files.md").read_text("utf-8")
    example = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[0]
    (tmp_path / "first.qa.yaml").write_text(example, "utf-8")
    for path in SEEDS.glob("*.txt"):
        shutil.copy(path, tmp_path)
    loaded = load(tmp_path / "first.qa.yaml")
    [article] = [sources.load(path, root=tmp_path) for path in loaded.articles]
    passages = [passage for passage in split(article) if passage.kind.answers]
    for case in loaded.cases:
        assert case.not_found or case.answers
        for expected in (*case.passages, *case.answers):
            assert place_of(expected, [passage.text for passage in passages]), expected
        if case.citation:
            assert case.citation.names(article)
            cited = [passage.text for passage in passages if passage.paragraph == case.citation.paragraph]
            assert place_of(case.answers[0], cited)


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
