"""How web pages are read may not fall below what was reached: floors in `webpages.json`.

The pages are others' and no part of this repository. What was measured of them last is in `docs/figures.json`, and held
to the floors here, always; with a folder of the pages in `ONRECORD_WEBPAGES` they are measured anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchmarks import figures
from benchmarks.webpages.__main__ import below, measure

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "webpages.json").read_text(encoding="utf-8"))
PAGES = os.environ.get("ONRECORD_WEBPAGES", "")


def test_what_was_measured_last_keeps_the_floors() -> None:
    values = figures.read(HERE.parents[1] / figures.FIGURES)["webpages"].values
    assert not below(values, FLOORS)


@pytest.mark.integration
@pytest.mark.skipif(not PAGES, reason="ONRECORD_WEBPAGES names no folder of pages (python -m benchmarks.webpages -h)")
def test_pages_keep_the_floors() -> None:
    values, _ = measure(Path(PAGES))
    assert not below(figures.rounded(values), FLOORS)
