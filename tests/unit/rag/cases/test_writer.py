from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.rag.cases.case import Case, ExpectedCitation
from onrecord.rag.cases.files import RESERVED_TAGS, TAG, load
from onrecord.rag.cases.matching import fold
from onrecord.rag.cases.writer import head, to_yaml

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).map(str.strip).filter(fold)
texts = st.lists(words, max_size=4, unique_by=fold).map(tuple)
questions = words.map(lambda text: " ".join(text.split()))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    not_found = draw(st.booleans())
    passages, answers = ((), ()) if not_found else (draw(texts), draw(texts))
    return Case(
        line=0,
        question=draw(questions),
        history=tuple(draw(st.lists(questions, max_size=2))),
        passages=passages,
        any_passages=passages[: draw(st.integers(0, len(passages)))],
        top_k=draw(st.integers(1, 50)) if passages else 3,
        answers=answers,
        all_answers=answers[: draw(st.integers(0, len(answers)))],
        citation=None
        if not_found
        else draw(st.none() | st.builds(ExpectedCitation, words, st.none() | st.integers(1, 9))),
        not_found=not_found,
        min_confidence=draw(st.none() | st.floats(0, 1)),
        tags=tuple(draw(st.lists(st.from_regex(TAG, fullmatch=True).filter(_is_free), max_size=2, unique=True))),
        xfail=draw(st.none() | words),
    )


def _is_free(tag: str) -> bool:
    return tag not in RESERVED_TAGS


def read(folder: Path, text: str) -> tuple[Case, ...]:
    path = folder / "written.qa.yaml"
    path.write_text(text, encoding="utf-8")
    return tuple(dataclasses.replace(case, line=0) for case in load(path, find_articles=False).cases)


@settings(deadline=None)
@given(st.lists(cases(), min_size=1, max_size=3, unique_by=lambda case: fold(" ".join([*case.history, case.question]))))
def test_what_is_written_reads_back_the_same(tmp_path_factory: pytest.TempPathFactory, written: list[Case]) -> None:
    text = head(["*.txt"]) + "".join(map(to_yaml, written))
    assert read(tmp_path_factory.getbasetemp(), text) == tuple(written)


def test_a_case_is_written_as_a_person_would(tmp_path: Path) -> None:
    case = Case(
        line=0,
        question="When did it open?",
        passages=("It opened in 2013.",),
        answers=("2013", "yes: in 2013"),
        tags=("smoke",),
    )
    text = head(["articles", "*.md"], comment="Of a sheet.\nTwo lines.") + to_yaml(case)
    assert text == (
        "# Of a sheet.\n# Two lines.\narticles:\n- articles\n- '*.md'\ncases:\n"
        "  - question: When did it open?\n    passages:\n    - It opened in 2013.\n"
        "    answers:\n    - '2013'\n    - 'yes: in 2013'\n    tags:\n    - smoke\n"
    )
    assert read(tmp_path, text) == (case,)


def test_a_text_of_several_lines_keeps_them(tmp_path: Path) -> None:
    case = Case(line=0, question="Q", passages=("one\ntwo\n\n  three",), answers=("- a: b",))
    assert read(tmp_path, head([]) + to_yaml(case)) == (case,)
