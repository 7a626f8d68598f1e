"""Fit the reader's confidence: the probability that the quote's highlight is right (F1 > 0.5 against an answer).

    python -m training.measure.calibrate --data DATA --reader rag/models/reader --cache DIR [--written FILE]
        [--figures docs/figures.json]

Asks the questions of the calibration split as serving does, of large corpora and of single articles, and writes
``calibration`` of config.json. A conditional logit over each question's candidates and the outside option that none of
them answers (McFadden 1974) decides how they rank; a logistic regression over the best candidate of each question
(Platt 1999) then makes its confidence a probability.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from benchmarks import figures
from onrecord.rag.reading.cross_encoder import CrossEncoderReader
from onrecord.rag.reading.reader import Reader
from training.data.splits import Row, Split, read_rows, squad2_rows, written_rows
from training.measure.asking import Asked, Read, article_of, ask, open_corpus, sample
from training.prepare import load

OTHER_SOURCES = frozenset({"squad2", "squad1.1", "squad", "squadshifts_new_wiki", "squadshifts_reddit", "nq_qed"})
OTHER_QUESTIONS = 320
WRONG_ARTICLE_SHARE = 0.5
SQUAD2, OTHERS, WRITTEN_ON = "squad2_dev16", "train_spans_calibration", "written_calibration"
RIDGE = 100.0
ROUNDING = 0.05

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of the confidence's logit, those by the span alone, and the confidence from which an answer is given."""

    relevance: float
    span: float
    retrieval: float
    dense: float
    bias: float
    span_alone: float
    bias_alone: float
    threshold: float

    def logit(self, read: Read) -> float:
        """Return the logit of the probability that the read's highlight is right."""
        weights = (self.relevance, self.span, self.retrieval, self.dense)
        return sum(weight * value for weight, value in zip(weights, _evidence(read), strict=True)) + self.bias

    def confidence(self, read: Read) -> float:
        """Return that probability."""
        return float(1 / (1 + np.exp(-self.logit(read))))

    def best(self, asked: Asked) -> Read | None:
        """Return the candidate that ranks first."""
        return max(asked.reads, key=self.logit, default=None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A threshold, the one of the best mean F1 with that F1, and its standard error."""

    threshold: float
    best: float
    best_f1: float
    standard_error: float


def logistic(features: Floats, labels: NDArray[np.bool_]) -> Floats:
    """Return the weights of a logistic regression, the last one the bias.

    Args:
        features: *Shape:* ``(n, k)``
        labels: *Shape:* ``(n,)``

    Returns:
        Weights on the features as given. *Shape:* ``(k + 1,)``
    """
    inputs = np.column_stack([features, np.ones(len(features))])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = inputs @ weights
        chance = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return float(np.mean(np.logaddexp(0, logits) - labels * logits)), inputs.T @ (chance - labels) / len(labels)

    return np.asarray(minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="BFGS").x)


def ranking_weights(questions: Sequence[Asked]) -> Floats:
    """Return weights of relevance, span, retrieval and dense score that put right candidates first, and above a bias.

    Where no candidate is right, the outside option is, whose logit is 0. Evidence never counts against a candidate,
    however much two scores say the same.

    Returns:
        The bias last. *Shape:* ``(5,)``, the weights none below zero.
    """
    asked = [each for each in questions if each.reads]
    spread = np.array([_evidence(read) for each in asked for read in each.reads]).std(axis=0) + 1e-9
    inputs = [
        np.column_stack([np.array([_evidence(read) for read in each.reads]) / spread, np.ones(len(each.reads))])
        for each in asked
    ]
    right = [np.array([read.right for read in each.reads]) for each in asked]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for features, chosen in zip(inputs, right, strict=True):
            logits = features @ weights
            everything = logsumexp([*logits, 0.0])
            slope += features.T @ np.exp(logits - everything)
            total += everything
            if chosen.any():
                these = logsumexp(logits[chosen])
                total -= these
                slope -= features[chosen].T @ np.exp(logits[chosen] - these)
        penalty = RIDGE * np.append(weights[:-1], 0.0)
        return float(total + penalty @ weights / 2) / len(asked), (slope + penalty) / len(asked)

    bounds = [(0.0, None)] * len(spread) + [(None, None)]
    found = minimize(loss, np.append(np.full(len(spread), 0.5), -2.0), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.append(found.x[:-1] / spread, found.x[-1])


def fit(questions: Sequence[Asked]) -> Fitted:
    """Fit how candidates rank, then scale and bias on the best of each question, then the threshold on answer F1.

    The span alone is scaled on the same best candidates (see rag.reading.judge).
    """
    relevance, span, retrieval, dense, outside = ranking_weights(questions).tolist()
    ranked = Fitted(relevance, span, retrieval, dense, outside, span_alone=0.0, bias_alone=0.0, threshold=0.5)
    best = [read for asked in questions if (read := ranked.best(asked)) is not None]
    right = np.array([read.right for read in best])
    scale, bias = logistic(np.array([[ranked.logit(read)] for read in best]), right).tolist()
    scale = max(scale, 1e-3)
    alone, bias_alone = logistic(np.array([[read.span] for read in best]), right).tolist()
    fitted = Fitted(
        relevance=ranked.relevance * scale,
        span=ranked.span * scale,
        retrieval=ranked.retrieval * scale,
        dense=ranked.dense * scale,
        bias=ranked.bias * scale + bias,
        span_alone=max(alone, 1e-3),
        bias_alone=bias_alone,
        threshold=0.5,
    )
    return replace(fitted, threshold=choose(fitted, questions).threshold)


def choose(fitted: Fitted, questions: Sequence[Asked]) -> Chosen:
    """Choose the lowest threshold whose mean F1 is within one standard error of the best one, rounded to 0.05.

    Refusing scores 1 if there is no answer and 0 otherwise. The curve is flat at its top: of thresholds that the
    questions cannot tell apart, the lowest answers most, and a quote shown with its confidence can be judged, where a
    refusal hides it.
    """
    pairs = []
    for asked in questions:
        best = fitted.best(asked)
        if best is not None:
            pairs.append((fitted.confidence(best), best.f1, float(not asked.golds)))
    confidence, answered, refused = np.array(pairs).T
    grid = np.round(np.arange(0.05, 0.951, 0.01), 2)
    scores = np.where(confidence >= grid[:, None], answered, refused)
    means = scores.mean(axis=1)
    best_row = int(means.argmax())
    error = scores[best_row].std() / np.sqrt(len(pairs))
    lowest = grid[np.flatnonzero(means >= means[best_row] - error)[0]]
    threshold = max(1, round(lowest / ROUNDING)) * ROUNDING
    return Chosen(float(threshold), float(grid[best_row]), float(means[best_row]), float(error))


def written_questions(written: Path, cache: Path, reader: Reader, limit: int | None, threads: int) -> list[Asked]:
    """Ask the calibration questions among those that training.questions.written attached, of all their passages."""
    rows = written_rows(written, Split.CALIBRATION)
    with open_corpus(cache / WRITTEN_ON, rows, threads) as corpus:
        return [ask(corpus, WRITTEN_ON, row, reader) for row in sample(rows, limit)]


def questions_of(data: Path, cache: Path, reader: Reader, limit: int | None, threads: int) -> list[Asked]:
    """Ask the calibration questions: of two articles of squad2_dev16, and of held-out passages of other sets.

    The former are asked of all sixteen articles, of their own article alone, and half of them of another alone.
    Every second question on a held-out passage is asked with its own passage hidden.
    """
    rows = list(read_rows(data / "squad2_dev16.jsonl.gz"))
    articles: dict[str, set[str]] = {}
    for row in rows:
        articles.setdefault(row.title, set()).add(article_of(SQUAD2, row).id)
    titles = sorted(articles)
    corpus = open_corpus(cache / SQUAD2, rows, threads)
    chosen: list[Row] = sample(squad2_rows(data, Split.CALIBRATION), limit)
    asked = [ask(corpus, SQUAD2, row, reader) for row in chosen]
    asked += [ask(corpus, SQUAD2, row, reader, among=articles[row.title]) for row in chosen]
    for row in chosen[: round(WRONG_ARTICLE_SHARE * len(chosen))]:
        asked += [ask(corpus, SQUAD2, row, reader, among=articles[titles[titles.index(row.title) - 1]])]
    corpus.close()
    others = [row for row in load(data, Split.CALIBRATION, 7) if row.source in OTHER_SOURCES and row.answers]
    known = {article_of(OTHERS, row).id for row in others}
    corpus = open_corpus(cache / OTHERS, others, threads)
    chosen = sample(others, OTHER_QUESTIONS if limit is None else min(limit, OTHER_QUESTIONS))
    for number, row in enumerate(chosen):
        among = known - {article_of(OTHERS, row).id} if number % 2 else known
        asked += [ask(corpus, OTHERS, row, reader, among=among)]
    corpus.close()
    return asked


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.measure.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="where the corpora are indexed")
    parser.add_argument("--written", type=Path, help="also ask the calibration questions of training.questions.written")
    parser.add_argument("--limit", type=int, help="ask at most so many questions of each set")
    parser.add_argument("--threads", type=int, default=1)
    figures.add_option(parser)
    options = parser.parse_args(arguments)
    reader = CrossEncoderReader(options.reader, threads=options.threads)
    asked = questions_of(options.data, options.cache, reader, options.limit, options.threads)
    if options.written:
        asked += written_questions(options.written, options.cache, reader, options.limit, options.threads)
    fitted = fit(asked)
    path = options.reader / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["calibration"] = {name: round(value, 6) for name, value in asdict(fitted).items()}
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(config["calibration"], indent=2))
    if options.figures:
        command = f"python -m training.measure.calibrate --data DATA --reader {options.reader} --cache CACHE"
        command += f" --limit {options.limit}" if options.limit else ""
        command += " --written WRITTEN" if options.written else ""
        figures.record(
            options.figures,
            "calibration",
            {"questions": len(asked)} | asdict(choose(fitted, asked)),
            command=command,
            reader=options.reader,
        )


def _evidence(read: Read) -> tuple[float, float, float, float]:
    return read.relevance, read.span, read.retrieval, read.dense


if __name__ == "__main__":
    main()
