from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from onrecord.api.cli.main import app
from onrecord.rag.cases.files import load
from onrecord.rag.cases.schema import schema
from tests.unit.rag.cases.importers.files import squad, write_beir, write_json, write_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

ROWS = [("question", "article", "answers"), ("When did it open?", "bridge.txt", "2013")]


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def onrecord(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code, result.output
    return result


def test_the_schema_is_printed() -> None:
    assert json.loads(onrecord("cases", "schema").stdout) == schema()


def test_squad_is_imported_and_what_was_left_out_is_told(tmp_path: Path) -> None:
    data = squad()
    data["data"] *= 2
    write_json(tmp_path / "dev.json", data)
    result = onrecord("cases", "import", "squad", "dev.json", "--into", "made")
    assert result.stdout == "cases: 3, articles: 4, case file: made/dev.qa.yaml\n"
    assert result.stderr == "left out 3: asked before in the same words\n"
    assert len(load(tmp_path / "made" / "dev.qa.yaml").cases) == 3


def test_beir_is_imported_by_its_split(tmp_path: Path) -> None:
    data_set = write_beir(tmp_path / "town")
    assert onrecord("cases", "import", "beir", "town", "--into", "made").stdout.startswith("cases: 2, articles: 2, ")
    (data_set / "qrels" / "test.tsv").rename(data_set / "qrels" / "dev.tsv")
    result = onrecord("cases", "import", "beir", "town", "--into", "again", "--split", "dev")
    assert result.stdout == "cases: 2, articles: 2, case file: again/town.qa.yaml\n"


def test_a_sheet_is_imported(tmp_path: Path) -> None:
    write_sheet(tmp_path, ROWS)
    result = onrecord("cases", "import", "csv", "Town sheet.csv", "--into", "made")
    assert result.stdout == "cases: 1, articles: 1, case file: made/town-sheet.qa.yaml\n"


def test_what_is_not_of_the_format_is_refused_with_its_place(tmp_path: Path) -> None:
    write_sheet(tmp_path, [*ROWS, ("When did it close?", "bridge.txt", "never")])
    result = onrecord("cases", "import", "csv", "Town sheet.csv", "--into", "made", code=1)
    assert result.stderr.startswith("error: Town sheet.csv:3: none of the answers stands in the article")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("arguments", [("csv", "--split", "dev"), ("trec",), ("squad",)])
def test_wrong_usage_is_told_apart(arguments: tuple[str, ...]) -> None:
    source_format, *options = arguments
    into = ["--into", "made"] if options or source_format == "trec" else []
    onrecord("cases", "import", source_format, "sheet.csv", *into, *options, code=2)
