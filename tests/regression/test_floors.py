"""What case files give as a whole may not fall below what was reached.

The floors stand in the baselines beside this file. After a change of the cases, or of what the figures may be:
`make floors`, with `ACCEPT=1` where floors are to be lowered.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.api.evaluation import baseline as eval_baseline
from onrecord.api.evaluation import evaluation, runs, tables
from onrecord.api.settings import load_settings

HERE = Path(__file__).parent
CASES = {
    "seeds": sorted((HERE.parents[1] / "seeds").glob("*.qa.yaml")),
    "slice": [HERE / "slice" / "slice.qa.yaml"],
}


@pytest.mark.parametrize("name", CASES)
def test_a_baseline_is_of_the_cases_as_they_are(name: str) -> None:
    cases = runs.read_case_files(CASES[name])
    saved = eval_baseline.load(HERE / f"{name}.json")
    assert saved.cases_digest == eval_baseline.cases_digest(cases), "run: make floors"


@pytest.mark.integration
@pytest.mark.parametrize("name", CASES)
def test_figures_keep_their_floors(name: str) -> None:
    done = evaluation.run(
        CASES[name],
        load_settings(),
        lambda _what, _done, _total: None,
        baseline=HERE / f"{name}.json",
        replacing=True,  # cases that changed are told by the test above; here floors count, whatever the cases
    )
    assert done.floors
    assert not done.crossed, "\n".join(tables.summary_lines(done))
