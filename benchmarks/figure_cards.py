"""The tables and sentences of the model cards that tell figures, named there as `card.given()`."""

from __future__ import annotations

from benchmarks.figure_format import NEWSQA, RANKINGS, SQUAD2, blocks, cells, origin, paragraph, told, values_of
from benchmarks.peers.report import table


def mix() -> str:
    """What the windows of the last run were."""
    shares = values_of("training")["mix_percent"]
    return table(("windows", "share"), ([kind, f"{share:g} %"] for kind, share in shares.items()))


def runs() -> str:
    """The runs."""
    line = "{hours} hours, {windows:,} windows, learning rates {encoder_rate} and {head_rate} (heads), from {start}."
    return "\n".join(f"{number}. {told(line, run)}" for number, run in enumerate(values_of("training")["runs"], 1))


def given() -> str:
    """The figures with the passage or the article given."""
    head = ("set", "questions", "EM", "F1", "HasAns F1", "NoAns F1", "HasAns F1, never refusing")
    squad2 = (
        "{questions:,}|{overall_em:.1f}|{overall_f1:.1f}|{has_answer_f1:.1f}|{no_answer_f1:.1f}"
        "|{has_answer_f1_never_refusing:.1f}|{overall_f1_best_threshold:.1f}|{auroc:share}"
    )
    newsqa = "{questions:,}|{em:.1f}|{f1:.1f}|||||"
    names = {SQUAD2: (f"`{SQUAD2}`, 4 validation articles", squad2), NEWSQA: (f"`{NEWSQA}`", newsqa)}
    return blocks(
        table(
            (*head, "F1 at its best threshold", "AUROC"),
            ([shown, *cells(row, values_of(f"reader.given.{name}"))] for name, (shown, row) in names.items()),
        ),
        origin(*(f"reader.given.{name}" for name in names)),
    )


def open_corpus(name: str) -> str:
    """The figures of an open corpus."""
    values = values_of(f"reader.open.{name}")
    row = "{hit_at_1:.1f}|{hit_at_3:.1f}|{answer_f1:.1f}"
    return blocks(
        table(
            (f"ranking ({values['questions']} questions)", "hit@1", "hit@3", "answer F1"),
            ([ranking, *cells(row, values[ranking])] for ranking in RANKINGS),
        ),
        origin(f"reader.open.{name}"),
    )


def refusing() -> str:
    """Refusing in an open corpus."""
    return paragraph(
        """Refusing at the threshold: F1 {f1:.1f} (a right refusal counts 100); refusals {refusal_precision:.0f} %
        right, {refusal_recall:.0f} % of the unanswerable refused; of the answers given {answered_right:.0f} % right;
        AUROC of answerability {auroc_answerable:share}; expected calibration error {calibration_error:share}
        ([diagram](../../../docs/reliability.svg)): three in five of these questions were written to fool, more than
        among the calibration questions, so confidence is too high here.""",
        **values_of(f"reader.open.{SQUAD2}")["refusing"],
    )


def threshold() -> str:
    """Where answers begin."""
    values = values_of("calibration")
    return blocks(
        paragraph(
            """Answers are given from {threshold:short}: the lowest threshold whose answer F1 is within one standard
            error ({error:.1f} points) of the best one ({f1:.1f} at {best:short}) on these questions, {questions:,}
            with all the corpora they are asked of, rounded to .05. On the frozen slice of `tests/regression`, which
            took no part, it refuses {refused:.0f} % of the unanswerable questions and answers {right:.0f} % of the
            others rightly. Where a wrong quote costs more than a missing one, set `ONRECORD_MIN_CONFIDENCE`
            higher.""",
            error=100 * values["standard_error"],
            f1=100 * values["best_f1"],
            refused=100 * values_of("slice")["abstention"]["recall"],
            right=100 * values_of("slice")["answers"]["correctness"],
            **values,
        ),
        origin("calibration", "slice"),
    )


def accurate_curve() -> str:
    """How the accurate reader learnt."""
    row = "{windows:,}|{monitor_f1:.1f}|{monitor_auroc_margin:share}|{dev_f1:.1f}|{dev_auroc_margin:share}"
    head = ("windows", "news F1", "news AUROC", "SQuAD 2.0 F1", "SQuAD 2.0 AUROC")
    return table(head, (cells(row, each) for each in values_of("training.accurate")["curve"]))
