from __future__ import annotations

import re
import time

import pytest

from onrecord.api.cli import output
from onrecord.api.cli.pace import WINDOW, Pace


def test_before_anything_is_done_there_is_no_rate_and_no_time_left() -> None:
    pace = Pace()
    assert (pace.rate(1.0), pace.left(10, 1.0)) == (None, None)
    pace.note(0, 0.0)
    assert (pace.rate(5.0), pace.left(10, 5.0)) == (None, None)


def test_a_batch_reported_one_by_one_in_an_instant_counts_from_when_it_was_begun() -> None:
    pace = Pace()
    pace.note(0, 0.0)
    for done in range(1, 65):
        pace.note(done, 32.0 + done / 1e6)
    assert pace.rate(32.001) == pytest.approx(2.0, rel=0.01)
    assert pace.left(192, 32.001) == pytest.approx(64.0, rel=0.01)


def test_while_nothing_new_is_reported_the_rate_falls() -> None:
    pace = Pace()
    pace.note(0, 0.0)
    pace.note(10, 10.0)
    assert pace.rate(20.0) == 0.5


def test_what_an_interrupted_run_had_done_already_is_soon_left_out() -> None:
    pace = Pace()
    pace.note(0, 0.0)
    pace.note(10_000, 1.0)
    for batch in range(1, 20):
        pace.note(10_000 + 20 * batch, 1.0 + 10 * batch)
    assert WINDOW < 10 * 19
    assert pace.rate(191.0) == pytest.approx(2.0, rel=0.1)


def test_work_that_begins_anew_has_a_rate_of_its_own() -> None:
    pace = Pace()
    pace.note(0, 0.0)
    pace.note(300, 10.0)
    pace.note(0, 20.0)
    assert pace.rate(21.0) is None
    pace.note(5, 25.0)
    assert pace.rate(25.0) == 1.0


def test_a_terminal_shows_how_much_is_done_how_fast_and_how_long_the_rest_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with output.progress_bars() as report:
        report("indexing", 0, 3)
        time.sleep(0.1)
        report("indexing", 1, 3)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    assert re.search(r"indexing .*1/3 \d+\.\d/s 0:00:0\d left", shown), shown
