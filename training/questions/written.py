"""Attach questions that people wrote to fool a reader to the passages that they were written on.

    python -m training.questions.written --data DATA --squad2-cr DIR --unansq DIR --out FILE

SQuAD 2.0's unanswerable questions are published without their passages in two places: SQuAD2-CR (Lee et al. 2019; all
of them, with their ids, development questions first) and UnAnsQ (Zhu et al. 2019; some of them, each with the
answerable question that it was made from, and for one part with the passage). This finds the passages again among
those of train_spans and UnAnsQ:

1. A question belongs to the passage of the answerable question that UnAnsQ pairs it with.
2. Questions written in one sitting, whose ids share time and machine, are on one passage.
3. A sitting none of whose questions is known belongs to the passage that has most of its words, if it leads clearly.

Questions of SQuAD 2.0's development set are left out before any of this. Rows are written like those of train_spans.
"""

import argparse
import csv
import gzip
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.data.repair import rejoined, repair
from training.data.splits import WRITTEN, Row, Span, read_rows

PASSAGE_SOURCES = frozenset({"squad", "squad1.1", "squad2"})
DEVELOPMENT_QUESTIONS = 5945
SITTING = 18  # characters of an id: time, machine and process
LEAST_COVERED, LEAST_LEAD, LEAST_QUESTIONS = 0.5, 0.2, 2
COMMON_WORD = 0.15

_NOT_WORD = re.compile(r"\W+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Pair:
    """An unanswerable question's id, and the answerable question that it was made from with its passage if known."""

    id: str
    answerable: str
    row: Row | None


def plain(text: str) -> str:
    """Return the letters and digits of a text, lower-cased, by which differently tokenized texts are the same."""
    return _NOT_WORD.sub("", text.lower())


def read_questions(folder: Path) -> dict[str, str]:
    """Return SQuAD2-CR's unanswerable training questions by id."""
    with (folder / "rationales" / "word_att_extended.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t"))[1:]
    return {row[0]: rejoined(row[1]) for row in rows[DEVELOPMENT_QUESTIONS:]}


def read_pairs(folder: Path, part: str) -> list[Pair]:
    """Return UnAnsQ's pairs of ``part`` ("train" or "dev"), with passages where they are at hand."""
    answerable = _table(folder / f"{part}-answerable-questions.txt")
    unanswerable = _table(folder / f"{part}-unanswerable-questions.txt")
    contexts = folder / f"{part}-context.txt"
    passages = [line[0] for line in _table(contexts)] if contexts.is_file() else [None] * len(answerable)
    pairs = []
    for asked, twisted, passage in zip(answerable, unanswerable, passages, strict=True):
        row = None if passage is None else _row(passage, asked[1], int(asked[2]), int(asked[3]))
        pairs.append(Pair(twisted[0], asked[1], row))
    return pairs


def attach(questions: Mapping[str, str], pairs: Sequence[Pair], rows: Sequence[Row]) -> list[Row]:
    """Return the rows of questions whose passage is found, and UnAnsQ's answerable ones on passages of its own.

    Args:
        questions: unanswerable ones, by id.
        pairs: what some of them were made from.
        rows: answerable questions with their passages.
    """
    own = {plain(row.context): row for row in rows}
    asked = defaultdict(set)
    for row in rows:
        asked[plain(row.question)].add(plain(row.context))
    extra = {plain(pair.row.context): pair.row for pair in pairs if pair.row and plain(pair.row.context) not in own}
    passages = {key: (row.title, row.context) for key, row in (own | extra).items()}
    sittings: dict[str, list[str]] = defaultdict(list)
    for name in questions:
        sittings[name[:SITTING]].append(name)
    places = _paired(pairs, asked)
    places |= _by_words({key: names for key, names in sittings.items() if key not in places}, questions, passages)
    made = [
        Row(own[place].source if place in own else WRITTEN, *passages[place], questions[name], ())
        for sitting, place in places.items()
        for name in sittings.get(sitting, ())
        if place not in asked[plain(questions[name])]
    ]
    made += [pair.row for pair in pairs if pair.row and plain(pair.row.context) in extra]
    return list(dict.fromkeys(made))


def _paired(pairs: Sequence[Pair], asked: Mapping[str, set[str]]) -> dict[str, str]:
    """Return the passage of each sitting that pairs tell, those that they tell differently left out."""
    told: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        places = {plain(pair.row.context)} if pair.row else asked.get(plain(pair.answerable), set())
        told[pair.id[:SITTING]] |= places
    return {sitting: next(iter(places)) for sitting, places in told.items() if len(places) == 1}


def _by_words(
    sittings: Mapping[str, Sequence[str]], questions: Mapping[str, str], passages: Mapping[str, tuple[str, str]]
) -> dict[str, str]:
    """Return the passage of each sitting whose words, rare ones most, lie in one passage far more than in others."""
    words = {key: set(_words(context)) for key, (_, context) in passages.items()}
    holding: dict[str, list[str]] = defaultdict(list)
    for key, held in words.items():
        for word in held:
            holding[word].append(key)
    found: dict[str, str] = {}
    for sitting, names in sittings.items():
        total, scores = 0.0, Counter[str]()
        for name in names if len(names) >= LEAST_QUESTIONS else ():
            for word in set(_words(questions[name])):
                places = holding.get(word, [])
                if len(places) <= max(1, COMMON_WORD * len(words)):
                    weight = math.log(1 + len(words) / (1 + len(places)))
                    total += weight
                    scores.update(dict.fromkeys(places, weight))
        best = [*scores.most_common(2), ("", 0.0), ("", 0.0)]
        if total and best[0][1] >= LEAST_COVERED * total and best[0][1] - best[1][1] >= LEAST_LEAD * total:
            found[sitting] = best[0][0]
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _table(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _row(passage: str, question: str, first: int, last: int) -> Row:
    """Return a row of tokenized text, sentences capitalized, the answer given by its first and last token."""
    text, starts = "", []
    tokens = passage.split(" ")
    inside = {place + step for place in range(1, len(tokens) - 1) if _in_number(tokens, place) for step in (0, 1)}
    for place, token in enumerate(tokens):
        text += "" if place == 0 or place in inside else " "
        starts.append(len(text))
        opens = place == 0 or (tokens[place - 1] in (".", "?", "!") and place not in inside)
        text += token.capitalize() if opens else token
    span = Span(starts[first], starts[last] + len(tokens[last]))
    return repair(Row(WRITTEN, "", text, question, (span,), tokenized=True))


def _in_number(tokens: Sequence[str], place: int) -> bool:
    """Say whether the token is the comma or the point of a number: 12 , 000 or 1 . 5."""
    before, after = tokens[place - 1], tokens[place + 1]
    long = len(after) == 3 if tokens[place] == "," else tokens[place] == "."
    return long and _NUMBER.fullmatch(before) is not None and _NUMBER.fullmatch(after) is not None


def _written(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        answers = [{"text": text, "start": span.start} for text, span in zip(row.texts(), row.answers, strict=True)]
        yield json.dumps(
            {
                "source": row.source, "title": row.title, "context": row.context, "question": row.question,
                "answers": answers, "unanswerable": not answers,
            },
            ensure_ascii=False,
        )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.questions.written", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--squad2-cr", type=Path, required=True, help="the folder that SQuAD2-CR's archive unpacks to")
    parser.add_argument("--unansq", type=Path, required=True, help="the folder QG of UnAnsQ")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    known = [row for row in read_rows(options.data / "train_spans.jsonl.gz") if row.source in PASSAGE_SOURCES]
    pairs = [pair for part in ("train", "dev") for pair in read_pairs(options.unansq, part)]
    rows = attach(read_questions(options.squad2_cr), pairs, [repair(row) for row in known if row.answers])
    seen = {(row.question, row.context) for row in known}
    rows = [row for row in rows if (row.question, row.context) not in seen]
    with gzip.open(options.out, "wt", encoding="utf-8") as lines:
        lines.writelines(f"{line}\n" for line in _written(rows))
    counts = Counter((row.source, "answerable" if row.answers else "unanswerable") for row in rows)
    print(f"{len(rows)} questions on {len({row.context for row in rows})} passages: {dict(counts)}")


if __name__ == "__main__":
    main()
