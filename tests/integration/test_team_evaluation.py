"""From questions that people asked to cases that are held: the server, its log, drafts, figures, a baseline, a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.integration.processes import SEEDS, run, serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("team evaluation")]

ANSWERED = "When was the Nujaba Movement established?"
REFUSED = "What is the price of a barrel of oil?"


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drafts of what was asked of a server that has been stopped again."""
    place = tmp_path_factory.mktemp("team")
    data, log, drafts = place / "data", place / "questions.jsonl", place / "drafts.qa.yaml"
    run("index", str(SEEDS), "--data", str(data))
    with serving(data, ONRECORD_QUESTION_LOG=str(log)) as server:
        server.wait_until_ready()
        for question in (ANSWERED, REFUSED, ANSWERED.upper()):
            assert httpx.post(f"{server.url}/v1/ask", json={"question": question}, timeout=60).is_success
    assert len(log.read_text("utf-8").splitlines()) == 3
    run("cases", "suggest", str(log), "--out", str(drafts), "--data", str(data))
    return drafts


@pytest.fixture(scope="module")
def first_run(drafts: Path) -> dict[str, Any]:
    """What evaluating the drafts tells; it is also saved as a baseline."""
    baseline = drafts.with_name("baseline.json")
    told: dict[str, Any] = json.loads(
        run("eval", str(drafts), "--json", "--baseline", str(baseline), "--update-baseline").stdout
    )
    return told


def test_drafts_hold_against_the_articles_they_came_from(first_run: dict[str, Any]) -> None:
    assert [case["question"].casefold() for case in first_run["cases"]] == [ANSWERED.casefold(), REFUSED.casefold()]
    assert (first_run["passed"], first_run["failed"]) == (2, 0)


@pytest.mark.usefixtures("first_run")
def test_a_change_of_settings_is_told_against_the_baseline_and_shown_on_a_page(drafts: Path) -> None:
    baseline, report = str(drafts.with_name("baseline.json")), drafts.with_name("report.html")
    moved = run("eval", str(drafts), "--baseline", baseline, "--html", str(report), code=1, ONRECORD_MIN_CONFIDENCE="1")
    assert "broke: drafts.qa.yaml: " in moved.stdout
    assert "\x1b" not in moved.stdout + moved.stderr
    assert "Broke since the baseline" in report.read_text("utf-8")
