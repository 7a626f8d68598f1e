from __future__ import annotations

import pytest

from tests.faults import kills

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    "point", kills.points(10, seed=20251123), ids=lambda point: f"{point.action}-{point.share:.3f}"
)
def test_a_killed_process_leaves_what_it_had_committed(
    point: kills.Point, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The first points of one seed; `python -m tests.faults.kills` tries as many as one likes."""
    assert kills.try_point(point, tmp_path_factory.mktemp("fault") / "data") == []


def test_every_kind_of_work_is_killed() -> None:
    assert {point.action for point in kills.points(10, seed=20251123)} == {
        "index", "remove", "serve", "compact", "migrate",
    }  # fmt: skip
