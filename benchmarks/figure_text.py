"""The tables and sentences of README and docs that tell figures, made of `docs/figures.json`.

A page names a function of this module in a comment, `<!-- [[[cog print(text.speed()) ]]] -->`, and `benchmarks.pages`
puts what it returns behind it; model cards name those of `benchmarks.figure_cards`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.figure_format import (
    NEWSQA,
    RANKINGS,
    SQUAD2,
    blocks,
    cells,
    item,
    machine_of,
    notes_of,
    origin,
    paragraph,
    reader_of,
    sections,
    told,
    values_of,
)
from benchmarks.peers.report import table
from benchmarks.peers.report import tables as peer_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PEERS = ("onrecord", "haystack", "txtai")
KB_A_MIB = 1024**2 / 1000


# README.md


def readme_set_up() -> str:
    """What the first run installs."""
    return paragraph(
        """The first run installs the pinned dependencies ({all_gib} GiB on disk, {torch_gib} of them PyTorch without
        CUDA); a second `make serve` starts without installing or embedding anything again. The models come inside
        packages: nothing is fetched from a model hub, and no question leaves the machine.""",
        **values_of("environment"),
    )


def readme_figures() -> str:
    """The figures in short."""
    squad2, newsqa = values_of(f"reader.open.{SQUAD2}"), values_of(f"reader.open.{NEWSQA}")
    rows = {
        f"`{SQUAD2}`, {squad2['questions']} questions on 4 articles, 16 indexed": squad2,
        f"`{NEWSQA}`, {newsqa['questions']} questions, 315 stories indexed": newsqa,
    }
    head = ("right passage first, of all passages of the set", "dense", "BM25", "fused", "with the reader")
    order = ("dense", "bm25", "fusion", "reader+fusion")
    return blocks(
        table(head, ([name, *_hits(values, order)] for name, values in rows.items())),
        paragraph(
            """The seed article: {plain[pass]} of {plain[cases]} questions pass whole, and {led[pass]} of {led[cases]}
            follow-ups; of the {plain[unanswerable]} that it does not answer {plain[unanswerable_answered]} are
            answered. A question takes {whole[p50]:.0f} ms (median, {machine}), of which search is
            {search[p50]:.0f}.""",
            plain=_seed_article(),
            led=values_of("seeds")["files"]["conversations.qa.yaml"],
            machine=machine_of("latency"),
            **values_of("latency"),
        ),
        paragraph(
            """Against Haystack and txtai with the same embedder, passages and weights, those of {reader}, {questions}
            questions each: the right passage first {squad2} (`squad2_dev16`), {newsqa} (`newsqa_dev_a`); {squad2_ms}
            ms, {newsqa_ms} ms. Where they win is [told, too](docs/evaluation.md#against-peers).""",
            reader=reader_of("peers"),
            questions=_peers(SQUAD2, "{questions}").partition(" ")[0],
            squad2=_peers(SQUAD2, "{hit_at_1:share}"),
            newsqa=_peers(NEWSQA, "{hit_at_1:share}"),
            squad2_ms=_peers(SQUAD2, "{p50:.0f}"),
            newsqa_ms=_peers(NEWSQA, "{p50:.0f}"),
        ),
    )


def readme_reader_limit() -> str:
    """What the small reader gets wrong."""
    return item(
        """The reader is small. It is fooled by questions that are written to fool (see the model card): where three
        questions in five are such, {answered_right:.0f} % of the answers that it gives are right. And it misses
        answers that are phrased far from the question: {answerable_refused} of the seed article's {answerable} are
        refused.""",
        **values_of(f"reader.open.{SQUAD2}")["refusing"],
        **_seed_article(),
    )


def readme_memory_limit() -> str:
    """What a passage needs."""
    return item(
        "Search is exact and keeps all vectors in memory: about {kb:.1f} KB a passage, measured on {passages:,}.",
        kb=_kb_a_passage("size.without_model"),
        **values_of("size.without_model"),
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
    return blocks(
        table(head, ([shown, *cells(row, each.values), each.measured] for shown, each in measured.items())),
        notes_of(*(f"retrieval.{name}" for name in names)),
    )


def reader_in_short() -> str:
    """The shipped reader's main figures."""
    head = ("open corpus: hit@1", "questions", "BM25", "dense", "fused", "reader alone", "with fused score (serves)")
    names = {SQUAD2: f"`{SQUAD2}`, 4 articles asked, 16 indexed", NEWSQA: f"`{NEWSQA}`"}
    told = {shown: values_of(f"reader.open.{name}") for name, shown in names.items()}
    return blocks(
        table(head, ([shown, str(each["questions"]), *_hits(each, RANKINGS)] for shown, each in told.items())),
        paragraph(
            """Passage given: on `squad2_dev16` ({one[questions]:,} questions, most written to fool) HasAns F1
            {one[has_answer_f1_never_refusing]:.1f} if it never refuses, overall F1 {one[overall_f1]:.1f} at the
            threshold chosen on calibration questions and {one[overall_f1_best_threshold]:.1f} at its best one, AUROC
            of answerability {one[auroc]:share}; on `newsqa_dev_a` ({two[questions]:,} questions, article given) F1
            {two[f1]:.1f}.""",
            one=values_of(f"reader.given.{SQUAD2}"),
            two=values_of(f"reader.given.{NEWSQA}"),
        ),
        origin(*(f"reader.{way}.{name}" for way in ("given", "open") for name in (SQUAD2, NEWSQA))),
    )


def confidence() -> str:
    """On what confidence was fitted, and from which an answer is given."""
    return blocks(
        paragraph(
            """Fitted on {questions:,} questions. An answer is given from {threshold:short}: the lowest threshold
            whose F1 on these questions is within a standard error of the best, rounded to .05.""",
            **values_of("calibration"),
        ),
        origin("calibration"),
    )


def reliability() -> str:
    """What the diagram shows."""
    return paragraph(
        """The diagram is of {questions} validation questions in an open corpus, three in five of them written to
        fool, which is more than among the calibration questions: confidence is too high there (expected calibration
        error {calibration_error:share}), and of the answers given {answered_right:.0f} % are right. On questions that
        people ask of an article without wanting to fool it the figures below are nearer.""",
        **values_of(f"reader.open.{SQUAD2}")["refusing"],
    )


def webpages() -> str:
    """How pages are read against what people say is in them, before and after its rules were mended."""
    names = {"before": "webpages.before", "now": "webpages"}
    head = ("", "texts: precision", "recall", "F1", "stretches kept", "stray", "title right", "author right", "wrong")
    row = (
        "{texts[precision]:share}|{texts[recall]:share}|{texts[f1]:share}"
        "|{kept:,} of {wanted:,}|{stray:,} of {unwanted:,}"
        "|{title[right]:,} of {title[told]:,}|{author[right]:,} of {author[told]:,}|{author[wrong]:,}"
        "|{published[right]:,} of {published[told]:,}|{published[wrong]:,}"
        "|{published[made_up]:,} of {published[untold]:,}"
    )
    rows = []
    for shown, name in names.items():
        values = values_of(name)
        sums = {
            field: sum(each[field] for each in values["stretches"].values())
            for field in ("kept", "wanted", "stray", "unwanted")
        }
        rows.append([shown, *cells(row, {**values, **sums})])
    return blocks(table((*head, "day right", "wrong", "made up"), rows), origin(*names.values()))


def seed_cases() -> str:
    """How the seed cases and the frozen slice go."""
    names = {
        "asadi.qa.yaml": "`seeds/asadi.qa.yaml`",
        "conversations.qa.yaml": "`seeds/conversations.qa.yaml`, follow-ups",
        "slice.qa.yaml": "`tests/regression/slice`, frozen",
        "alike.qa.yaml": "`benchmarks/alike`, profiles that are alike",
    }
    head = ("", "reader", "pass whole", "unanswerable", "answered", "answerable", "refused", "answered amiss")
    row = (
        "{pass} of {cases}|{unanswerable}|{unanswerable_answered}"
        "|{answerable}|{answerable_refused}|{answerable_answered_amiss}"
    )
    readers = {"bundled reader": ("seeds", "slice", "alike"), "accurate reader": ("seeds.accurate", "alike.accurate")}
    rows = [
        [names[file], reader, *cells(row, counts)]
        for reader, told in readers.items()
        for section in told
        for file, counts in values_of(section)["files"].items()
    ]
    return blocks(table(head, rows), origin(*(name for told in readers.values() for name in told)))


def speed() -> str:
    """What a question takes."""
    return blocks(
        paragraph(
            """One process, no server, after a round to warm up, {questions} questions; medians, and 95th percentiles
            in brackets: search {search[p50]:.0f} ms ({search[p95]:.0f}), reading {read[p50]:.0f} ms
            ({read[p95]:.0f}), whole question {whole[p50]:.0f} ms ({whole[p95]:.0f}). A batch of 16 passages of 80
            tokens is read in {sixteen_passages[p50]:.0f} ms ({sixteen_passages[p95]:.0f}). Start with models and
            indexing {start_seconds:.1f} s; peak memory {peak_mib} MiB.""",
            **values_of("latency"),
        ),
        paragraph(
            """With the accurate reader: reading {read[p50]:.0f} ms ({read[p95]:.0f}), whole question
            {whole[p50]:.0f} ms ({whole[p95]:.0f}); peak memory {peak_mib} MiB.""",
            **values_of("latency.accurate"),
        ),
        origin("latency", "latency.accurate", times=True),
    )


def peers() -> str:
    """On Record, Haystack and txtai."""
    return blocks(origin("peers", times=True), peer_tables(values_of("peers")).strip())


# docs/operations.md


def size() -> str:
    """What a corpus of many articles needs."""
    both = {"default model": values_of("size"), "`--without-model`": values_of("size.without_model")}
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
    return blocks(
        table(("", *both), ([name, *(told(line, each) for each in made)] for name, line in lines.items())),
        origin("size", "size.without_model", times=True),
    )


def serving() -> str:
    """What questions take while articles are added."""
    values = values_of("serving")
    idle, another, itself = (values[name]["p95"] for name in ("idle", "another_process", "itself"))
    return blocks(
        paragraph(
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
                for name, reader in NEWS.items()
            ),
        ),
        "By kind, asked of their own article: right quote first, or refused where the kind begins with “no”.",
        _by_kind(kinds),
        _by_kind(unanswered),
        origin(*NEWS),
    )


def _by_kind(kinds: Sequence[str]) -> str:
    row = "|".join(f"{{{kind}:short}}" for kind in kinds)
    return table(
        ("", *kinds), ([reader, *cells(row, values_of(name)["own"]["kinds"])] for name, reader in NEWS.items())
    )


def _seed_article() -> Mapping[str, Any]:
    counts: Mapping[str, Any] = values_of("seeds")["files"]["asadi.qa.yaml"]
    return counts


def _hits(values: Mapping[str, Any], rankings: Sequence[str]) -> list[str]:
    *others, serves = (f"{values[ranking]['hit_at_1'] / 100:.3f}".removeprefix("0") for ranking in rankings)
    return [*others, f"**{serves}**"]


def _peers(asked: str, shape: str) -> str:
    rows = {(row["set"], row["system"]): row for row in values_of("peers")["rows"]}
    ours, *others = (told(shape, rows[asked, system]) for system in PEERS)
    return f"{ours} to {' and '.join(others)}"


def _kb_a_passage(name: str) -> float:
    (few, before), *_, (many, after) = values_of(name)["resident_mib"]
    return float((after - before) * KB_A_MIB / (many - few))
