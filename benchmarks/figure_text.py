"""The tables and sentences of the documentation that tell figures, made of `docs/figures.json`.

A page names a function of this module in a comment, `<!-- [[[cog print(text.speed()) ]]] -->`, and `benchmarks.pages`
puts what it returns behind it. Prose stands here as a page has it, with holes; `{…:share}` is .931, `{…:short}` .93.
"""

from __future__ import annotations

import string
import textwrap
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.figures import FIGURES, READER, Section, read, weights_of
from benchmarks.peers.report import table
from benchmarks.peers.report import tables as peer_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[1]
SQUAD2, NEWSQA = "squad2_dev16", "newsqa_dev_a"
RANKINGS = ("bm25", "dense", "fusion", "reader", "reader+fusion")
PEERS = ("onrecord", "haystack", "txtai")
KB_A_MIB = 1024**2 / 1000

_fill = partial(textwrap.fill, width=130, break_long_words=False, break_on_hyphens=False)


@cache
def sections() -> dict[str, Section]:
    """Every section of `docs/figures.json`."""
    return read(ROOT / FIGURES)


@cache
def shipped() -> str:
    """The weights in `rag/models/reader`."""
    return weights_of(ROOT / READER)


# README.md


def readme_set_up() -> str:
    """What the first run installs."""
    return _paragraph(
        """The first run installs the pinned dependencies ({all_gib} GiB on disk, {torch_gib} of them PyTorch without
        CUDA); a second `make serve` starts without installing or embedding anything again. The models come inside
        packages: nothing is fetched from a model hub, and no question leaves the machine.""",
        **_of("environment"),
    )


def readme_figures() -> str:
    """The figures in short."""
    squad2, newsqa = _of(f"reader.open.{SQUAD2}"), _of(f"reader.open.{NEWSQA}")
    rows = {
        f"`{SQUAD2}`, {squad2['questions']} questions on 4 articles, 16 indexed": squad2,
        f"`{NEWSQA}`, {newsqa['questions']} questions, 315 stories indexed": newsqa,
    }
    head = ("right passage first, of all passages of the set", "dense", "BM25", "fused", "with the reader")
    order = ("dense", "bm25", "fusion", "reader+fusion")
    return _blocks(
        table(head, ([name, *_hits(values, order)] for name, values in rows.items())),
        _paragraph(
            """The seed article: {plain[pass]} of {plain[cases]} questions pass whole, and {led[pass]} of {led[cases]}
            follow-ups; of the {plain[unanswerable]} that it does not answer {plain[unanswerable_answered]} are
            answered. A question takes {whole[p50]:.0f} ms (median, {machine}), of which search is
            {search[p50]:.0f}.""",
            plain=_seed_article(),
            led=_of("seeds")["files"]["conversations.qa.yaml"],
            machine=_machine("latency"),
            **_of("latency"),
        ),
        _paragraph(
            """Against Haystack and txtai with the same embedder, passages and weights, those of {reader}, {questions}
            questions each: the right passage first {squad2} (`squad2_dev16`), {newsqa} (`newsqa_dev_a`); {squad2_ms}
            ms, {newsqa_ms} ms. Where they win is [told, too](docs/evaluation.md#against-peers).""",
            reader=_reader("peers"),
            questions=_peers(SQUAD2, "{questions}").partition(" ")[0],
            squad2=_peers(SQUAD2, "{hit_at_1:share}"),
            newsqa=_peers(NEWSQA, "{hit_at_1:share}"),
            squad2_ms=_peers(SQUAD2, "{p50:.0f}"),
            newsqa_ms=_peers(NEWSQA, "{p50:.0f}"),
        ),
    )


def readme_reader_limit() -> str:
    """What the small reader gets wrong."""
    return _item(
        """The reader is small. It is fooled by questions that are written to fool (see the model card): where three
        questions in five are such, {answered_right:.0f} % of the answers that it gives are right. And it misses
        answers that are phrased far from the question: {answerable_refused} of the seed article's {answerable} are
        refused.""",
        **_of(f"reader.open.{SQUAD2}")["refusing"],
        **_seed_article(),
    )


def readme_memory_limit() -> str:
    """What a passage needs."""
    return _item(
        "Search is exact and keeps all vectors in memory: about {kb:.1f} KB a passage, measured on {passages:,}.",
        kb=_kb_a_passage("size.without_model"),
        **_of("size.without_model"),
    )


# docs/evaluation.md


def retrieval() -> str:
    """Each set's main metric by each way of ranking."""
    names = {
        "scifact": "SciFact, half",
        "time": "TIME, half",
        "train_spans": "training spans, half of a twelfth",
        SQUAD2: f"`{SQUAD2}`",
        NEWSQA: f"`{NEWSQA}`",
    }
    measured = {shown: sections()[f"retrieval.{name}"] for name, shown in names.items()}
    row = "{questions:,}|{articles:,}|{metric}|{dense:share}|{bm25:share}|{rrf:share}|**{fused:share}**"
    head = ("set", "questions", "articles", "metric", "dense", "BM25", "RRF", "fused", "measured")
    return _blocks(
        table(head, ([shown, *_cells(row, each.values), each.measured] for shown, each in measured.items())),
        _notes(*(f"retrieval.{name}" for name in names)),
    )


def reader_in_short() -> str:
    """The shipped reader's main figures."""
    head = ("open corpus: hit@1", "questions", "BM25", "dense", "fused", "reader alone", "with fused score (serves)")
    names = {SQUAD2: f"`{SQUAD2}`, 4 articles asked, 16 indexed", NEWSQA: f"`{NEWSQA}`"}
    told = {shown: _of(f"reader.open.{name}") for name, shown in names.items()}
    return _blocks(
        table(head, ([shown, str(each["questions"]), *_hits(each, RANKINGS)] for shown, each in told.items())),
        _paragraph(
            """Passage given: on `squad2_dev16` ({one[questions]:,} questions, most written to fool) HasAns F1
            {one[has_answer_f1_never_refusing]:.1f} if it never refuses, overall F1 {one[overall_f1]:.1f} at the
            threshold chosen on calibration questions and {one[overall_f1_best_threshold]:.1f} at its best one, AUROC
            of answerability {one[auroc]:share}; on `newsqa_dev_a` ({two[questions]:,} questions, article given) F1
            {two[f1]:.1f}.""",
            one=_of(f"reader.given.{SQUAD2}"),
            two=_of(f"reader.given.{NEWSQA}"),
        ),
        origin(*(f"reader.{way}.{name}" for way in ("given", "open") for name in (SQUAD2, NEWSQA))),
    )


def confidence() -> str:
    """On what confidence was fitted, and from which an answer is given."""
    return _blocks(
        _paragraph(
            """Fitted on {questions:,} questions. An answer is given from {threshold:short}: the lowest threshold
            whose F1 on these questions is within a standard error of the best, rounded to .05.""",
            **_of("calibration"),
        ),
        origin("calibration"),
    )


def reliability() -> str:
    """What the diagram shows."""
    return _paragraph(
        """The diagram is of {questions} validation questions in an open corpus, three in five of them written to
        fool, which is more than among the calibration questions: confidence is too high there (expected calibration
        error {calibration_error:share}), and of the answers given {answered_right:.0f} % are right. On questions that
        people ask of an article without wanting to fool it the figures below are nearer.""",
        **_of(f"reader.open.{SQUAD2}")["refusing"],
    )


def seed_cases() -> str:
    """How the seed cases and the frozen slice go."""
    names = {
        "asadi.qa.yaml": "`seeds/asadi.qa.yaml`",
        "conversations.qa.yaml": "`seeds/conversations.qa.yaml`, follow-ups",
        "slice.qa.yaml": "`tests/regression/slice`, frozen",
    }
    head = ("", "pass whole", "unanswerable", "answered", "answerable", "refused", "answered amiss")
    row = (
        "{pass} of {cases}|{unanswerable}|{unanswerable_answered}"
        "|{answerable}|{answerable_refused}|{answerable_answered_amiss}"
    )
    files = _of("seeds")["files"] | _of("slice")["files"]
    return _blocks(
        table(head, ([shown, *_cells(row, files[name])] for name, shown in names.items())), origin("seeds", "slice")
    )


def speed() -> str:
    """What a question takes."""
    return _blocks(
        _paragraph(
            """One process, no server, after a round to warm up, {questions} questions; medians, and 95th percentiles
            in brackets: search {search[p50]:.0f} ms ({search[p95]:.0f}), reading {read[p50]:.0f} ms
            ({read[p95]:.0f}), whole question {whole[p50]:.0f} ms ({whole[p95]:.0f}). A batch of 16 passages of 80
            tokens is read in {sixteen_passages[p50]:.0f} ms ({sixteen_passages[p95]:.0f}). Start with models and
            indexing {start_seconds:.1f} s; peak memory {peak_mib} MiB.""",
            **_of("latency"),
        ),
        origin("latency", times=True),
    )


def peers() -> str:
    """On Record, Haystack and txtai."""
    return _blocks(origin("peers", times=True), peer_tables(_of("peers")).strip())


# docs/operations.md


def size() -> str:
    """What a corpus of many articles needs."""
    both = {"default model": _of("size"), "`--without-model`": _of("size.without_model")}
    lines = {
        "articles, passages": "{articles:,}, {passages:,}",
        "passages added in a second": "{passages_per_second}",
        "in a second of processor time": "{passages_per_processor_second}",
        "resident memory at its peak": "{peak_mib} MiB",
        "grown by, a passage": "{kb_a_passage:.1f} KB",
        "on disk": "{disk_mib} MiB, {disk_kb_a_passage:.1f} KB a passage",
        "opening": "{open_seconds:.1f} s",
        "search, question embedded, p50 and p95": "{search[p50]:.0f} and {search[p95]:.0f} ms",
    }
    made = [
        {
            "passages_per_second": "",
            "kb_a_passage": _kb_a_passage(name),
            "disk_kb_a_passage": values["disk_mib"] * KB_A_MIB / values["passages"],
            **values,
        }
        for name, values in zip(("size", "size.without_model"), both.values(), strict=True)
    ]
    return _blocks(
        table(("", *both), ([name, *(_told(line, each) for each in made)] for name, line in lines.items())),
        origin("size", "size.without_model", times=True),
    )


def serving() -> str:
    """What questions take while articles are added."""
    values = _of("serving")
    idle, another, itself = (values[name]["p95"] for name in ("idle", "another_process", "itself"))
    return _blocks(
        _paragraph(
            """Questions took {idle} ms (95th percentile of {questions}) when nothing was added, {another} ({more:.1f}
            times as long) while another process added articles, and {itself} ({most:.1f} times) while the server
            itself did.""",
            idle=idle,
            another=another,
            itself=itself,
            more=another / idle,
            most=itself / idle,
            questions=values["idle"]["questions"],
        ),
        origin("serving", times=True),
    )


# rag/models/reader/MODEL_CARD.md


def card_mix() -> str:
    """What the windows of the last run were."""
    shares = _of("training")["mix_percent"]
    return table(("windows", "share"), ([kind, f"{share:g} %"] for kind, share in shares.items()))


def card_runs() -> str:
    """The runs."""
    line = "{hours} hours, {windows:,} windows, learning rates {encoder_rate} and {head_rate} (heads), from {start}."
    return "\n".join(f"{number}. {_told(line, run)}" for number, run in enumerate(_of("training")["runs"], 1))


def card_given() -> str:
    """The figures with the passage or the article given."""
    head = ("set", "questions", "EM", "F1", "HasAns F1", "NoAns F1", "HasAns F1, never refusing")
    squad2 = (
        "{questions:,}|{overall_em:.1f}|{overall_f1:.1f}|{has_answer_f1:.1f}|{no_answer_f1:.1f}"
        "|{has_answer_f1_never_refusing:.1f}|{overall_f1_best_threshold:.1f}|{auroc:share}"
    )
    newsqa = "{questions:,}|{em:.1f}|{f1:.1f}|||||"
    names = {SQUAD2: (f"`{SQUAD2}`, 4 validation articles", squad2), NEWSQA: (f"`{NEWSQA}`", newsqa)}
    return _blocks(
        table(
            (*head, "F1 at its best threshold", "AUROC"),
            ([shown, *_cells(row, _of(f"reader.given.{name}"))] for name, (shown, row) in names.items()),
        ),
        origin(*(f"reader.given.{name}" for name in names)),
    )


def card_open(name: str) -> str:
    """The figures of an open corpus."""
    values = _of(f"reader.open.{name}")
    row = "{hit_at_1:.1f}|{hit_at_3:.1f}|{answer_f1:.1f}"
    return _blocks(
        table(
            (f"ranking ({values['questions']} questions)", "hit@1", "hit@3", "answer F1"),
            ([ranking, *_cells(row, values[ranking])] for ranking in RANKINGS),
        ),
        origin(f"reader.open.{name}"),
    )


def card_refusing() -> str:
    """Refusing in an open corpus."""
    return _paragraph(
        """Refusing at the threshold: F1 {f1:.1f} (a right refusal counts 100); refusals {refusal_precision:.0f} %
        right, {refusal_recall:.0f} % of the unanswerable refused; of the answers given {answered_right:.0f} % right;
        AUROC of answerability {auroc_answerable:share}; expected calibration error {calibration_error:share}
        ([diagram](../../../docs/reliability.svg)): three in five of these questions were written to fool, more than
        among the calibration questions, so confidence is too high here.""",
        **_of(f"reader.open.{SQUAD2}")["refusing"],
    )


def card_threshold() -> str:
    """Where answers begin."""
    values = _of("calibration")
    return _blocks(
        _paragraph(
            """Answers are given from {threshold:short}: the lowest threshold whose answer F1 is within one standard
            error ({error:.1f} points) of the best one ({f1:.1f} at {best:short}) on these questions, {questions:,}
            with all the corpora they are asked of, rounded to .05. On the frozen slice of `tests/regression`, which
            took no part, it refuses {refused:.0f} % of the unanswerable questions and answers {right:.0f} % of the
            others rightly. Where a wrong quote costs more than a missing one, set `ONRECORD_MIN_CONFIDENCE`
            higher.""",
            error=100 * values["standard_error"],
            f1=100 * values["best_f1"],
            refused=100 * _of("slice")["abstention"]["recall"],
            right=100 * _of("slice")["answers"]["correctness"],
            **values,
        ),
        origin("calibration", "slice"),
    )


# What they are made of


NEWS = {"news.reader": "bundled reader", "news.accurate": "accurate reader"}


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
    first = _of("news.accurate")["own"]
    kinds = (
        "plain", "paraphrase", "typed", "number", "said", "why", "condition", "yesno", "pronoun", "list", "inferred",
    )  # fmt: skip
    unanswered = (
        "no_named", "no_attribute", "no_premise", "no_opposite", "no_number", "no_detail", "no_typed", "no_other",
    )  # fmt: skip
    return _blocks(
        _paragraph(
            """{questions} questions on articles that took no part in training or calibration, {answerable} of them
            answered there. A quote is right if it holds a marked answer.""",
            **first,
        ),
        table(
            head,
            (
                [shown, reader, *_cells(row, _of(name)[where])]
                for where, shown in asked.items()
                for name, reader in NEWS.items()
            ),
        ),
        "By kind, asked of their own article: right quote first, or refused where the kind begins with “no”.",
        _by_kind(kinds),
        _by_kind(unanswered),
        origin(*NEWS),
    )


def accurate_curve() -> str:
    """How the accurate reader learnt."""
    row = "{windows:,}|{monitor_f1:.1f}|{monitor_auroc_margin:share}|{dev_f1:.1f}|{dev_auroc_margin:share}"
    head = ("windows", "news F1", "news AUROC", "SQuAD 2.0 F1", "SQuAD 2.0 AUROC")
    return table(head, (_cells(row, each) for each in _of("training.accurate")["curve"]))


def _by_kind(kinds: Sequence[str]) -> str:
    row = "|".join(f"{{{kind}:short}}" for kind in kinds)
    return table(("", *kinds), ([reader, *_cells(row, _of(name)["own"]["kinds"])] for name, reader in NEWS.items()))


def origin(*names: str, times: bool = False) -> str:
    """When and with which reader sections were measured, and for times on what machine."""
    days = sorted({sections()[name].measured for name in names})
    readers = sorted({_reader(name) for name in names} - {""})
    told = [
        f"Measured {' and '.join(days)}",
        *([f"on {_machine(*names)}"] if times else []),
        *([f"with {' and '.join(readers)}"] if readers else []),
    ]
    return _blocks(_fill(f"{' '.join(told)}."), _notes(*names))


class _Formatter(string.Formatter):
    """Knows a share as a page writes it: .931, or in short .93."""

    def format_field(self, value: Any, spec: str) -> str:
        places = {"share": 3, "short": 2}.get(spec)
        return super().format_field(value, spec) if places is None else f"{value:.{places}f}".removeprefix("0")


def _told(text: str, values: Mapping[str, Any]) -> str:
    return _Formatter().vformat(text, (), values)


def _reader(name: str) -> str:
    weights = sections()[name].weights
    if not weights:
        return ""
    if name.endswith(".accurate"):
        return f"the accurate one (`{weights}`)"
    return f"the reader that ships (`{weights}`)" if weights == shipped() else f"an earlier reader (`{weights}`)"


def _machine(*names: str) -> str:
    machines = [sections()[name].machine for name in names]
    cores, processor = machines[0]["cores"], machines[0]["processor"]
    load = max(each.get("load", 0) for each in machines)
    busy = f", other work beside it (load {load:.0f}), so longer than alone" if load > cores + 1 else ""
    return f"{cores} cores of an {processor}{busy}" if cores > 1 else f"one core of an {processor}{busy}"


def _notes(*names: str) -> str:
    notes = dict.fromkeys(sections()[name].note for name in names)
    return _fill(" ".join(note for note in notes if note))


def _of(name: str) -> Mapping[str, Any]:
    return sections()[name].values


def _seed_article() -> Mapping[str, Any]:
    counts: Mapping[str, Any] = _of("seeds")["files"]["asadi.qa.yaml"]
    return counts


def _hits(values: Mapping[str, Any], rankings: Sequence[str]) -> list[str]:
    *others, serves = (f"{values[ranking]['hit_at_1'] / 100:.3f}".removeprefix("0") for ranking in rankings)
    return [*others, f"**{serves}**"]


def _peers(asked: str, shape: str) -> str:
    rows = {(row["set"], row["system"]): row for row in _of("peers")["rows"]}
    ours, *others = (_told(shape, rows[asked, system]) for system in PEERS)
    return f"{ours} to {' and '.join(others)}"


def _kb_a_passage(name: str) -> float:
    (few, before), *_, (many, after) = _of(name)["resident_mib"]
    return float((after - before) * KB_A_MIB / (many - few))


def _cells(row: str, values: Mapping[str, Any]) -> list[str]:
    return _told(row, values).split("|")


def _paragraph(text: str, **values: Any) -> str:
    return _fill(_told(" ".join(text.split()), values))


def _item(text: str, **values: Any) -> str:
    return _fill(_told(" ".join(text.split()), values), initial_indent="- ", subsequent_indent="  ")


def _blocks(*blocks: str) -> str:
    return "\n\n".join(block for block in blocks if block)
