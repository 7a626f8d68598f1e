from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from onrecord.api import wiring
from onrecord.api.cli.main import app
from onrecord.api.evaluation import runs
from onrecord.api.settings import Settings, variable
from onrecord.rag.evaluation import rankings
from onrecord.rag.evaluation.rankings import EvaluationUnavailable
from tests.fakes import HashingEmbedder, OverlapReader

if TYPE_CHECKING:
    from typer.testing import Result

BRIDGE = """A bridge closes

The harbour bridge will close on 3 March, the port authority said on Monday.

Ferries will run every ten minutes, its head told reporters.
"""
SCHOOL = """A school opens

The new school on Mill Lane opened its doors to 300 pupils on Tuesday morning.
"""
CASES = """\
articles: [articles]
cases:
  - question: When will the harbour bridge close?
    passages: [will close on 3 March]
    answers: [3 March]
  - question: How many pupils came to the new school on Mill Lane?
    passages: ["{pupils} pupils"]
    answers: ["{pupils} pupils"]
  - question: Which colour do elephants dream of?
    not_found: true
"""


class ReadyEmbedder(HashingEmbedder):
    def warm_up(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.setattr(wiring, "_shared_embedder", lambda _model, _threads: ReadyEmbedder())
    monkeypatch.setattr(wiring, "_reader", lambda _name, _threads, _progress: OverlapReader())
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "bridge.txt").write_text(BRIDGE)
    (tmp_path / "articles" / "school.md").write_text(SCHOOL)
    expect(pupils=300)


def expect(pupils: int) -> None:
    Path("town.qa.yaml").write_text(CASES.format(pupils=pupils))


def evaluate(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["eval", "town.qa.yaml", *arguments])
    assert result.exit_code == code, result.output
    return result


def make_baseline() -> None:
    evaluate("--baseline", "baseline.json", "--update-baseline")


def baseline() -> dict[str, Any]:
    saved: dict[str, Any] = json.loads(Path("baseline.json").read_text("utf-8"))
    return saved


def row(output: str, label: str) -> list[str]:
    """The cells of a figure's row."""
    [line] = [line for line in output.splitlines() if line.startswith(label)]
    return line.removeprefix(label).split()


def test_the_figures_are_printed_as_a_table_and_nothing_is_left_behind(tmp_path: Path) -> None:
    result = evaluate()
    assert "3 passed, 0 failed, 0 failed as expected" in result.stdout
    assert row(result.stdout, "hit@1") == ["1.000", "2", "cases", "with", "passages"]
    assert row(result.stdout, "refusal recall")[:2] == ["1.000", "1"]
    assert row(result.stdout, "latency p50")[1] == "ms"
    assert result.stderr == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["articles", "town.qa.yaml"]


def test_json_holds_the_figures_and_every_case() -> None:
    told = json.loads(evaluate("--json").stdout)
    assert (told["passed"], told["failed"], told["xfailed"]) == (3, 0, 0)
    assert told["retrieval"]["hit_at_1"] == told["retrieval"]["ndcg_at_10"] == 1.0
    assert told["abstention"]["auroc"] == 1.0
    assert told["cases"][0]["question"] == "When will the harbour bridge close?"
    assert told["cases"][0]["line"] == 3
    assert told["cases"][0]["ranks"] == [1]
    assert told["comparison"] is None


def test_a_case_that_fails_is_told_where_it_stands_and_ends_with_1() -> None:
    expect(pupils=900)
    result = evaluate(code=1)
    assert "town.qa.yaml:6:" in result.stdout
    assert "900 pupils" in result.stdout
    told = evaluate("--json", code=1)
    assert json.loads(told.stdout)["failed"] == 1
    assert "town.qa.yaml:6:" in told.stderr


def test_a_case_file_that_breaks_the_format_is_told() -> None:
    Path("town.qa.yaml").write_text("cases: []")
    assert "error: town.qa.yaml:1" in evaluate(code=1).stderr


def test_a_file_given_twice_is_asked_once() -> None:
    assert "3 passed" in evaluate("town.qa.yaml").stdout


def test_files_are_told_apart_by_as_much_of_their_paths_as_it_takes(tmp_path: Path) -> None:
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "town.qa.yaml").write_text(CASES.format(pupils=300).replace("[articles]", "[../articles]"))
    files = ["south/town.qa.yaml", "north/town.qa.yaml", "town.qa.yaml"]
    names = [each.name for each in runs.read_case_files([Path(file) for file in files])]
    assert names == sorted(["north/town.qa.yaml", "south/town.qa.yaml", f"{tmp_path.name}/town.qa.yaml"])


def test_what_computes_the_figures_is_missed_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise EvaluationUnavailable("It is not installed.", hint="pip install 'onrecord[eval]'.")

    monkeypatch.setattr(runs, "require", missing)
    monkeypatch.setattr(wiring, "load", None)
    assert "pip install 'onrecord[eval]'" in evaluate(code=1).stderr


def test_a_missing_library_is_told_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ir_measures", None)
    with pytest.raises(EvaluationUnavailable, match=r"pip install 'onrecord\[eval\]'"):
        rankings.require()


def test_a_baseline_is_the_same_file_each_time_it_is_made_and_names_no_place(tmp_path: Path) -> None:
    make_baseline()
    first = Path("baseline.json").read_text("utf-8")
    make_baseline()
    assert Path("baseline.json").read_text("utf-8") == first
    assert str(tmp_path) not in first
    lines = [line for line in first.splitlines() if '"question"' in line]
    assert [json.loads(line.strip().removesuffix(",")) for line in lines] == baseline()["cases"]
    assert len(lines) == 3


def test_a_run_like_its_baseline_is_all_right() -> None:
    make_baseline()
    result = evaluate("--baseline", "baseline.json")
    assert "no case broke, none was fixed" in result.stdout
    assert row(result.stdout, "hit@1") == ["1.000", "1.000", "+0.000", "+0.000", "…", "+0.000", "≥", "0.000", "2"]
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_case_that_broke_is_told_and_ends_with_1() -> None:
    make_baseline()
    Path("articles/school.md").write_text(SCHOOL.replace("300", "310"))
    result = evaluate("--baseline", "baseline.json", code=1)
    assert "broke: town.qa.yaml: How many pupils came to the new school on Mill Lane?" in result.stdout
    assert "the articles have changed since the baseline was made" in result.stdout
    assert "“300 pupils”: in no" in result.stdout
    assert row(result.stdout, "pass rate")[:3] == ["0.667", "1.000", "-0.333"]


def test_a_case_that_was_fixed_is_told_and_is_all_right() -> None:
    Path("articles/school.md").write_text(SCHOOL.replace("300", "310"))
    make_baseline()
    Path("articles/school.md").write_text(SCHOOL)
    result = evaluate("--baseline", "baseline.json")
    assert "fixed: town.qa.yaml: How many pupils" in result.stdout
    moved = json.loads(evaluate("--baseline", "baseline.json", "--json").stdout)["comparison"]
    assert moved["fixed"][0]["question"].startswith("How many pupils")
    assert moved["broke"] == moved["crossed"] == []
    assert moved["changes"]["pass_rate"]["change"] == pytest.approx(1 / 3)


def test_a_case_that_failed_before_does_not_fail_again() -> None:
    expect(pupils=900)
    make_baseline()
    assert "900" not in evaluate("--baseline", "baseline.json").stdout


def test_a_case_that_broke_and_says_so_is_all_right() -> None:
    make_baseline()
    Path("articles/school.md").write_text(SCHOOL.replace("300", "310"))
    Path("town.qa.yaml").write_text(
        CASES.format(pupils=300).replace("  - question: How", "  - xfail: later\n    question: How")
    )
    assert "broke, as its xfail says: town.qa.yaml: How many" in evaluate("--baseline", "baseline.json").stdout


def test_a_floor_that_is_crossed_ends_with_1_although_no_case_broke() -> None:
    make_baseline()
    saved = baseline()
    saved["floors"]["spans.overall.f1"] = 0.99
    saved["ceilings"]["calibration.ece"] = 0.0
    Path("baseline.json").write_text(json.dumps(saved))
    result = evaluate("--baseline", "baseline.json", code=1)
    assert "token F1 is below its floor: 0." in result.stdout
    assert "ECE is above its ceiling: 0." in result.stdout


def test_a_floor_is_lowered_only_when_that_is_accepted() -> None:
    make_baseline()
    saved = baseline()
    saved["floors"]["spans.overall.f1"] = 0.99
    Path("baseline.json").write_text(json.dumps(saved))
    refused = evaluate("--baseline", "baseline.json", "--update-baseline", code=1)
    assert "the floor of token F1 would be lowered" in refused.stderr
    assert baseline() == saved
    evaluate("--baseline", "baseline.json", "--update-baseline", "--accept")
    assert baseline()["floors"]["spans.overall.f1"] < 0.99


def test_a_ceiling_is_raised_only_when_that_is_accepted() -> None:
    make_baseline()
    saved = baseline()
    saved["ceilings"]["calibration.ece"] = 0.0
    Path("baseline.json").write_text(json.dumps(saved))
    refused = evaluate("--baseline", "baseline.json", "--update-baseline", code=1)
    assert "is left as it was: the ceiling of ECE would be raised. Add --accept" in refused.stderr
    assert baseline() == saved


def test_a_figure_that_no_case_tells_any_more_does_not_keep_its_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    make_baseline()
    monkeypatch.setenv("ONRECORD_MIN_CONFIDENCE", "1")
    result = evaluate("--baseline", "baseline.json", code=1)
    assert "answers precision can no longer be told, as no case counts for it" in result.stdout


def test_a_folder_stands_for_its_case_files(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "other.qa.yaml").write_text(
        "articles: [../articles]\ncases: [{question: Which colour do elephants dream of?, not_found: true}]"
    )
    told = json.loads(CliRunner().invoke(app, ["eval", ".", "town.qa.yaml", "--json"]).stdout)
    assert [case["file"] for case in told["cases"]] == ["other.qa.yaml", *["town.qa.yaml"] * 3]
    none = CliRunner().invoke(app, ["eval", "articles"])
    assert none.exit_code == 1
    assert "There is no case file in articles. The name of a case file ends in .qa.yaml." in none.stderr


def test_a_floor_that_a_person_raised_stays_where_the_figure_keeps_it() -> None:
    make_baseline()
    saved = baseline()
    saved["floors"]["retrieval.hit_at_1"] = 1.0
    Path("baseline.json").write_text(json.dumps(saved))
    make_baseline()
    assert baseline()["floors"]["retrieval.hit_at_1"] == 1.0


def test_a_baseline_for_other_cases_is_refused_until_it_is_made_anew() -> None:
    make_baseline()
    Path("town.qa.yaml").write_text(CASES.format(pupils=300).replace("elephants dream", "whales dream"))
    told = evaluate("--baseline", "baseline.json", code=1).stderr
    assert "baseline.json was made for other cases: 1 new, such as “Which colour do whales dream of?”" in told
    assert "1 gone, such as “Which colour do elephants dream of?” of town.qa.yaml" in told
    assert "--update-baseline" in told
    make_baseline()
    assert "no case broke" in evaluate("--baseline", "baseline.json").stdout


def test_a_baseline_whose_cases_expect_something_else_now_is_refused() -> None:
    make_baseline()
    expect(pupils=301)
    assert "what some of them expect has changed" in evaluate("--baseline", "baseline.json", code=1).stderr


def test_comments_order_tags_and_marks_do_not_make_other_cases() -> None:
    make_baseline()
    head, *cases = CASES.format(pupils=300).split("  - question")
    text = "  - question".join([head, *reversed(cases)])
    Path("town.qa.yaml").write_text(text.replace("not_found: true", "tags: [odd]\n    not_found: true # really"))
    assert "no case broke" in evaluate("--baseline", "baseline.json").stdout


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "There is no baseline baseline.json."),
        ("{", "is not a baseline"),
        ("[]", "is not a baseline"),
        ('{"format": "other"}', "is not a baseline: format"),
        ('{"surprise": 1}', "is not a baseline"),
    ],
)
def test_what_is_no_baseline_is_told_with_how_to_make_one(content: str | None, told: str) -> None:
    if content is not None:
        Path("baseline.json").write_text(content)
    errors = evaluate("--baseline", "baseline.json", code=1).stderr
    assert told in errors
    assert "--update-baseline" in errors


def test_a_floor_for_what_is_no_figure_is_told() -> None:
    make_baseline()
    saved = baseline()
    saved["floors"]["retrieval.hit_at_7"] = 0.5
    Path("baseline.json").write_text(json.dumps(saved))
    assert "“retrieval.hit_at_7”, which is no figure" in evaluate("--baseline", "baseline.json", code=1).stderr


def test_a_baseline_that_cannot_be_written_is_told() -> None:
    told = evaluate("--baseline", "town.qa.yaml/baseline.json", "--update-baseline", code=1)
    assert "cannot be written" in told.stderr


@pytest.mark.parametrize("arguments", [["--update-baseline"], ["--accept"], ["--accept", "--baseline", "b.json"]])
def test_options_that_say_nothing_alone_are_wrong_usage(arguments: list[str]) -> None:
    assert "Error" in evaluate(*arguments, code=2).stderr
