"""The tables and sentences of README and docs that tell figures, made of `docs/figures.json`.

A page names a function of this module in a comment, `<!-- [[[cog print(text.speed()) ]]] -->`, and `benchmarks.pages`
puts what it returns behind it; what tells of the readers stands in `benchmarks.figure_cards`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.figure_format import (
    NEWSQA,
    READERS,
    ROOT,
    SQUAD2,
    blocks,
    by_reader,
    cells,
    hits,
    item,
    machine_of,
    notes_of,
    origin,
    origin_of,
    paragraph,
    reader_of,
    sections,
    told,
    values_of,
)
from benchmarks.figures import READER
from benchmarks.peers.report import table
from benchmarks.peers.report import tables as peer_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    sets = {
        f"`{SQUAD2}`, {{questions}} questions on 4 articles, 16 indexed": SQUAD2,
        f"`{NEWSQA}`, {{questions}} questions, 315 stories indexed": NEWSQA,
    }
    rows = ([told(name, values_of(f"reader.open.{asked}")), *hits(asked)] for name, asked in sets.items())
    return blocks(
        table(("right passage first, of all passages of the set", "BM25", "dense", "fused", *READERS), rows),
        paragraph(
            """Of {answerable} questions that people wrote on news articles, asked of their article, {right:.0f} % get
            the right quote first, {wrong:.0f} % a wrong one; of {others} that it does not answer {refused:.0f} % are
            refused. The seed article: {plain[pass]} of {plain[cases]} questions pass whole, and {led[pass]} of
            {led[cases]} follow-ups. A question takes {whole[p50]:.0f} ms (median, {machine}).""",
            **_news_in_short(),
            plain=_seed_article(),
            led=values_of("seeds.accurate")["files"]["conversations.qa.yaml"],
            machine=machine_of("latency.accurate"),
            **values_of("latency.accurate"),
        ),
        paragraph(
            """Against Haystack and txtai with the same embedder, passages and weights, {reader}, {questions}
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


def readme_readers() -> str:
    """Which readers there are, and what each needs."""
    return item(
        """Cross-encoders trained for this project read the best 8 to 16 passages: does this one answer, and where? A
        small one ({small_mb:.0f} MB, in the package) reads all of them, one five times as large the most promising ones
        again, where it is installed, as `make setup` does (`pip install "onrecord[accurate]"`; {base_mb} MB of
        packages, and {prepared_mb} MB made of them when first used). `ONRECORD_READER=fast` is the small one alone, for
        slow machines: {fast[p50]:.0f} ms a question in place of {accurate[p50]:.0f}, and [fewer right
        answers](docs/evaluation.md#the-readers).""",
        mark="3. ",
        **values_of("training.accurate"),
        small_mb=(ROOT / READER / "reader.onnx").stat().st_size / 1e6,
        fast=values_of("latency")["whole"],
        accurate=values_of("latency.accurate")["whole"],
    )


def readme_reader_limit() -> str:
    """What the default reader gets wrong."""
    return item(
        """Answers can be wrong. Where an article answers, {wrong:.0f} % of people's questions get a wrong quote and
        {missed:.0f} % are refused; where it does not, {answered:.0f} % are answered all the same. Where three questions
        in five were written to fool, {answered_right:.0f} % of the answers given are right. What fails is told in the
        [model card](rag/models/accurate/MODEL_CARD.md#known-failures).""",
        **_news_in_short(),
        answered_right=values_of(f"reader.open.{SQUAD2}.accurate")["refusing"]["answered_right"],
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
    rows = [
        [names[file], reader, *cells(row, counts)]
        for section in ("seeds", "slice", "alike")
        for reader, values in by_reader(section).items()
        for file, counts in values["files"].items()
    ]
    return blocks(table(head, rows), origin_of("seeds", "slice", "alike"))


def ablation() -> str:
    """What each group of rules about English is worth."""
    found = values_of("ablation.accurate")
    head = (
        "without",
        "seed cases",
        "follow-ups",
        "other follow-ups",
        "news: right first",
        "refused",
        "nothing answered",
    )

    def row(values: Mapping[str, Any]) -> list[str]:
        cases = [
            str(values[name]["pass"]) if name in values else "" for name in ("seeds", "follow_ups", "other_follow_ups")
        ]
        news = values.get("news")
        shares = ["", "", ""]
        if news:
            shares = [*cells("{right_first:share}|{refused:share}", news), str(values["naming_nothing_answered"])]
        return [*cases, *shares]

    return blocks(
        table(head, ([f"*{name}*" if name == "none" else name, *row(values)] for name, values in found.items())),
        origin("ablation.accurate"),
    )


def speed() -> str:
    """What a question takes."""
    row = (
        "{search[p50]:.0f} ({search[p95]:.0f})|{read[p50]:.0f} ({read[p95]:.0f})|{whole[p50]:.0f} ({whole[p95]:.0f})"
        "|{start_seconds:.1f} s|{peak_mib} MiB"
    )
    return blocks(
        paragraph(
            """One process, no server, after a round to warm up, {questions} questions; medians in milliseconds, and
            95th percentiles in brackets.""",
            **values_of("latency"),
        ),
        table(
            ("reader", "search", "reading", "whole question", "start with indexing", "peak memory"),
            ([reader, *cells(row, values)] for reader, values in by_reader("latency").items()),
        ),
        paragraph(
            "A batch of 16 passages of 80 tokens: {p50:.0f} ms ({p95:.0f}) with `fast`.",
            **values_of("latency")["sixteen_passages"],
        ),
        origin_of("latency", times=True),
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


def _seed_article() -> Mapping[str, Any]:
    counts: Mapping[str, Any] = values_of("seeds.accurate")["files"]["asadi.qa.yaml"]
    return counts


def _news_in_short() -> Mapping[str, Any]:
    """How the default reader does on questions asked of their own article, in per cent."""
    own = values_of("news.accurate")["own"]
    right, wrong, refused = (100 * own[name] for name in ("right_first", "answered_wrongly", "refused"))
    return {
        "answerable": own["answerable"],
        "others": own["questions"] - own["answerable"],
        "right": right,
        "wrong": wrong,
        "missed": 100 - right - wrong,
        "refused": refused,
        "answered": 100 - refused,
    }


def _peers(asked: str, shape: str) -> str:
    rows = {(row["set"], row["system"]): row for row in values_of("peers")["rows"]}
    ours, *others = (told(shape, rows[asked, system]) for system in PEERS)
    return f"{ours} to {' and '.join(others)}"


def _kb_a_passage(name: str) -> float:
    (few, before), *_, (many, after) = values_of(name)["resident_mib"]
    return float((after - before) * KB_A_MIB / (many - few))
