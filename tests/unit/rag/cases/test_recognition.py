from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from onrecord.rag.cases.recognition import is_case_file

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "town.qa.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "articles: ['*.txt']\ncases:\n  - question: Q\n",
        "cases: []",
        "\ufeffcases: []",
        "# a comment\n---\ncases:\n",
        "  articles: [a]\n  cases: []\n",
        "{articles: [a], cases: [{question: Q}]}",
        '"cases": []',
        "colour: {red: [1]}\n? [a, list]\n: a value\ncases: []\n",
    ],
)
def test_a_mapping_with_a_key_cases_is_a_case_file(tmp_path: Path, text: str) -> None:
    assert is_case_file(write(tmp_path, text))


@pytest.mark.parametrize(
    "content",
    [
        "articles: [a\ncases:\n  - question: Q\n",
        "articles: [*unknown\ncases: []",
        "articles: a: b\n'cases': []",
        "articles:\n\t- a\r\ncases:\r\n",
        "cases:[{question: Q}]\nb",
        "articles: [é]\ncases: []\n".encode("latin-1"),
        "articles: [é]\ncases: []\n".encode("utf-16"),
    ],
)
def test_a_case_file_that_is_broken_is_one_all_the_same(tmp_path: Path, content: str | bytes) -> None:
    assert is_case_file(write(tmp_path, content))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "services:\n  db:\n    image: postgres:16\n",
        "replicaCount: 2\nimage: {tag: '1.4'}\n",
        "tests:\n  cases: [a]\n",
        "name: cases\ncases_of: [cases]\n? [cases]\n: cases\n",
        "- cases: []\n",
        "cases",
        "kind: Service\n---\ncases: []\n",
        "text: |\n  cases:\n",
        "{{- if .Values.cases }}\nreplicas: {{ .Values.replicas }}\n",
        "a: [\nupper-cases: 1",
        b"\x00\xff\xfe cases",
    ],
)
def test_what_has_no_such_key_is_no_case_file(tmp_path: Path, content: str | bytes) -> None:
    assert not is_case_file(write(tmp_path, content))


def test_what_cannot_be_read_is_not_known_to_be_one(tmp_path: Path) -> None:
    assert not is_case_file(tmp_path / "none.qa.yaml")
    assert not is_case_file(tmp_path)


def test_only_as_much_is_parsed_as_it_takes(tmp_path: Path) -> None:
    deep = "[" * 100_000
    assert is_case_file(write(tmp_path, f"cases: []\nrest: {deep}"))


def test_a_file_that_nowhere_says_cases_is_told_without_a_yaml_parser(tmp_path: Path) -> None:
    path = write(tmp_path, "services: {db: {image: 'postgres:16'}}\n")
    code = (
        "import sys; from pathlib import Path; from onrecord.rag.cases.recognition import is_case_file; "
        "print(is_case_file(Path(sys.argv[1])), 'yaml' in sys.modules, 'onrecord.rag.cases.case' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False", "False"]
