"""README's commands, JSON and snippet are run, and print what stands there.

Confidences and scores are compared to a tenth: an int8 model rounds a little differently on another processor.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from onrecord.rag.cases.files import load
from tests.integration.processes import environment, run, serving

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
ASKED = [
    (command, printed)
    for language, block in BLOCKS
    if language == "console"
    for command, _, printed in [block.removeprefix("$ ").partition("\n")]
    if command.startswith("onrecord ")
]

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("readme") / "data"
    run("index", str(ROOT / "seeds"), "--data", str(data))
    return data


def rounded(value: Any) -> Any:
    """The value with timings left out and other fractions to a tenth."""
    if isinstance(value, dict):
        return {
            key: rounded(each) for key, each in value.items() if key not in ("timings_ms", "article_id", "passage_id")
        }
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 1) if isinstance(value, float) else value


def without_fractions(text: str) -> str:
    return re.sub(r"\d\.\d+", "#", text).strip()


@pytest.mark.parametrize(("asked", "printed"), ASKED, ids=[command for command, _ in ASKED])
def test_the_commands_print_what_readme_shows(data: Path, asked: str, printed: str) -> None:
    _, *arguments = shlex.split(asked)
    done = run(*arguments, ONRECORD_DATA_DIR=str(data))
    assert without_fractions(done.stdout) == without_fractions(printed)


def test_curl_gets_the_json_that_readme_shows(data: Path) -> None:
    (url,) = re.findall(r"^\$ curl -s '(http://127\.0\.0\.1:8000\S+)'$", README, re.MULTILINE)
    (shown,) = [json.loads(block) for language, block in BLOCKS if language == "json"]
    with serving(data) as server:
        server.wait_until_ready()
        answer = httpx.get(url.replace("http://127.0.0.1:8000", server.url), timeout=60).json()
    assert rounded(answer) == rounded(shown)
    assert list(answer) == list(shown)


def test_the_snippet_runs_without_a_server(tmp_path: Path) -> None:
    (snippet,) = [block for language, block in BLOCKS if language == "python"]
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    done = subprocess.run(
        [sys.executable, "-c", snippet], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in "\n".join(file.read_text("utf-8") for file in (ROOT / "seeds").glob("*.txt"))


def test_the_cases_that_readme_shows_stand_in_the_seeds_file() -> None:
    (shown,) = [yaml.safe_load(block) for language, block in BLOCKS if language == "yaml"]
    there = {case.question: case for case in load(ROOT / "seeds" / "asadi.qa.yaml").cases}
    for case in shown["cases"]:
        held = there[case["question"]]
        assert held.not_found == case.get("not_found", False)
        assert set(case.get("passages", ())) <= set(held.passages)
        assert set(case.get("answers", ())) <= set(held.answers)


def test_every_make_target_that_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", README, re.MULTILINE)) <= targets
