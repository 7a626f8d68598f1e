from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from onrecord.api.pytest_plugin.cases import (  # also loads PyYAML's C part, which no inner session can do anew
    LONGEST_NAME,
    names,
)
from onrecord.rag.cases.case import Case
from tests.unit.api.pytest_plugin.projects import PLUGIN, REFUSED, RIGHT, TOWN, WRONG, log, opened, write_cases

pytest_plugins = ["pytester"]


def test_every_case_is_a_test_named_by_its_question(project: pytest.Pytester) -> None:
    write_cases(project, RIGHT + REFUSED)
    result = project.runpytest(*PLUGIN, "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "town.qa.yaml::when was the bridge opened? PASSED*",
            "town.qa.yaml::nothing about dragons? PASSED*",
        ]
    )


def test_a_failure_reads_as_a_report_without_a_traceback(project: pytest.Pytester) -> None:
    write_cases(project, RIGHT + WRONG)
    result = project.runpytest(*PLUGIN)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*_ who is the mayor? _*",
            "an expected passage is not in the top 1; no quote holds an expected answer",
            "question: who is the mayor?",
            "expected in the top 1 passages, each of:",
            "  “bridge opened”: at rank 2",
            "expected in a quote, one of:",
            "  “Ann”: in no quote",
            "came back: answered, confidence 0.90",
            "  quote 1, confidence 0.90: “The mayor resigned.”",
            "to accept what came back, change the case in line 6:",
            "  write `top_k: 2`",
            '  write `answers: ["The mayor resigned."]`',
            "town.qa.yaml:6",
            "FAILED town.qa.yaml::who is the mayor? - Failed: an expected passage is not*",
        ],
        consecutive=False,
    )
    result.stdout.no_fnmatch_line("*pytest_plugin*.py*")


def test_cases_are_selected_by_keyword_and_by_node_id(project: pytest.Pytester) -> None:
    write_cases(project, RIGHT + REFUSED)
    project.runpytest(*PLUGIN, "-k", "dragons").assert_outcomes(passed=1, deselected=1)
    project.runpytest(*PLUGIN, "town.qa.yaml::when was the bridge opened?").assert_outcomes(passed=1)


def test_cases_run_in_parallel(project: pytest.Pytester) -> None:
    write_cases(project, RIGHT + WRONG + REFUSED)
    result = project.runpytest(*PLUGIN, "-p", "xdist", "-n", "2", "--dist", "load")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["  “bridge opened”: at rank 2"])


def test_junit_xml_names_the_cases_and_holds_the_report(project: pytest.Pytester) -> None:
    write_cases(project, RIGHT + WRONG.replace("    top_k", "    tags: [smoke, slow]\n    top_k"))
    project.runpytest(*PLUGIN, "--junit-xml=report.xml")
    found = {case.get("name"): case for case in ET.parse(project.path / "report.xml").iter("testcase")}  # noqa: S314 - ours
    assert found.keys() == {"when was the bridge opened?", "who is the mayor?"}
    wrong = found["who is the mayor?"]
    failure = wrong.find("failure")
    assert failure is not None
    assert "“Ann”: in no quote" in str(failure.text)
    assert [(each.get("name"), each.get("value")) for each in wrong.iter("property")] == [
        ("question", "who is the mayor?"),
        ("tag", "smoke"),
        ("tag", "slow"),
        ("status", "answered"),
        ("confidence", "0.9000"),
        ("passage_ranks", "2"),
    ]


def test_cases_are_selected_by_their_tags_without_any_warning(project: pytest.Pytester) -> None:
    write_cases(project, RIGHT.replace("    answers", "    tags: [smoke, town-hall]\n    answers") + REFUSED)
    strictly = (*PLUGIN, "--strict-markers", "-W", "error")
    project.runpytest(*strictly, "-m", "smoke").assert_outcomes(passed=1, deselected=1)
    project.runpytest(*strictly, "-m", "not town-hall").assert_outcomes(passed=1, deselected=1)
    project.runpytest(*strictly, "-k", "smoke").assert_outcomes(passed=1, deselected=1)
    project.runpytest(*strictly, "-m", "onrecord").assert_outcomes(passed=2)
    project.runpytest(*strictly, "-m", "not onrecord").assert_outcomes(deselected=2)
    assert "onrecord: a case of a *.qa.yaml file" in project.runpytest(*PLUGIN, "--markers").stdout.str()


def test_a_follow_up_is_named_after_what_was_asked_before_it(project: pytest.Pytester) -> None:
    follow_ups = "".join(
        f"  - question: and when?\n    history: [{', '.join(history)}]\n"
        for history in (["'std::bridge?'"], ["Who?", "what of the bridge?"])
    )
    write_cases(project, "  - question: and when?\n" + follow_ups)
    result = project.runpytest(*PLUGIN, "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "town.qa.yaml::and when? PASSED*",
            "town.qa.yaml::std: :bridge? → and when? PASSED*",
            "town.qa.yaml::Who? → what of the bridge? → and when? PASSED*",
        ]
    )
    project.runpytest(*PLUGIN, "town.qa.yaml::std: :bridge? → and when?").assert_outcomes(passed=1)


def test_long_names_are_cut_and_stay_different() -> None:
    earlier = [f"{number} {'x' * 500}" for number in range(3)]
    found = names([Case(1, "and when?", history=(each,)) for each in earlier])
    assert found == [f"…{'x' * (LONGEST_NAME - 13)} → and when? ({number})" for number in (1, 2, 3)]


def test_articles_are_indexed_once_however_their_cases_are_mixed(project: pytest.Pytester) -> None:
    first = write_cases(project, RIGHT + REFUSED, name="first")
    second = write_cases(project, RIGHT + REFUSED, name="second", articles="[town.txt, other.txt]")
    (project.path / "other.txt").write_text(TOWN, encoding="utf-8")
    mixed = [
        f"{path}::{question}"
        for question in ("when was the bridge opened?", "nothing about dragons?")
        for path in (first, second)
    ]
    result = project.runpytest(*PLUGIN, "-v", *mixed)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines([f"{name}.qa.yaml::*" for name in ("first", "second", "first", "second")])
    assert opened(project) == ["open first.qa.yaml []", "open second.qa.yaml []"]


def test_case_files_of_one_folder_with_the_same_articles_share_them(project: pytest.Pytester) -> None:
    write_cases(project, RIGHT, name="first")
    write_cases(project, REFUSED, name="second")
    project.runpytest(*PLUGIN).assert_outcomes(passed=2)
    assert opened(project) == ["open first.qa.yaml []"]


def test_processes_share_what_the_first_of_them_indexed(project: pytest.Pytester) -> None:
    write_cases(project, "".join(RIGHT.replace("when", f"when {number}") for number in range(20)))
    project.runpytest(*PLUGIN, "-p", "xdist", "-n", "2", "--dist", "each").assert_outcomes(passed=40)
    assert opened(project) == ["open town.qa.yaml []", "open town.qa.yaml ['built']"]
    assert len({line.split()[-1] for line in log(project) if line.startswith("close")}) == 1


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")])
def test_what_was_opened_is_closed_and_its_directory_removed(
    project: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    write_cases(project, RIGHT + WRONG + REFUSED)
    project.runpytest(*PLUGIN, *workers).assert_outcomes(passed=2, failed=1)
    closed = [line for line in log(project) if line.startswith("close")]
    assert len(opened(project)) == len(closed) >= 1
    for line in closed:
        _, _, was_there, directory = line.split()
        assert was_there == "True"
        assert not Path(directory).exists()


def test_nothing_is_indexed_while_collecting(project: pytest.Pytester) -> None:
    write_cases(project, RIGHT, name="broken")
    project.runpytest(*PLUGIN, "--collect-only").stdout.fnmatch_lines(["*<CaseItem when was the bridge opened[?]>"])
    assert log(project) == []


def test_articles_that_cannot_be_indexed_are_an_error_that_says_why(project: pytest.Pytester) -> None:
    write_cases(project, RIGHT + REFUSED, name="broken")
    result = project.runpytest(*PLUGIN)
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["the articles of *broken.qa.yaml cannot be asked: No model. Install one."])
    result.stdout.no_fnmatch_line("*exception*")
    result.stdout.no_fnmatch_line("*Traceback*")
    assert log(project)[0] == "open broken.qa.yaml []"
    assert len(log(project)) == 2


def test_a_question_that_cannot_be_asked_fails_and_says_why(project: pytest.Pytester) -> None:
    write_cases(project, "  - question: refuse me\n    not_found: true\n")
    result = project.runpytest(*PLUGIN)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["the question cannot be asked: Model gone. Install it again."])
    result.stdout.no_fnmatch_line("*exception*")
    result.stdout.no_fnmatch_line("*pytest_plugin*.py*")


def test_a_defect_in_the_pipeline_shows_its_traceback(project: pytest.Pytester) -> None:
    write_cases(project, "  - question: crash\n    not_found: true\n")
    result = project.runpytest(*PLUGIN)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*conftest.py*ZeroDivisionError"])


def test_a_malformed_case_file_is_an_error_of_collection(project: pytest.Pytester) -> None:
    write_cases(project, "  - question: q\n    anwsers: [a]\n")
    result = project.runpytest(*PLUGIN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*town.qa.yaml:4: “anwsers” is no key that is known here. The keys are *"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_xfail_is_reported_with_its_reason_and_is_strict(project: pytest.Pytester) -> None:
    write_cases(
        project,
        "  - question: who is the mayor?\n    answers: [Ann]\n    xfail: no reader yet\n"
        "  - question: nothing about dragons?\n    not_found: true\n    xfail: no reader yet\n",
    )
    result = project.runpytest(*PLUGIN, "-rx")
    result.assert_outcomes(xfailed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "all is as expected: remove “xfail: no reader yet” from the case in line 6",
            "XFAIL town.qa.yaml::who is the mayor? - *no reader yet",
        ]
    )


def test_runxfail_shows_what_xfail_hides(project: pytest.Pytester) -> None:
    write_cases(project, "  - question: who is the mayor?\n    answers: [Ann]\n    xfail: no reader yet\n")
    project.runpytest(*PLUGIN, "--runxfail").assert_outcomes(failed=1)


def test_a_case_file_that_is_no_yaml_is_an_error_of_collection(project: pytest.Pytester) -> None:
    write_cases(project, "  - question: a: b\n")
    result = project.runpytest(*PLUGIN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*town.qa.yaml:3: this is not YAML: mapping values are not allowed here.*"])
    result.stdout.no_fnmatch_line("*is no case file*")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--onrecord-data", "nowhere"), "*--onrecord-data: nowhere is no data directory; onrecord index PATH *"),
        (("--onrecord-url", "localhost:8000"), "*--onrecord-url: localhost:8000 is no address of a server*"),
        (("--onrecord-url", "http://a", "--onrecord-data", "b"), "*give --onrecord-data or --onrecord-url, not both*"),
    ],
)
def test_options_that_name_nothing_to_ask_are_refused_at_once(
    project: pytest.Pytester, options: tuple[str, ...], complaint: str
) -> None:
    write_cases(project, RIGHT)
    result = project.runpytest(*PLUGIN, *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([complaint])


def test_with_a_server_to_ask_articles_need_not_be_there(project: pytest.Pytester) -> None:
    write_cases(project, RIGHT, name="absent", articles="[nowhere/*.txt]")
    (project.path / "none.qa.yaml").write_text(f"cases:\n{REFUSED}", encoding="utf-8")
    project.runpytest(*PLUGIN).assert_outcomes(errors=2)
    result = project.runpytest(*PLUGIN, "--onrecord-url", "http://127.0.0.1:1/", "--collect-only", "-q")
    result.stdout.fnmatch_lines(["absent.qa.yaml::when was the bridge opened?", "none.qa.yaml::nothing about dragons?"])


def test_a_server_that_is_down_is_an_error_that_says_so(pytester: pytest.Pytester) -> None:
    (pytester.path / "town.qa.yaml").write_text(f"cases:\n{RIGHT}{REFUSED}", encoding="utf-8")
    result = pytester.runpytest_subprocess(*PLUGIN, "--onrecord-url", "http://127.0.0.1:1")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [
            "onrecord: cases ask http://127.0.0.1:1",
            "the articles of *cannot be asked: http://127.0.0.1:1 does not answer: *Start it with `onrecord serve`.",
        ]
    )
    result.stdout.no_fnmatch_line("*exception*")
    result.stdout.no_fnmatch_line("*Traceback*")


def test_importing_the_plugin_is_light() -> None:
    heavy = (
        "{'numpy', 'torch', 'faiss', 'tantivy', 'onnxruntime', 'tokenizers', 'fastapi', 'pydantic', 'typer', 'rich'}"
    )
    code = f"import sys, onrecord.api.pytest_plugin; print(*sorted({heavy} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
