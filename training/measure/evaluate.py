"""Measure an exported reader on the validation sets.

    python -m training.measure.evaluate --data DATA --reader rag/models/reader --cache DIR
        [--only given open] [--sets squad2_dev16 newsqa_dev_a] [--limit N] [--json FILE] [--figures docs/figures.json]

given   the passage (squad2_dev16) or the article (newsqa_dev_a) is given: EM and F1 as the SQuAD 2.0 script counts
        them, AUROC of answerability. The threshold for refusing comes from the calibration articles.
open    all passages of the set are indexed: hit@1 and hit@3 of BM25, dense, fusion and reader;
        F1 of the reader's first highlight; precision and recall of refusing; expected calibration error.

A reader of deltas (rag/models/accurate) is measured as it serves: behind the small one.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean

import numpy as np

from benchmarks import figures as documented
from onrecord.index.passages.context import leads
from onrecord.index.passages.split import split
from onrecord.index.records import Article, Hit, Passage, PassageKind
from onrecord.rag.evaluation.squad import SpanPrediction, SquadScores, squad_scores
from onrecord.rag.reading.judge import confidence
from onrecord.rag.reading.reader import Calibration, Reader
from training.data.splits import Row, Split, read_rows, squad2_rows
from training.measure.asking import Asked, Read, article_of, ask, open_corpus, read_in_parts, sample
from training.measure.calibrate import best as best_of
from training.measure.news import open_reader
from training.measure.reliability import single_calibration_error
from training.run.monitor import auroc

SQUAD2, NEWSQA = "squad2_dev16", "newsqa_dev_a"
Figures = dict[str, float]


def given_passage(reader: Reader, rows: Sequence[Row], calibration: Calibration) -> list[tuple[Row, str, float]]:
    """Read each row's whole context. Returns the row, the best span's text and the evidence for it in logits."""
    results = []
    for row in rows:
        article = article_of(SQUAD2, row)
        whole = Passage.of(article, ordinal=0, paragraph=1, start=0, end=len(article.text), kind=PassageKind.BODY)
        results.append((row, *_best(reader, row.question, [_hit(article, whole, "")], calibration)))
    return results


def given_article(reader: Reader, rows: Sequence[Row], calibration: Calibration) -> list[tuple[Row, str, float]]:
    """Read every passage of each row's article, with its lead, and keep the best span of all."""
    results = []
    for row in rows:
        article = article_of(NEWSQA, row)
        passages = split(article)
        hits = [
            _hit(article, passage, article.text[lead.start : lead.end])
            for passage, lead in zip(passages, leads(article, passages), strict=True)
            if passage.kind.answers
        ]
        results.append((row, *_best(reader, row.question, hits, calibration)))
    return results


def answer_scores(results: Sequence[tuple[Row, str, float]], threshold: float) -> SquadScores:
    """Score the spans whose evidence reaches ``threshold``; the others count as refused."""
    return squad_scores(
        [SpanPrediction(text if score >= threshold else "", row.texts()) for row, text, score in results]
    )


def best_threshold(results: Sequence[tuple[Row, str, float]]) -> float:
    """Return the threshold of best overall F1, among the quantiles of the evidence."""
    candidates = np.quantile([score for _, _, score in results], np.linspace(0, 1, 101))
    return float(max(candidates, key=lambda threshold: answer_scores(results, float(threshold)).overall.f1 or 0.0))


def squad_figures(reader: Reader, data: Path, limit: int | None, calibration: Calibration) -> Figures:
    """Return the figures of squad2_dev16's validation articles with the passage given."""
    calibrating = sample(squad2_rows(data, Split.CALIBRATION), limit)
    threshold = best_threshold(given_passage(reader, calibrating, calibration))
    results = given_passage(reader, sample(squad2_rows(data, Split.VALIDATION), limit), calibration)
    at, forced = answer_scores(results, threshold), answer_scores(results, -np.inf)
    answerable = np.array([bool(row.answers) for row, _, _ in results])
    return _percent(
        {
            "questions": len(results),
            "overall_em": at.overall.exact,
            "overall_f1": at.overall.f1,
            "has_answer_em": at.has_answer.exact,
            "has_answer_f1": at.has_answer.f1,
            "no_answer_f1": at.no_answer.f1,
            "has_answer_f1_never_refusing": forced.has_answer.f1,
            "overall_f1_best_threshold": answer_scores(results, best_threshold(results)).overall.f1,
            "auroc": auroc(np.array([score for _, _, score in results]), answerable),
        }
    )


def newsqa_figures(reader: Reader, data: Path, limit: int | None, calibration: Calibration) -> Figures:
    """Return the figures of newsqa_dev_a with the article given; every question has an answer."""
    results = given_article(reader, sample(list(read_rows(data / f"{NEWSQA}.jsonl.gz")), limit), calibration)
    scores = answer_scores(results, -np.inf)
    return _percent({"questions": len(results), "em": scores.overall.exact, "f1": scores.overall.f1})


def open_figures(asked: Sequence[Asked], calibration: Calibration) -> dict[str, Figures]:
    """Return hit@1 and hit@3 over answerable questions by each ranking, and F1 of the reader's first highlight."""
    rankings: Mapping[str, Callable[[Read], float]] = {
        "bm25": lambda read: read.lexical,
        "dense": lambda read: read.dense,
        "fusion": lambda read: read.retrieval,
        "reader": lambda read: confidence(read.reading, calibration),
    }
    table: dict[str, Figures] = {}
    for name, key in rankings.items():
        ordered = [(each, sorted(each.reads, key=key, reverse=True)) for each in asked if each.reads]
        answerable = [(each, reads) for each, reads in ordered if each.golds]
        holds = [[read.holds for read in reads[:3]] for _, reads in answerable]
        if name in ("bm25", "dense"):  # over the whole corpus, not only over what fusion kept
            holds = [list(each.first_lexical if name == "bm25" else each.first_dense) for each, _ in answerable]
        found = {"hit_at_1": fmean(row[0] for row in holds), "hit_at_3": fmean(any(row) for row in holds)}
        if name == "reader":
            found["answer_f1"] = fmean(reads[0].f1 for _, reads in answerable)
        table[name] = _percent(found)
    return table


def refusal_figures(asked: Sequence[Asked], calibration: Calibration) -> Figures:
    """Return F1 with refusing at the threshold, precision and recall of refusing, and the calibration error."""
    best = [(each, read) for each in asked if (read := best_of(each, calibration)) is not None]
    refused = [confidence(read.reading, calibration) < calibration.threshold for _, read in best]
    unanswerable = [not each.golds for each, _ in best]
    both = sum(one and other for one, other in zip(refused, unanswerable, strict=True))
    f1 = [float(not each.golds) if gone else read.f1 for (each, read), gone in zip(best, refused, strict=True)]
    confidences = np.array([confidence(read.reading, calibration) for _, read in best])
    right = np.array([read.right for _, read in best])
    answered = [read.right for (_, read), gone in zip(best, refused, strict=True) if not gone]
    return _percent(
        {
            "questions": len(best),
            "f1": fmean(f1),
            "refused": fmean(refused),
            "refusal_precision": both / max(1, sum(refused)),
            "refusal_recall": both / max(1, sum(unanswerable)),
            "answered_right": fmean(answered) if answered else None,
            "auroc_answerable": auroc(confidences, ~np.array(unanswerable)),
            "calibration_error": single_calibration_error(confidences, right),
        }
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.measure.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="where the corpora are indexed")
    parser.add_argument("--only", nargs="+", choices=("given", "open"), default=["given", "open"])
    parser.add_argument("--sets", nargs="+", choices=(SQUAD2, NEWSQA), default=[SQUAD2, NEWSQA])
    parser.add_argument("--limit", type=int, help="use at most so many questions of each set, drawn from one seed")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    documented.add_option(parser)
    options = parser.parse_args(arguments)
    reader = open_reader(options.reader, options.threads)
    calibration = reader.calibration
    figures: dict[str, Mapping[str, float | Figures]] = {}
    for name, made in _figures(reader, calibration, options):
        figures[name] = made
        print(name, json.dumps(made, indent=1), flush=True)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        if options.figures:
            section, command = _section(name, options)
            documented.record(options.figures, section, made, command=command, reader=options.reader)


def _section(name: str, options: argparse.Namespace) -> tuple[str, str]:
    """Where figures stand in the documented ones, and what measures them again."""
    measured, _, way = name.partition(" ")
    command = f"python -m training.measure.evaluate --data DATA --reader {options.reader} --cache CACHE"
    command += f" --only {way} --sets {measured}"
    section = f"reader.{way}.{measured}"
    if options.reader.name != documented.READER.name:
        section += f".{options.reader.name}"
    return section, command + (f" --limit {options.limit}" if options.limit else "")


def _figures(
    reader: Reader, calibration: Calibration, options: argparse.Namespace
) -> Iterator[tuple[str, Mapping[str, float | Figures]]]:
    data, limit = options.data, options.limit
    if "given" in options.only and SQUAD2 in options.sets:
        yield f"{SQUAD2} given", squad_figures(reader, data, limit, calibration)
    if "given" in options.only and NEWSQA in options.sets:
        yield f"{NEWSQA} given", newsqa_figures(reader, data, limit, calibration)
    if "open" in options.only and SQUAD2 in options.sets:
        indexed = list(read_rows(data / f"{SQUAD2}.jsonl.gz"))
        asked = _ask_all(reader, SQUAD2, indexed, squad2_rows(data, Split.VALIDATION), options)
        told = {**open_figures(asked, calibration), "refusing": refusal_figures(asked, calibration)}
        yield f"{SQUAD2} open", {"questions": len(asked), **told}
    if "open" in options.only and NEWSQA in options.sets:
        indexed = list(read_rows(data / f"{NEWSQA}.jsonl.gz"))
        asked = _ask_all(reader, NEWSQA, indexed, indexed, options)
        yield f"{NEWSQA} open", {"questions": len(asked), **open_figures(asked, calibration)}


def _ask_all(
    reader: Reader, name: str, indexed: Sequence[Row], asking: Sequence[Row], options: argparse.Namespace
) -> list[Asked]:
    with open_corpus(options.cache / name, indexed, options.threads) as corpus:
        return [ask(corpus, name, row, reader) for row in sample(asking, options.limit)]


def _best(reader: Reader, question: str, hits: Sequence[Hit], calibration: Calibration) -> tuple[str, float]:
    best, text = -np.inf, ""
    for hit, reading in zip(hits, read_in_parts(reader, question, hits), strict=True):
        if reading.span is not None:
            score = calibration.relevance * reading.relevance + calibration.span * reading.span.score
            if score > best:
                best, text = score, hit.article.text[reading.span.start : reading.span.end]
    return text, best


def _hit(article: Article, passage: Passage, lead: str) -> Hit:
    return Hit(passage=passage, article=article, lead=lead, score=1.0, dense=1.0, lexical=1.0)


def _percent(figures: Mapping[str, float | None]) -> Figures:
    """Round: counts as they are, shares in per cent but AUROC, which is given as such."""
    plain = ("questions", "auroc", "auroc_answerable", "calibration_error")
    known = {name: value for name, value in figures.items() if value is not None}
    return {name: round(value, 4) if name in plain else round(100 * value, 2) for name, value in known.items()}


if __name__ == "__main__":
    main()
