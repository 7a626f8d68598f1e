"""Measure, and calibrate, on questions that people wrote on news articles, asked through the serving pipeline.

    python -m training.measure.news --data DATA --cache DIR [--reader FOLDER] [--only own all] [--questions N]
        [--calibrate] [--json FILE] [--figures docs/figures.json]

own     each question asked of its own article alone
all     every question asked of all validation articles together

Half of the validation articles (by a digest of what they are known by) calibrate, and the other half is reported, so no
figure is of questions that the calibration has seen. A quote is right if it holds a marked answer.
"""

import argparse
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from benchmarks import figures as documented
from onrecord.index.corpus import Corpus
from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
from onrecord.index.records import Filter, Hit
from onrecord.rag.answer import Answer, Question
from onrecord.rag.evaluation.reliability import bins
from onrecord.rag.pipeline import Pipeline
from onrecord.rag.quoting.quotes import surrounding_sentences
from onrecord.rag.reading.accurate.reader import DELTAS, CascadeReader, accurate_reader
from onrecord.rag.reading.cross_encoder import BUNDLED_FOLDER, CONFIG, CrossEncoderReader
from onrecord.rag.reading.reader import Calibration, Reader, Reading
from training.measure.asking import Asked, Read
from training.measure.calibrate import fit
from training.measure.reliability import single_calibration_error
from training.questions.news import NewsArticle, NewsQuestion, read_news
from training.run.monitor import auroc

OWN, ALL = "own", "all"


class Recorder:
    """A reader that keeps what it read since it was last asked for it.

    Args:
        reader: who really reads.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._read: list[tuple[Hit, Reading]] = []

    @property
    def calibration(self) -> Calibration:
        """The reader's."""
        return self._reader.calibration

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Read, and keep it."""
        readings = self._reader.read(question, hits)
        self._read += zip(hits, readings, strict=True)
        return readings

    def warm_up(self) -> None:
        """Load the model."""
        self._reader.warm_up()

    def taken(self) -> list[tuple[Hit, Reading]]:
        """Return what was read since the last call."""
        read, self._read = self._read, []
        return read


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: the first quote's confidence, whether it is right, and what was read for it.

    ``found``: whether the passage that search put first holds an answer.
    """

    kind: str
    answerable: bool
    confidence: float
    right: bool
    found: bool
    asked: Asked


def open_reader(folder: Path, threads: int) -> Reader:
    """Return the reader in a folder; one that holds deltas reads after the bundled one."""
    if not (folder / DELTAS).is_file():
        return CrossEncoderReader(folder, threads=threads)
    accurate = accurate_reader(folder, threads=threads)
    return CascadeReader(CrossEncoderReader(threads=threads), accurate)


def calibrates(article: NewsArticle) -> bool:
    """Whether a validation article calibrates; the others are reported."""
    return int(hashlib.sha256(article.article.source.encode()).hexdigest(), 16) % 2 == 0


def chosen(articles: Sequence[NewsArticle], count: int | None) -> list[tuple[NewsArticle, NewsQuestion]]:
    """Return the articles' questions with their articles, at most ``count`` drawn from one seed."""
    every = [(article, question) for article in articles for question in article.questions]
    return every if count is None or count >= len(every) else random.Random(7).sample(every, count)


def ask_all(
    corpus: Corpus, reader: Reader, asked: Sequence[tuple[NewsArticle, NewsQuestion]], *, own: bool
) -> list[Outcome]:
    """Ask every question of its own article or of all, refusing none."""
    recorder = Recorder(reader)
    pipeline = Pipeline(corpus, recorder, min_confidence=0.0)
    outcomes = []
    for article, question in asked:
        where = Filter(article_ids=(article.article.id,)) if own else Filter()
        result = pipeline.ask(Question(question.text, filter=where))
        read = recorder.taken()
        quote = result.quotes[0] if isinstance(result, Answer) else None
        right = quote is not None and _holds(article, question, quote.article.id, quote.span.start, quote.span.end)
        first = max((hit for hit, _ in read), key=lambda hit: hit.score, default=None)
        found = first is not None and _in_passage(article, question, first)
        golds = tuple(article.article.text[span.start : span.end] for span in question.answers)
        reads = tuple(_read(article, question, *each) for each in read)
        evidence = Asked(question.text, golds, reads, (), ())
        outcomes.append(Outcome(question.kind, bool(golds), result.confidence, right, found, evidence))
    return outcomes


def figures(outcomes: Sequence[Outcome], threshold: float) -> dict[str, object]:
    """Return what the outcomes come to where answers are given from ``threshold``."""
    answerable = [each for each in outcomes if each.answerable]
    others = [each for each in outcomes if not each.answerable]
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        kinds[each.kind].append(each)
    confidence = np.array([each.confidence for each in outcomes])
    right = np.array([each.right for each in outcomes])
    return {
        "questions": len(outcomes),
        "answerable": len(answerable),
        "threshold": threshold,
        "right_first": _mean(each.right and each.confidence >= threshold for each in answerable),
        "right_never_refusing": _mean(each.right for each in answerable),
        "answered_wrongly": _mean(not each.right and each.confidence >= threshold for each in answerable),
        "refused": _mean(each.confidence < threshold for each in others),
        "auroc": round(auroc(confidence, np.array([each.answerable for each in outcomes])), 3),
        "auroc_right": round(auroc(confidence, right), 3),
        "calibration_error": round(single_calibration_error(confidence, right), 3),
        "passage_found_first": _mean(each.found for each in answerable),
        "reliability": [[each.count, each.confidence, each.right] for each in bins(confidence, right.astype(float))],
        "kinds": {
            kind: _mean(
                each.right and each.confidence >= threshold if each.answerable else each.confidence < threshold
                for each in those
            )
            for kind, those in sorted(kinds.items())
        },
    }


def open_articles(folder: Path, articles: Sequence[NewsArticle], threads: int) -> Corpus:
    """Return the corpus in a folder with every article indexed."""
    corpus = Corpus.open(folder, SentenceTransformerEmbedder(threads=threads))
    corpus.add([each.article for each in articles])
    return corpus


def _read(article: NewsArticle, question: NewsQuestion, hit: Hit, reading: Reading) -> Read:
    span = reading.span
    quote = surrounding_sentences(hit.article, hit.passage, span.start, span.end) if span else None
    right = quote is not None and _holds(article, question, hit.article.id, quote.start, quote.end)
    return Read(
        reading=reading,
        retrieval=0.0,
        dense=hit.dense,
        lexical=hit.lexical,
        highlight=hit.article.text[span.start : span.end] if span else "",
        holds=_in_passage(article, question, hit),
        f1=float(right),
    )


def _in_passage(article: NewsArticle, question: NewsQuestion, hit: Hit) -> bool:
    return _holds(article, question, hit.article.id, hit.passage.start, hit.passage.end)


def _holds(article: NewsArticle, question: NewsQuestion, where: str, start: int, end: int) -> bool:
    return where == article.article.id and any(start < span.end and span.start < end for span in question.answers)


def _mean(values: Iterable[bool]) -> float | None:
    numbers = [float(value) for value in values]
    return round(fmean(numbers), 3) if numbers else None


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.measure.news", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="where the articles are indexed")
    parser.add_argument("--reader", type=Path, default=BUNDLED_FOLDER)
    parser.add_argument("--only", nargs="+", choices=[OWN, ALL], default=[OWN, ALL])
    parser.add_argument("--questions", type=int, help="ask at most so many")
    parser.add_argument("--calibrate", action="store_true", help="fit the reader's calibration first, and write it")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    documented.add_option(parser)
    options = parser.parse_args(arguments)
    articles = read_news(options.data, "validation")
    reader = open_reader(options.reader, options.threads)
    made: dict[str, object] = {}
    with open_articles(options.cache / "news_validation", articles, options.threads) as corpus:
        if options.calibrate:
            asked = chosen([each for each in articles if calibrates(each)], options.questions)
            outcomes = [each for own in (True, False) for each in ask_all(corpus, reader, asked, own=own)]
            path = options.reader / CONFIG
            config = json.loads(path.read_text(encoding="utf-8"))
            config["calibration"] = {
                name: round(value, 6) for name, value in asdict(fit([each.asked for each in outcomes])).items()
            }
            path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
            print(json.dumps(config["calibration"], indent=2), flush=True)
            reader = open_reader(options.reader, options.threads)
        asked = chosen([each for each in articles if not calibrates(each)], options.questions)
        for where in options.only:
            outcomes = ask_all(corpus, reader, asked, own=where == OWN)
            made[where] = figures(outcomes, reader.calibration.threshold)
            print(where, json.dumps(made[where], indent=1), flush=True)
    if options.json:
        options.json.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    if options.figures:
        count = f" --questions {options.questions}" if options.questions else ""
        documented.record(
            options.figures,
            f"news.{options.reader.name}",
            made,
            command=f"python -m training.measure.news --data DATA --cache CACHE --reader {options.reader}{count}",
            reader=options.reader,
        )


if __name__ == "__main__":
    main()
