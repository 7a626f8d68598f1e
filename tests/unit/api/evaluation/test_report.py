from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from onrecord.api.cli.main import app
from onrecord.api.evaluation import charts
from onrecord.api.evaluation.report import ReportUnwritable, render, require_place, write
from onrecord.rag.cases.case import ExpectedCitation
from onrecord.rag.evaluation.figures import Columns
from tests.unit.api.evaluation.evaluated import HOSTILE, article, case, evaluated, result
from tests.unit.rag.evaluation.scored import answered, refused

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.api.evaluation.evaluation import Evaluation
    from onrecord.rag.answer import Answer, NotFound
    from onrecord.rag.cases.case import Case


class Elements(HTMLParser):
    """Every element of a page with its attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page(*cases: tuple[Case, Answer | NotFound]) -> str:
    return render(evaluated(*cases), made=datetime(2026, 11, 23, 10, 30, tzinfo=UTC))


def test_a_failed_case_stands_beside_what_came_back() -> None:
    body = "The bridge closes on 3 March."
    shown = page((case(answers=("4 March",), passages=("The bridge",)), result(article(body), quoted="3 March")))
    text = " ".join(Elements(shown).text.split())
    assert "0 passed, 1 failed" in text
    assert "no quote holds an expected answer" in text
    assert "cases/town.qa.yaml:7" in text
    assert "“The bridge” at rank 1" in text
    assert "“4 March” in no quote that came back" in text
    assert "The bridge closes on <mark>3 March</mark>." in shown
    assert "A title, paragraph 1 · confidence 0.80" in text
    assert "2026-11-23 10:30 UTC" in text


def test_a_near_miss_is_shown_word_by_word() -> None:
    about = article("The bridge closes on 3 March.")
    shown = page(
        (case(answers=("bridge closes on 4 March",), passages=("bridge shuts on 3",)), result(about, quoted="3"))
    )
    assert "on <del>4</del> <ins>3</ins> March" in " ".join(shown.split())
    assert "bridge <del>shuts</del> <ins>closes</ins> on 3" in " ".join(shown.split())
    text = " ".join(Elements(shown).text.split())
    assert "nearest is quote 1: bridge closes on 4 3 March" in text
    assert "nearest is rank 1: bridge shuts closes on 3" in text


def test_a_citation_threshold_and_depth_are_told() -> None:
    expected = case(citation=ExpectedCitation("else.txt", 2), min_confidence=0.25, passages=("bridge",), top_k=1)
    shown = page((expected, result(article("The bridge closes."), quoted="closes")))
    assert 'From <span class="bad">else.txt, paragraph 2</span>' in shown
    assert "Asked with min_confidence 0.25." in shown
    assert "In the first passage:" in shown
    assert "<summary>The first passage</summary>" in shown


def test_a_case_that_passed_is_not_shown_and_one_that_is_known_to_fail_is_folded() -> None:
    body = article("The bridge closes on 3 March.")
    shown = page(
        (case("Passed?", answers=("3 March",)), result(body, quoted="3 March")),
        (case("Known?", answers=("3 March",), xfail="the reader is small"), result(body, quoted=None)),
    )
    assert "Passed?" not in shown
    assert "Failed as expected" in shown
    assert shown.index("<details><summary>Show them") < shown.index("Known?")
    assert "expected to fail: the reader is small" in shown


def test_what_articles_and_cases_say_stays_text() -> None:
    about = article(HOSTILE, title=HOSTILE)
    failing = case(HOSTILE, answers=(HOSTILE + "!",), passages=(HOSTILE,), history=(HOSTILE,), top_k=3)
    shown = page((failing, result(about, quoted="alert")))
    elements = Elements(shown)
    assert not {"script", "img", "iframe", "link", "base", "form", "a"} & {tag for tag, _ in elements.found}
    assert not [name for _, attributes in elements.found for name in attributes if name.startswith("on")]
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "{{ 7 * 7 }}" in shown
    assert elements.text.count("<script>") >= 4


def test_the_page_asks_for_nothing_and_its_policy_allows_only_its_own_style() -> None:
    elements = Elements(page((case(not_found=True), result(article("A text."), quoted="text"))))
    assert not [
        value for _, attributes in elements.found for name, value in attributes.items() if name in ("src", "href")
    ]
    assert not [attributes for _, attributes in elements.found if "style" in attributes]
    [policy] = [each["content"] for tag, each in elements.found if each.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    style = re.search(r"<style>(.*?)</style>", page(), re.DOTALL)
    assert style
    assert "url(" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]


def test_a_page_of_no_cases_is_a_page() -> None:
    assert "0 passed, 0 failed" in page()


@pytest.mark.parametrize(("place", "why"), [("file/r.html", "Not a directory|File exists"), (".", "Is a directory")])
def test_a_report_that_cannot_be_written_is_told_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, why: str
) -> None:
    def run(*_: object, **__: object) -> Evaluation:
        raise AssertionError("asked")

    monkeypatch.setattr("onrecord.api.evaluation.evaluation.run", run)
    (tmp_path / "file").touch()
    done = CliRunner().invoke(app, ["eval", "town.qa.yaml", "--html", str(tmp_path / place)])
    assert done.exit_code == 1
    assert re.search(f"cannot be written: ({why})", done.stderr)


def test_a_place_that_is_taken_meanwhile_is_told(tmp_path: Path) -> None:
    (tmp_path / "r.html").mkdir()
    with pytest.raises(ReportUnwritable, match="Is a directory"):
        write(tmp_path / "r.html", evaluated())


def test_the_folder_of_a_report_is_made(tmp_path: Path) -> None:
    place = tmp_path / "new" / "folder" / "r.html"
    require_place(place)
    write(place, evaluated())
    assert "0 passed, 0 failed" in place.read_text("utf-8")


def test_the_diagram_has_a_dot_for_each_bin_where_it_stands() -> None:
    scores = [answered(confidence=0.85), answered(confidence=0.85), answered(confidence=0.35, rightly=False), refused()]
    diagram = charts.reliability(Columns.of(scores))
    assert [(dot.x, dot.y) for dot in diagram.dots] == [(60 + 190 * 0.35, 14 + 190), (221.5, 14)]
    assert diagram.dots[0].radius < diagram.dots[1].radius
    assert diagram.told == f"3 answers, expected calibration error {(2 * 0.15 + 0.35) / 3:.3f}"


def test_histograms_stack_right_and_wrong_cases() -> None:
    scores = [answered(confidence=0.91), answered(confidence=0.92, rightly=False), answered(confidence=1.0), refused()]
    chart = charts.answered(scores)
    assert chart.told == "2 rightly, 1 wrongly"
    assert [bar.told for bar in chart.bars] == [
        "confidence 0.90 to 0.95: 1 rightly, 1 wrongly",
        "confidence 0.95 to 1.00: 1 rightly, 0 wrongly",
    ]
    tallest = chart.bars[0]
    assert (tallest.other_y, tallest.right_height, tallest.other_height) == (14, 95, 95)
    assert charts.refused(scores).told == "1 nothing answers, 0 the articles answer"
