"""Files of other tools that are called like case files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.api.pytest_plugin.projects import PLUGIN, RIGHT, write_cases

pytest_plugins = ["pytester"]


def test_other_yaml_files_are_left_alone(project: pytest.Pytester) -> None:
    (project.path / "settings.yaml").write_text("a: 1", encoding="utf-8")
    project.runpytest(*PLUGIN).assert_outcomes()


def write_what_is_of_others(project: pytest.Pytester) -> None:
    (project.path / "docker-compose.qa.yaml").write_text("services:\n  db:\n    image: postgres:16\n", encoding="utf-8")
    (project.path / "deploy").mkdir()
    (project.path / "deploy" / "values.qa.yaml").write_text(
        "{{- if .Values.on }}\nreplicas: 2\n{{- end }}\n", encoding="utf-8"
    )
    (project.path / "deploy" / "notes.qa.yaml").write_text("", encoding="utf-8")


def test_files_of_other_tools_that_are_called_like_case_files_are_left_alone(project: pytest.Pytester) -> None:
    write_what_is_of_others(project)
    project.makepyfile(test_own="def test_own(): pass")
    project.runpytest(*PLUGIN, "-W", "error").assert_outcomes(passed=1)
    write_cases(project, RIGHT)
    project.runpytest(*PLUGIN, "-W", "error").assert_outcomes(passed=2)
    project.runpytest(*PLUGIN, str(project.path), "-W", "error").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("docker-compose.qa.yaml", "*docker-compose.qa.yaml:1: “services” is no key that is known here."),
        ("deploy/values.qa.yaml", "*values.qa.yaml:1: this is not YAML: "),
        ("deploy/notes.qa.yaml", "*notes.qa.yaml:1: the file is empty."),
    ],
)
def test_a_file_of_another_tool_that_is_named_is_told_to_be_no_case_file(
    project: pytest.Pytester, name: str, problem: str
) -> None:
    write_what_is_of_others(project)
    result = project.runpytest(*PLUGIN, name)
    result.assert_outcomes(errors=1)
    told = f"no key `cases` was found in {Path(name).name}, so it is no case file, and left alone unless it is named."
    result.stdout.fnmatch_lines([f"{told} {problem}*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_files_of_other_tools_load_nothing_of_ours(project: pytest.Pytester) -> None:
    write_what_is_of_others(project)
    project.makepyfile(
        test_own="""
        import sys
        def test_own():
            assert not {"yaml", "onrecord.rag.cases.case", "onrecord.api.pytest_plugin.cases"} & sys.modules.keys()
        """
    )
    project.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)
