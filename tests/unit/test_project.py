"""The documents in the root, and what the package says of itself, agree with the tree."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NOTICE = (ROOT / "NOTICE").read_text("utf-8")
CARD = (ROOT / "rag" / "models" / "reader" / "MODEL_CARD.md").read_text("utf-8")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
NAMES = {"NQ": "Natural Questions", "squad2_dev16": "SQuAD 2.0"}
"""How NOTICE names what the model card's table names otherwise."""


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def trained_on() -> list[tuple[str, str]]:
    """The data sets that the weights are made of, by the card's table: name and licence."""
    table = CARD[CARD.index("\n## Data\n") : CARD.index("\nThe articles of `squad2_dev16`")]
    rows = re.findall(r"^\| `?(\w+)[^|]*\|[^|]*\| ([^|]*)\| ([^|]*) \|$", table, re.MULTILINE)
    return [(name, licence) for name, use, licence in rows if "training" in use and name != "set"]


@pytest.mark.parametrize(("name", "licence"), trained_on())
def test_notice_credits_every_set_that_the_weights_are_made_of(name: str, licence: str) -> None:
    told = NAMES.get(name, name)
    credited = next((line for line in NOTICE.splitlines() if re.search(rf"\b{re.escape(told)}\b", line)), None)
    assert credited, told
    if "no licence" not in licence:
        assert licence in credited.replace("Apache License", "Apache")


def test_the_card_names_sets_that_the_weights_are_made_of() -> None:
    assert len(trained_on()) >= 6


def test_the_weights_stand_under_one_licence_in_card_notice_and_readme() -> None:
    assert "| Licence | weights CC BY-SA 4.0" in CARD
    assert "Attribution-ShareAlike 4.0 International Licence (CC BY-SA 4.0)" in NOTICE
    assert "weights under CC BY-SA 4.0" in read("README.md")


def test_the_package_is_under_the_licence_that_lies_beside_it() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert read("LICENSE").split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert all((ROOT / name).is_file() for name in PROJECT["license-files"])


def test_the_changelog_knows_the_version() -> None:
    assert re.search(
        rf"^## \[{re.escape(PROJECT['version'])}\] - \d{{4}}-\d\d-\d\d$", read("CHANGELOG.md"), re.MULTILINE
    )


@pytest.mark.parametrize("page", PAGES)
def test_links_of_the_documents_in_the_root_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", read(page)):
        assert (ROOT / target).exists(), target


def test_every_path_and_make_target_that_contributing_names_is_there() -> None:
    told = read("CONTRIBUTING.md")
    paths = set(re.findall(r"`((?:index|rag|api|tests|training|\.ci)/[\w/.]*)`", told))
    assert len(paths) > 20
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^ {4}make (\w+)", told, re.MULTILINE)) <= targets


def test_readme_links_every_document_in_the_root() -> None:
    linked = set(re.findall(r"\]\(([A-Z]+(?:\.md)?)\)", read("README.md")))
    assert linked == {"LICENSE", "NOTICE", *PAGES} - {"README.md"}
