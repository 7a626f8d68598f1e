"""Small data sets to import, written by hand."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

BRIDGE = "The old bridge closed in May. The new bridge opened in 2013, and Ada Moss cut the ribbon."
FERRY = "Ferries run every ten minutes. They are free for dockers."


def answer(context: str, text: str) -> dict[str, Any]:
    return {"text": text, "answer_start": context.index(text)}


def squad() -> dict[str, Any]:
    """One article of two paragraphs, and one of one, in SQuAD 2.0."""
    return {
        "version": "v2.0",
        "data": [
            {
                "title": "Harbour_Bridge",
                "paragraphs": [
                    {
                        "context": BRIDGE,
                        "qas": [
                            {
                                "id": "1",
                                "question": "When did the new bridge open?",
                                "answers": [answer(BRIDGE, "2013"), answer(BRIDGE, "in 2013"), answer(BRIDGE, "2013")],
                                "is_impossible": False,
                            },
                            {
                                "id": "2",
                                "question": "Who designed the  bridge?",
                                "plausible_answers": [answer(BRIDGE, "Ada Moss")],
                                "answers": [],
                                "is_impossible": True,
                            },
                        ],
                    },
                    {
                        "context": f"  {FERRY}\n",
                        "qas": [
                            {
                                "id": "3",
                                "question": "For whom are ferries free?",
                                "answers": [answer(f"  {FERRY}", "dockers")],
                            }
                        ],
                    },
                ],
            },
            {"title": "Ferry", "paragraphs": [{"context": "Another ferry sank in a storm in 1912.", "qas": []}]},
        ],
    }


def write_json(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def write_beir(folder: Path) -> Path:
    """Three documents, one of them without text, and three queries, one of them of another split."""
    (folder / "qrels").mkdir(parents=True)
    write_lines(
        folder / "corpus.jsonl",
        [
            {"_id": "MED-10", "title": "The bridge.", "text": BRIDGE, "metadata": {}},
            {"_id": "../Ferry", "title": "", "text": FERRY},
            {"_id": "empty", "title": "", "text": ""},
        ],
    )
    write_lines(
        folder / "queries.jsonl",
        [
            {"_id": "q1", "text": "the opening of the bridge"},
            {"_id": "q2", "text": "crossing the harbour"},
            {"_id": "train", "text": "not in this split"},
        ],
    )
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\tMED-10\t2\nq1\t../Ferry\t0\nq2\t../Ferry\t1\nq2\tMED-10\t1\n", encoding="utf-8"
    )
    return folder


def write_lines(path: Path, records: Iterable[object]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def write_sheet(folder: Path, rows: Sequence[Sequence[str]], *, delimiter: str = ",") -> Path:
    """Rows, the first of them the names of columns, beside two articles."""
    (folder / "bridge.txt").write_text(f"Bridge opens\n\n{BRIDGE}", encoding="utf-8")
    (folder / "old").mkdir(exist_ok=True)
    (folder / "old" / "Ferry News!.txt").write_text(f"Ferries\n\n{FERRY}", encoding="utf-8")
    path = folder / "Town sheet.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
