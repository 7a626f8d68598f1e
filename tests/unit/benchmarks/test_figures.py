from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import figures

if TYPE_CHECKING:
    from pathlib import Path


def record(file: Path, name: str, values: dict[str, Any]) -> None:
    figures.record(file, name, values, command=f"measure {name}")


def case(expects: str, *, holds: bool, abstained: bool) -> dict[str, Any]:
    return {"file": "a.qa.yaml", "expects": expects, "holds": holds, "abstained": abstained}


def test_a_section_is_written_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    record(file, "slow", {"p50": 2})
    record(file, "fast", {"p50": 1})
    record(file, "slow", {"p50": 3})
    assert list(json.loads(file.read_text())) == ["fast", "slow"]
    assert [section.values for section in figures.read(file).values()] == [{"p50": 1}, {"p50": 3}]
    assert list(tmp_path.iterdir()) == [file]


def test_fractions_are_rounded_wherever_they_stand(tmp_path: Path) -> None:
    record(tmp_path / "figures.json", "one", {"a": 0.123456, "b": {"c": [0.98765, 2]}, "d": None})
    assert figures.read(tmp_path / "figures.json")["one"].values == {"a": 0.1235, "b": {"c": [0.9877, 2]}, "d": None}


def test_a_section_names_reader_day_and_machine(tmp_path: Path) -> None:
    (tmp_path / "reader.onnx").write_bytes(b"weights")
    file = tmp_path / "figures.json"
    figures.record(file, "one", {}, command="measure", reader=tmp_path, note="Alone.")
    section = figures.read(file)["one"]
    assert section.weights == figures.weights_of(tmp_path)
    assert section.note == "Alone."
    assert section.machine["cores"]
    assert len(section.measured) == len("2026-01-31")


def test_an_evaluation_is_counted_by_file() -> None:
    cases = [
        case("quote", holds=True, abstained=False),
        case("quote", holds=False, abstained=False),
        case("answer", holds=False, abstained=True),
        case("refusal", holds=True, abstained=True),
        case("refusal", holds=False, abstained=False),
    ]
    shares = dict.fromkeys(("pass_rate", "retrieval", "answers", "abstention", "calibration", "spans"), 0.5)
    told = figures.evaluated({"cases": cases, "latency_ms": {"p50": 9}, **shares})
    assert told["files"]["a.qa.yaml"] == {
        "cases": 5,
        "pass": 2,
        "unanswerable": 2,
        "unanswerable_answered": 1,
        "answerable": 3,
        "answerable_refused": 1,
        "answerable_answered_amiss": 1,
    }
    assert told.keys() == {"files", *shares}


@pytest.mark.parametrize("section", ["seeds", "slice"])
def test_the_command_takes_what_onrecord_eval_prints(section: str, tmp_path: Path) -> None:
    shares = dict.fromkeys(("pass_rate", "retrieval", "answers", "abstention", "calibration", "spans"), 0.5)
    printed = tmp_path / "printed.json"
    printed.write_text(json.dumps({"cases": [case("quote", holds=True, abstained=False)], **shares}))
    figures.main([section, str(printed), "--figures", str(tmp_path / "figures.json")])
    assert figures.read(tmp_path / "figures.json")[section].values["pass_rate"] == 0.5


@pytest.mark.parametrize(
    ("folder", "section", "asked"), [("reader", "alike", "ONRECORD_READER=fast "), ("accurate", "alike.accurate", "")]
)
def test_a_section_of_the_small_reader_names_the_setting_that_asks_it(
    folder: str, section: str, asked: str, tmp_path: Path
) -> None:
    shares = dict.fromkeys(("pass_rate", "retrieval", "answers", "abstention", "calibration", "spans"), 0.5)
    printed = tmp_path / "printed.json"
    printed.write_text(json.dumps({"cases": [case("quote", holds=True, abstained=False)], **shares}))
    file = tmp_path / "figures.json"
    reader = figures.READER.parent / folder
    figures.main(["alike", str(printed), "--reader", str(reader), "--figures", str(file)])
    assert figures.read(file)[section].command == f"{asked}onrecord eval {figures.CASES['alike']} --json"
