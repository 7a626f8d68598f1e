"""Fit the reader's confidence: the probability that the quote's highlight is right (F1 > 0.5 against an answer).

    python -m training.calibrate --data DATA --reader rag/models/reader --cache DIR

Asks the questions of the calibration split of an open corpus, as serving does, and writes ``calibration`` of
config.json. A conditional logit over each question's candidates decides how they rank; a logistic regression over the
best candidate of each question (Platt 1999) then makes its confidence a probability.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.cross_encoder import CrossEncoderReader
from rag.reader import Reader
from training.asking import Asked, Read, ask, open_corpus, sample
from training.prepare import load
from training.splits import Row, Split, read_rows, squad2_rows

OTHER_SOURCES = frozenset({"squad2", "squad1.1", "squad", "squadshifts_new_wiki", "squadshifts_reddit", "nq_qed"})
OTHER_QUESTIONS = 160
SQUAD2, OTHERS = "squad2_dev16", "train_spans_calibration"
RIDGE = 1.0
LENIENCY = 0.01
STEPS = 2000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of the confidence's logit, those by the span alone, and the confidence from which an answer is given."""

    relevance: float
    span: float
    retrieval: float
    bias: float
    span_alone: float
    bias_alone: float
    threshold: float

    def logit(self, read: Read) -> float:
        """Return the logit of the probability that the read's highlight is right."""
        return self.relevance * read.relevance + self.span * read.span + self.retrieval * read.retrieval + self.bias

    def confidence(self, read: Read) -> float:
        """Return that probability."""
        return float(1 / (1 + np.exp(-self.logit(read))))

    def best(self, asked: Asked) -> Read | None:
        """Return the candidate that ranks first."""
        return max(asked.reads, key=self.logit, default=None)


def logistic(features: Floats, labels: NDArray[np.bool_], ridge: float = RIDGE) -> Floats:
    """Return the weights of a logistic regression, the last one the bias, by Newton's method.

    Args:
        features: *Shape:* ``(n, k)``
        labels: *Shape:* ``(n,)``
        ridge: penalty on the squared weights of standardized features; the bias goes free.

    Returns:
        Weights on the features as given. *Shape:* ``(k + 1,)``
    """
    centre, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    inputs = np.column_stack([(features - centre) / spread, np.ones(len(features))])
    penalty = ridge * np.eye(inputs.shape[1])
    penalty[-1, -1] = 1e-9
    weights = np.zeros(inputs.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (chance - labels) + penalty @ weights
        curve = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + penalty
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    scaled = weights[:-1] / spread
    return np.append(scaled, weights[-1] - scaled @ centre)


def ranking_weights(questions: Sequence[Asked]) -> Floats:
    """Return weights of relevance, span and retrieval that put candidates with a right highlight first.

    A conditional logit over each question's candidates (McFadden 1974), by projected gradient: evidence never counts
    against a candidate, however much relevance and span score say the same.

    Returns:
        *Shape:* ``(3,)``, none below zero.
    """
    asked = [each for each in questions if any(read.right for read in each.reads)]
    spread = _features([read for each in asked for read in each.reads]).std(axis=0) + 1e-9
    inputs = [_features(each.reads) / spread for each in asked]
    right = [np.array([read.right for read in each.reads]) for each in asked]
    weights = np.ones(len(spread))
    for _ in range(STEPS):
        slope = -RIDGE * weights
        for features, chosen in zip(inputs, right, strict=True):
            scores = features @ weights
            chance = np.exp(scores - scores.max())
            slope += features.T @ (chance * chosen / (chance @ chosen) - chance / chance.sum())
        step = np.maximum(weights + slope / len(asked), 0) - weights
        weights = weights + step
        if np.abs(step).max() < 1e-5:
            break
    return np.asarray(weights / spread)


def fit(questions: Sequence[Asked]) -> Fitted:
    """Fit how candidates rank, then scale and bias on the best of each question, then the threshold on answer F1.

    The span alone is scaled on the same best candidates (see rag.judge).
    """
    relevance, span, retrieval = ranking_weights(questions).tolist()
    ranked = Fitted(relevance, span, retrieval, bias=0.0, span_alone=0.0, bias_alone=0.0, threshold=0.5)
    best = [read for asked in questions if (read := ranked.best(asked)) is not None]
    right = np.array([read.right for read in best])
    scale, bias = logistic(np.array([[ranked.logit(read)] for read in best]), right, ridge=1e-3).tolist()
    scale = max(scale, 1e-3)
    alone, bias_alone = logistic(np.array([[read.span] for read in best]), right, ridge=1e-3).tolist()
    fitted = Fitted(
        relevance * scale, span * scale, retrieval * scale, bias, max(alone, 1e-3), bias_alone, threshold=0.5
    )
    return replace(fitted, threshold=best_threshold(fitted, questions))


def best_threshold(fitted: Fitted, questions: Sequence[Asked]) -> float:
    """Return the lowest threshold whose mean F1 is within `LENIENCY` of the best one.

    Refusing scores 1 if there is no answer and 0 otherwise. The curve is flat at its top: of thresholds that are as
    good, the lowest answers most, and a quote shown with its confidence can be judged, where a refusal hides it.
    """
    pairs = []
    for asked in questions:
        best = fitted.best(asked)
        if best is not None:
            pairs.append((fitted.confidence(best), best.f1, float(not asked.golds)))
    table = np.array(pairs)
    grid = np.round(np.arange(0.05, 0.951, 0.01), 2)
    means = [np.where(table[:, 0] >= threshold, table[:, 1], table[:, 2]).mean() for threshold in grid]
    return float(grid[np.flatnonzero(np.array(means) >= max(means) - LENIENCY)[0]])


def questions_of(data: Path, cache: Path, reader: Reader, limit: int | None, threads: int) -> list[Asked]:
    """Ask the calibration questions: of two articles of squad2_dev16 among all sixteen, and of held-out passages.

    Every second question on a held-out passage is asked with its own passage hidden: nothing answers it.
    """
    corpus = open_corpus(cache / SQUAD2, list(read_rows(data / "squad2_dev16.jsonl.gz")), threads)
    asked = [ask(corpus, SQUAD2, row, reader) for row in sample(squad2_rows(data, Split.CALIBRATION), limit)]
    corpus.close()
    others = [row for row in load(data, Split.CALIBRATION, 7) if row.source in OTHER_SOURCES and row.answers]
    corpus = open_corpus(cache / OTHERS, others, threads)
    chosen: list[Row] = sample(others, OTHER_QUESTIONS if limit is None else min(limit, OTHER_QUESTIONS))
    asked += [ask(corpus, OTHERS, row, reader, hidden=number % 2 == 1) for number, row in enumerate(chosen)]
    corpus.close()
    return asked


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="where the corpora are indexed")
    parser.add_argument("--limit", type=int, help="ask at most so many questions of each set")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    reader = CrossEncoderReader(options.reader, threads=options.threads)
    fitted = fit(questions_of(options.data, options.cache, reader, options.limit, options.threads))
    path = options.reader / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["calibration"] = {name: round(value, 6) for name, value in asdict(fitted).items()}
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(config["calibration"], indent=2))


def _features(reads: Sequence[Read]) -> Floats:
    return np.array([[read.relevance, read.span, read.retrieval] for read in reads])


if __name__ == "__main__":
    main()
