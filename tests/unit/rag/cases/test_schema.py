from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from onrecord.rag.cases.schema import schema
from tests.unit.rag.cases.documents import (
    ACCEPTED_CASES,
    REFUSED_CASES,
    REFUSED_FILES,
    UNDETECTABLE_CASES,
    UNDETECTABLE_FILES,
    with_cases,
)

ROOT = Path(__file__).parents[4]
VALIDATOR = Draft7Validator(schema())


def accepts(text: str) -> bool:
    # Read as case files are; PyYAML's parser in Python stumbles over a question mark before a bracket.
    return VALIDATOR.is_valid(yaml.load(text, Loader=yaml.CSafeLoader))


def test_the_schema_keeps_to_its_own_draft() -> None:
    Draft7Validator.check_schema(schema())


@pytest.mark.parametrize("lines", ACCEPTED_CASES)
def test_what_the_validator_accepts_the_schema_accepts(lines: str) -> None:
    assert accepts(with_cases(lines))


@pytest.mark.parametrize(
    "text", [text for text, _ in REFUSED_FILES] + [with_cases(lines) for lines, _ in REFUSED_CASES]
)
def test_what_the_validator_refuses_the_schema_refuses(text: str) -> None:
    assert not accepts(text)


def test_only_what_a_schema_cannot_say_is_left_to_the_validator() -> None:
    for text in [text for text, _ in UNDETECTABLE_FILES] + [with_cases(lines) for lines, _ in UNDETECTABLE_CASES]:
        try:
            document = yaml.safe_load(text)
        except yaml.YAMLError:
            continue
        assert document is None or VALIDATOR.is_valid(document), text


@pytest.mark.parametrize("path", sorted((ROOT / "seeds").glob("*.qa.yaml")), ids=lambda path: path.name)
def test_the_seed_case_files_keep_to_the_schema(path: Path) -> None:
    assert accepts(path.read_text("utf-8"))


def test_every_key_is_described_to_whoever_hovers_over_it() -> None:
    assert all("description" in each for each in schema()["definitions"]["case"]["properties"].values())


def test_the_published_schema_is_up_to_date() -> None:
    published = json.loads((ROOT / "docs" / "case-file.schema.json").read_text("utf-8"))
    assert published == schema(), "run: onrecord cases schema > docs/case-file.schema.json"
