"""The architecture page tells the tree that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
FLOORS = ("index", "rag", "api")
MOST_ROOMS = 13


def rooms() -> dict[str, set[str]]:
    """The folders that the page's table of rooms names, by floor."""
    named: dict[str, set[str]] = {}
    floor = ""
    for row in re.findall(r"^\| (\*\*)?`(\w+)/`", PAGE, re.MULTILINE):
        floor = row[1] if row[0] else floor
        named.setdefault(floor, set()).update([] if row[0] else [row[1]])
    return named


@pytest.mark.parametrize("floor", FLOORS)
def test_the_page_has_a_sentence_for_every_folder_and_no_other(floor: str) -> None:
    there = {path.name for path in (ROOT / floor).iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert rooms()[floor] == there


def test_every_path_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`((?:index|rag|api|tests|training|benchmarks|docs)/[\w/.]*)`", PAGE))
    assert len(named) > 20
    assert [path for path in sorted(named) if not _there(path)] == []


def test_no_folder_is_too_full_to_draw() -> None:
    full = {}
    for folder in (path.parent for floor in (*FLOORS, "training") for path in (ROOT / floor).rglob("__init__.py")):
        modules = [path for path in folder.glob("*.py") if path.name not in ("__init__.py", "__main__.py")]
        full[str(folder.relative_to(ROOT))] = len(modules)
    assert {name: count for name, count in full.items() if count > MOST_ROOMS} == {}


def _there(path: str) -> bool:
    return (ROOT / path).exists() or (ROOT / f"{path}.py").exists()
