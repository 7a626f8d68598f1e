"""The tables and sentences that tell of the readers: how each was made and what it can do.

`docs/evaluation.md` and the model cards name them, as `card.given()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.figure_format import (
    DIAGRAM,
    NEWS,
    NEWSQA,
    READERS,
    SQUAD2,
    blocks,
    by_reader,
    cells,
    hits,
    origin,
    origin_of,
    paragraph,
    told,
    values_of,
)
from benchmarks.peers.report import table

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = {
    "answerable": "a question on a crop of its passage",
    "human": "the same, unanswerable, written to fool or asked of another passage",
    "sibling": "a question with another part of its passage",
    "retrieved": "a question with what BM25 finds in other articles",
    "entity, news_entity": "a question with another name in it",
    "title, news_title": "a passage under another title and lead, where these name what is asked about",
    "news": "a question on news with the passage that answers it",
    "news_own": "… with a passage of its article that does not",
    "news_near": "an unanswerable question on news with the passage that seems to answer it",
    "news_other": "a question on news with a passage of another article",
}


def windows() -> str:
    """What the windows were."""
    values = values_of("training")
    drawn = values["kinds"]
    counts = {told: sum(drawn[kind] for kind in kinds.split(", ")) for kinds, told in KINDS.items()}
    counts["the same of the span sets, drawn again"] = values["drawn_again"]
    counts["profiles of made-up people, places, firms …, of which none, one or two are asked about"] = values[
        "profiles"
    ]
    return blocks(
        paragraph(
            """{labelled:,} labelled windows, {tokens} tokens on average, and {pairs:,} pairs without labels,
            {pair_tokens} tokens:""",
            **values,
        ),
        table(("labelled windows", "how many"), ([kind, f"{count:,}"] for kind, count in counts.items())),
    )


def run(reader: str) -> str:
    """The last run of a reader, and the curve of the shares in which it was averaged with what it started from."""
    values = values_of(f"training{READERS[reader]}")
    row = "{share:g}|{news_f1:.1f}|{news_auroc:share}|{squad2_f1:.1f}|{squad2_auroc:share}"
    return blocks(
        paragraph(
            """One H100, {seconds} seconds, {windows:,} windows ({passes} passes), batches of 65,536 padded tokens,
            learning rates {encoder_rate} and {head_rate} (heads), seed {seed}: {speed:,} windows a second.""",
            **values["run"],
        ),
        paragraph(
            """Averaged with what it started from, {chosen:g} of it the run's. Shares were compared on windows of the
            calibrating half of the news and on SQuAD 2.0's calibration passages:""",
            chosen=values["chosen"],
        ),
        table(
            ("share of the run", "news F1", "news AUROC", "SQuAD 2.0 F1", "SQuAD 2.0 AUROC"),
            (cells(row, each) for each in values["shares"]),
        ),
    )


def given() -> str:
    """The figures with the passage or the article given."""
    head = ("set", "questions", "reader", "F1 never refusing", "F1", "F1 at its best threshold", "AUROC")
    squad2 = "{has_answer_f1_never_refusing:.1f}|{overall_f1:.1f}|{overall_f1_best_threshold:.1f}|{auroc:share}"
    rows = [
        [f"`{name}`", told("{questions:,}", values), reader, *cells(row, values)]
        for name, row in ((SQUAD2, squad2), (NEWSQA, "{f1:.1f}|||"))
        for reader, values in by_reader(f"reader.given.{name}").items()
    ]
    return blocks(table(head, rows), origin_of(*(f"reader.given.{name}" for name in (SQUAD2, NEWSQA))))


def open_corpus() -> str:
    """What comes first in an open corpus, and how well it refuses there."""
    head = (
        "right passage first",
        "questions",
        "BM25",
        "dense",
        "fused",
        *READERS,
        *(f"F1, {name}" for name in READERS),
    )
    sets = {f"`{SQUAD2}`, 4 articles asked, 16 indexed": SQUAD2, f"`{NEWSQA}`": NEWSQA}
    rows = [
        [
            shown,
            str(values_of(f"reader.open.{name}")["questions"]),
            *hits(name),
            *(told("{answer_f1:.1f}", values["reader"]) for values in by_reader(f"reader.open.{name}").values()),
        ]
        for shown, name in sets.items()
    ]
    refusing = (
        "{f1:.1f}|{refusal_precision:.0f} %|{refusal_recall:.0f} %|{answered_right:.0f} %"
        "|{auroc_answerable:share}|{calibration_error:share}"
    )
    return blocks(
        table(head, rows),
        "Refusing, on the questions of `squad2_dev16`, three in five of which were written to fool:",
        table(
            ("reader", "F1", "refusals right", "unanswerable refused", "answers right", "AUROC", "calibration error"),
            (
                [reader, *cells(refusing, values["refusing"])]
                for reader, values in by_reader(f"reader.open.{SQUAD2}").items()
            ),
        ),
        origin_of(*(f"reader.open.{name}" for name in (SQUAD2, NEWSQA))),
    )


def confidence() -> str:
    """From where an answer is given."""
    return paragraph(
        "An answer is given from {fast:short} (fast) or {accurate:short} (accurate) on.",
        **{reader: values_of(name)["own"]["threshold"] for reader, name in NEWS.items()},
    )


def reliability() -> str:
    """The diagram, where its bins are measured, and the calibration error."""
    own = {reader: values_of(name)["own"] for reader, name in NEWS.items()}
    drawn = all("reliability" in values for values in own.values())
    return blocks(
        f"![Reliability diagram]({DIAGRAM.name})" if drawn else "",
        paragraph(
            """On the questions on news above, asked of their own article, the calibration error is {fast:share}
            (fast) and {accurate:share} (accurate); where three in five were written to fool, {fooled_fast:share} and
            {fooled_accurate:share}: confidence is too high there.""",
            **{reader: values["calibration_error"] for reader, values in own.items()},
            **{
                f"fooled_{reader}": values["refusing"]["calibration_error"]
                for reader, values in by_reader(f"reader.open.{SQUAD2}").items()
            },
        ),
    )


def news() -> str:
    """Questions that people wrote on news articles, by both readers."""
    head = (
        "asked of", "reader", "right quote first", "if never refusing", "answered wrongly", "unanswerable refused",
        "AUROC", "calibration error",
    )  # fmt: skip
    row = (
        "{right_first:share}|{right_never_refusing:share}|{answered_wrongly:share}|{refused:share}|{auroc:share}"
        "|{calibration_error:share}"
    )
    asked = {"own": "its own article", "all": "all articles together"}
    first = values_of("news.accurate")["own"]
    kinds = (
        "plain", "paraphrase", "typed", "number", "said", "why", "condition", "yesno", "pronoun", "list", "inferred",
    )  # fmt: skip
    unanswered = (
        "no_named", "no_attribute", "no_premise", "no_opposite", "no_number", "no_detail", "no_typed", "no_other",
    )  # fmt: skip
    return blocks(
        paragraph(
            """{questions} questions on articles that took no part in training or calibration, {answerable} of them
            answered there. A quote is right if it holds a marked answer.""",
            **first,
        ),
        table(
            head,
            (
                [shown, reader, *cells(row, values_of(name)[where])]
                for where, shown in asked.items()
                for reader, name in NEWS.items()
            ),
        ),
        "By kind, asked of their own article: right quote first, or refused where the kind begins with “no”.",
        _by_kind(kinds),
        _by_kind(unanswered),
        origin(*NEWS.values()),
    )


def _by_kind(kinds: Sequence[str]) -> str:
    row = "|".join(f"{{{kind}:short}}" for kind in kinds)
    return table(
        ("", *kinds), ([reader, *cells(row, values_of(name)["own"]["kinds"])] for reader, name in NEWS.items())
    )


def first_run() -> str:
    """How the accurate reader learnt in its first run."""
    row = "{windows:,}|{monitor_f1:.1f}|{monitor_auroc_margin:share}|{dev_f1:.1f}|{dev_auroc_margin:share}"
    head = ("windows", "news F1", "news AUROC", "SQuAD 2.0 F1", "SQuAD 2.0 AUROC")
    return table(head, (cells(row, each) for each in values_of("training.accurate")["curve"]))
