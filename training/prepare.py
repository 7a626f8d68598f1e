"""Make training windows from question answering data.

    python -m training.prepare --data DATA --out DIR [--mix news] [--written FILE] [--wordnet DIR]

``--mix news`` makes the teacher's windows: questions that people wrote on news articles, and a draw of ``more_spans``.
Without it, those of the shipped reader's third run.

Writes DIR/train.npz, DIR/dev.npz (crops of held-out passages), DIR/monitor.npz and DIR/written.npz (whole passages of
the calibration articles, and of the calibration questions that training.questions.written attached, to watch a run by)
and DIR/samples/KIND.txt, thirty examples of each kind to judge by eye.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tokenizers import Tokenizer

from onrecord.rag.reading.encoding import Encoder
from training.data.lexicon import Lexicon
from training.data.negatives import Piece, PieceIndex
from training.data.packed import Example, pack
from training.data.repair import repair
from training.data.sentences import crops_of, sentence_spans
from training.data.splits import Row, Span, Split, spans_rows, squad2_rows, written_rows
from training.network.start import base_folder
from training.questions.examples import CORE, KINDS, RETRIEVED, Maker, whole
from training.questions.more import more_examples, more_rows
from training.questions.news import NEWS_KINDS, NewsMaker, read_news

PIECE_CHARACTERS = 420
POLAR_SHARE = 0.9
SPEECH_SHARE = 0.6
WATCHED = 500


def with_neighbours(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """Return rows of single sentences as rows of short paragraphs: up to two sentences of their source beside each."""
    contexts = list(dict.fromkeys(row.context for row in rows))
    grown: list[Row] = []
    for row in rows:
        others = [text for text in rng.sample(contexts, rng.choice((0, 1, 2))) if text != row.context]
        place = rng.randint(0, len(others))
        before = "".join(f"{text} " for text in others[:place])
        after = "".join(f" {text}" for text in others[place:])
        spans = tuple(Span(span.start + len(before), span.end + len(before)) for span in row.answers)
        grown.append(replace(row, context=before + row.context + after, answers=spans))
    return grown


def load(data: Path, split: Split, seed: int, written: Path | None = None) -> list[Row]:
    """Return the repaired rows used for ``split``, with those that training.questions.written made, if any."""
    rows = [repair(row) for row in spans_rows(data, split)]
    single = [row for row in rows if row.source.startswith("qamr")]
    rows = [row for row in rows if not row.source.startswith("qamr")]
    rows += with_neighbours(single, random.Random(seed)) if single else []
    if split is Split.TRAIN:
        rows += [replace(row, source="squad2_dev16") for row in squad2_rows(data, split)]
    if written is not None:
        rows += written_rows(written, split)
    return [row for row in rows if len(row.context) < 6000]


def examples(rows: Sequence[Row], lexicon: Lexicon, seed: int) -> list[Example]:
    """Return every example that the rows give, shuffled."""
    contexts = {context: number for number, context in enumerate(dict.fromkeys(row.context for row in rows))}
    first = {row.context: row for row in reversed(rows)}
    pieces = [
        Piece(first[context].source, first[context].title, number, part.lead, part.text)
        for context, number in contexts.items()
        if first[context].source in RETRIEVED
        for part in crops_of(context, sentence_spans(context), PIECE_CHARACTERS)
    ]
    maker = Maker(rows, PieceIndex(pieces), contexts, lexicon, seed)
    made = [example for row in rows for example in maker.examples(row)]
    rng = random.Random(seed)
    for row in first.values():
        if row.source in CORE and rng.random() < POLAR_SHARE:
            made.extend(maker.polar(row))
        if row.source in CORE | {"nq_qed", "policyqa"} and rng.random() < SPEECH_SHARE:
            made.extend(maker.speech(row))
    rng.shuffle(made)
    return made


def write_samples(made: Sequence[Example], folder: Path, count: int = 30) -> None:
    """Write the first examples of each kind, one text file a kind."""
    folder.mkdir(parents=True, exist_ok=True)
    by_kind: dict[str, list[Example]] = defaultdict(list)
    for example in made:
        if len(by_kind[example.kind]) < count:
            by_kind[example.kind].append(example)
    for kind, shown in by_kind.items():
        blocks = []
        for example in shown:
            answer = example.passage[example.answer.start : example.answer.end] if example.answer else "(none)"
            blocks.append(
                f"Q: {example.question}\nA: {answer}\nT: {example.title}\nL: {example.lead}\nP: {example.passage}\n"
            )
        (folder / f"{kind}.txt").write_text("\n".join(blocks), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.prepare", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--written", type=Path, help="questions that training.questions.written attached to their passages"
    )
    parser.add_argument("--wordnet", type=Path, help="folder of WordNet's files (Debian: wordnet-base): more opposites")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    encoder = Encoder(Tokenizer.from_file(str(base_folder() / "tokenizer.json")))
    if options.mix == "news":
        _save_news(options.data, options.out, options.seed, encoder)
        return
    lexicon = Lexicon.read(options.wordnet) if options.wordnet else Lexicon()
    for split in (Split.DEV, Split.TRAIN):
        rows = load(options.data, split, options.seed, options.written)
        made = examples(rows, lexicon, options.seed)
        _save(made, encoder, options.out / f"{split.value}.npz")
    write_samples(made, options.out / "samples")
    _save(list(whole(squad2_rows(options.data, Split.CALIBRATION))), encoder, options.out / "monitor.npz")
    if options.written:
        _save(list(whole(written_rows(options.written, Split.CALIBRATION))), encoder, options.out / "written.npz")


def _save_news(data: Path, out: Path, seed: int, encoder: Encoder) -> None:
    rng = random.Random(seed)
    made = [*NewsMaker(read_news(data, "train"), seed).examples(), *more_examples(more_rows(data), rng)]
    rng.shuffle(made)
    _save(made, encoder, out / "train.npz")
    write_samples(made, out / "samples")
    watched = list(NewsMaker(read_news(data, "validation"), seed).examples())
    _save(rng.sample(watched, min(WATCHED, len(watched))), encoder, out / "monitor.npz")


def _save(made: Sequence[Example], encoder: Encoder, path: Path) -> None:
    packed = pack(made, encoder, (*KINDS, *NEWS_KINDS))
    packed.save(path)
    print(f"{path.stem}: {len(packed)} windows, {packed.lengths().mean():.0f} tokens on average")
    for kind, count in Counter(example.kind for example in made).most_common():
        print(f"  {kind:16} {count:7} {count / len(made):.3f}")


if __name__ == "__main__":
    main()
