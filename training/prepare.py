"""Make training windows from question answering data.

    python -m training.prepare --data DATA --out DIR [--seed N]

Writes DIR/train.npz (windows with labels), DIR/pairs.npz (windows without, for a teacher to read), DIR/monitor.npz and
DIR/dev.npz (questions on validation articles of the news, and on whole passages of SQuAD's calibration articles, to
watch a run by) and DIR/samples/KIND.txt, thirty examples of each kind to judge by eye.
"""

import argparse
import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from onrecord.index.records import Article
from onrecord.rag.reading.encoding import Encoder
from training.data.packed import Example, pack
from training.data.splits import Split, squad2_rows
from training.network.start import base_folder
from training.questions.news import NEWS_KINDS, PAIR, NewsMaker, Served, read_news, served
from training.questions.profiles import PROFILE_KINDS, profile_examples
from training.questions.spans import SPAN_KINDS, SpanMaker, read_spans, whole

KINDS = (*SPAN_KINDS, *NEWS_KINDS, *PROFILE_KINDS, PAIR)
LIBRARY = ("doj_press.jsonl.gz", "congress_press.jsonl.gz")
LIBRARY_ARTICLES = 2000
PROFILES = 20_000
DRAWS = 2
"""How often windows are drawn of the news and of the span sets, each time by another seed."""

WATCHED = 600


def library(data: Path, count: int, rng: random.Random) -> list[Served]:
    """Return the passages of ``count`` articles of each collection of press releases, as they are served."""
    parts: list[Served] = []
    for name in LIBRARY:
        with gzip.open(data / name, "rt", encoding="utf-8") as lines:
            rows = rng.sample([json.loads(line) for line in lines], count)
        for row in rows:
            parts += served(Article.create(source=row["url"], text=row["text"], title=row["title"]))
    return parts


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
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    data, out, seed = options.data, options.out, options.seed
    out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    encoder = Encoder(Tokenizer.from_file(str(base_folder() / "tokenizer.json")))

    articles = read_news(data, "train")
    made = list(profile_examples(PROFILES, seed))
    for draw in range(seed, seed + DRAWS):
        made += NewsMaker(articles, draw).examples()
        made += SpanMaker(read_spans(data, draw), draw).examples()
    rng.shuffle(made)
    write_samples(made, out / "samples")
    _save(made, encoder, out / "train.npz")

    _save(list(NewsMaker(articles, seed).pairs(library(data, LIBRARY_ARTICLES, rng))), encoder, out / "pairs.npz")
    watched = list(NewsMaker(read_news(data, "validation"), seed).examples())
    _save(rng.sample(watched, min(WATCHED, len(watched))), encoder, out / "monitor.npz")
    _save(list(whole(squad2_rows(data, Split.CALIBRATION))), encoder, out / "dev.npz")


def _save(made: Sequence[Example], encoder: Encoder, path: Path) -> None:
    packed = pack(made, encoder, KINDS)
    packed.save(path)
    print(f"{path.stem}: {len(packed)} windows, {packed.lengths().mean():.0f} tokens on average", flush=True)
    for kind, count in Counter(example.kind for example in made).most_common():
        print(f"  {kind:16} {count:7} {count / len(made):.3f}", flush=True)


if __name__ == "__main__":
    main()
