"""Keeps every figure that the documentation tells in one file, `docs/figures.json`, which the measuring commands write.

    python -m benchmarks.figures SECTION EVALUATION.json [--reader FOLDER] [--figures docs/figures.json]

The command takes what `onrecord eval --json` printed; every other measurement writes its section itself (`--figures`).
A section holds the values, the command that made them, the day, the machine and the reader that was measured, so that
nobody takes a figure for another reader's. `benchmarks.figure_text` makes tables and sentences of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.index.atomic import replace_file
from onrecord.rag.evaluation.scores import Expectation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIGURES = Path("docs/figures.json")
READER = Path("rag/models/reader")
DIGITS = 4
CASES = {
    "seeds": "seeds/*.qa.yaml",
    "slice": "tests/regression/slice/slice.qa.yaml",
    "alike": "benchmarks/alike/alike.qa.yaml",
}
"""Case files by the section that tells how they go."""


@dataclass(frozen=True, slots=True)
class Section:
    """One measurement.

    Attributes:
        values: what was measured.
        command: what measures it again.
        measured: the day, as ISO 8601 has it.
        machine: where; empty where that was not noted.
        weights: the first digits of the SHA-256 of the reader's `reader.onnx`; empty where no reader took part.
        note: what else a reader of the figures has to know, a whole sentence.
        transcribed: taken over from the documentation of that day, from before commands wrote this file.
    """

    values: Mapping[str, Any]
    command: str
    measured: str
    machine: Mapping[str, Any] = field(default_factory=dict)
    weights: str = ""
    note: str = ""
    transcribed: bool = False


def weights_of(reader: Path = READER) -> str:
    """Name the reader in a folder by its weights, or by what it adds to weights that are not in the folder."""
    file = next(path for name in ("reader.onnx", "deltas.safetensors") if (path := reader / name).exists())
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def machine() -> dict[str, Any]:
    """The processor, how many of its cores are to be had, and how many processes wanted them in the last minutes."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = os.getloadavg()[1] if hasattr(os, "getloadavg") else None
    return {"processor": model or platform.processor(), "cores": cores, "load": load}


def read(file: Path = FIGURES) -> dict[str, Section]:
    """Every section, by its name."""
    return {name: Section(**section) for name, section in json.loads(file.read_text(encoding="utf-8")).items()}


def record(  # noqa: PLR0913 - all of it is what a section holds
    file: Path,
    name: str,
    values: Mapping[str, Any],
    *,
    command: str,
    reader: Path | None = None,
    on: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    """Write a section, in one piece; the others stay as they are.

    Args:
        file: where; made where it is not there yet.
        name: of the section.
        values: what was measured. Fractions are rounded.
        command: what measures it again.
        reader: the folder of the reader that took part, if one did.
        on: the machine, where it is not this one as it is now.
        note: what else has to be known.
    """
    sections = read(file) if file.exists() else {}
    sections[name] = Section(
        values=rounded(values),
        command=command,
        measured=datetime.now(UTC).date().isoformat(),
        machine=rounded(machine() if on is None else on),
        weights=weights_of(reader) if reader else "",
        note=note,
    )
    content = {each: _told(sections[each]) for each in sorted(sections)}
    replace_file(file, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def rounded(value: Any) -> Any:
    """The value with each fraction in it rounded, so that a file changes only where a figure does."""
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(each) for each in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def _told(section: Section) -> dict[str, Any]:
    """What a section says, without what there is nothing to say of."""
    return {name: value for name, value in asdict(section).items() if value or name == "values"}


def add_option(parser: argparse.ArgumentParser) -> None:
    """Let a measuring command write its section."""
    parser.add_argument("--figures", type=Path, metavar="FILE", help=f"also write the section of {FIGURES} there")


def evaluated(document: Mapping[str, Any]) -> dict[str, Any]:
    """The values of what `onrecord eval --json` printed: its shares, and how the cases of each file went."""
    shares = ("pass_rate", "retrieval", "answers", "abstention", "calibration", "spans")
    files: dict[str, list[Mapping[str, Any]]] = {}
    for case in document["cases"]:
        files.setdefault(case["file"], []).append(case)
    return {
        "files": {name: _counts(cases) for name, cases in files.items()},
        **{name: document[name] for name in shares},
    }


def _counts(cases: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    unanswerable = [case for case in cases if case["expects"] == Expectation.REFUSAL]
    answerable = [case for case in cases if case["expects"] != Expectation.REFUSAL]
    return {
        "cases": len(cases),
        "pass": sum(case["holds"] for case in cases),
        "unanswerable": len(unanswerable),
        "unanswerable_answered": sum(not case["abstained"] for case in unanswerable),
        "answerable": len(answerable),
        "answerable_refused": sum(case["abstained"] for case in answerable),
        "answerable_answered_amiss": sum(not (case["abstained"] or case["holds"]) for case in answerable),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("section", choices=tuple(CASES))
    parser.add_argument("evaluation", type=Path, help="what onrecord eval --json printed")
    parser.add_argument("--reader", type=Path, default=READER, help="what read, the small reader or the accurate one")
    parser.add_argument("--figures", type=Path, default=FIGURES)
    options = parser.parse_args(arguments)
    document = json.loads(options.evaluation.read_text(encoding="utf-8"))
    small = options.reader == READER
    command = f"onrecord eval {CASES[options.section]} --json"
    record(
        options.figures,
        options.section if small else f"{options.section}.{options.reader.name}",
        evaluated(document),
        command=f"ONRECORD_READER=fast {command}" if small else command,
        reader=options.reader,
    )


if __name__ == "__main__":
    main()
