"""Measures what each group of rules about English is worth: all is asked again with one of them switched off.

    python -m benchmarks.ablation --data DATA [--only cases news] [--groups NAME …] [--readers accurate fast]
        [--articles 24] [--questions 168] [--figures FILE]

Asked are the seed cases, follow-ups, questions that people wrote on news articles, each of its own article, and
questions that name nothing. A reader reads a passage once for a question: what a rule leaves as it was costs nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np

from benchmarks import figures
from benchmarks.ablation_rules import EVERYTHING, GROUPS, Group
from onrecord.index import sources
from onrecord.index.corpus import Corpus
from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
from onrecord.index.errors import SourceError
from onrecord.index.records import Article, Filter
from onrecord.rag.answer import Answer, Question
from onrecord.rag.cases.case import check_case
from onrecord.rag.cases.files import load
from onrecord.rag.pipeline import Pipeline
from onrecord.rag.reading.accurate.reader import ACCURATE_FOLDER, CascadeReader, accurate_reader
from onrecord.rag.reading.cross_encoder import CrossEncoderReader
from training.measure.news import ask_all, calibrates, chosen
from training.measure.news import figures as news_figures
from training.questions.news import NewsArticle, NewsQuestion, read_news

if TYPE_CHECKING:
    from onrecord.index.embedding.embedder import Vectors
    from onrecord.index.records import Hit
    from onrecord.rag.cases.case import CaseFile
    from onrecord.rag.reading.reader import Calibration, Reader, Reading

CASES = {
    "seeds": Path("seeds/asadi.qa.yaml"),
    "follow_ups": Path("seeds/conversations.qa.yaml"),
    "other_follow_ups": Path("tests/regression/conversations/conversations.qa.yaml"),
}
NAMING_NOTHING = (
    "what?", "why?", "who?", "and then?", "how?", "what is it?", "who is he?", "what did they do?", "when was that?",
    "where is it?", "how many are there?", "is it?", "did he?", "what about it?", "why not?", "who was it?",
    "how much?",
    "what has he done?", "which one?", "what else?",
)  # fmt: skip

Asked = Sequence[tuple[NewsArticle, NewsQuestion]]


class Remembering:
    """A reader that reads a passage with the same lead once for a question. Exact, since each is read alone.

    Args:
        reader: who really reads.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[object, ...], Reading] = {}

    @property
    def calibration(self) -> Calibration:
        """The reader's."""
        return self._reader.calibration

    def warm_up(self) -> None:
        """Load the model."""
        self._reader.warm_up()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Read what was not read yet."""
        keys = [(question, hit.article.id, hit.passage.start, hit.passage.end, hit.lead) for hit in hits]
        new = {key: hit for key, hit in zip(keys, hits, strict=True) if key not in self._known}
        self._known |= dict(zip(new, self._reader.read(question, [*new.values()]), strict=True)) if new else {}
        return [self._known[key] for key in keys]


class RememberingEmbedder:
    """An embedder that embeds a text once.

    Args:
        embedder: what really embeds.
    """

    def __init__(self, embedder: SentenceTransformerEmbedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    @property
    def fingerprint(self) -> str:
        """The embedder's."""
        return self._embedder.fingerprint

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what was not embedded yet."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= dict(zip(new, self._embedder.encode_passages(new), strict=True)) if new else {}
        return np.stack([self._known[text] for text in texts])

    def encode_query(self, text: str) -> Vectors:
        """Embed a question."""
        vector: Vectors = self.encode_passages([text])[0]
        return vector


@dataclass(frozen=True, slots=True)
class Material:
    """What is asked of what: case files and their articles, news questions and theirs."""

    cases: Mapping[str, CaseFile]
    news: Asked
    embedder: RememberingEmbedder
    readers: Mapping[str, Reader]


def measured(group: Group, material: Material) -> dict[str, dict[str, Any]]:
    """What both readers make of everything that a group can change, with the group switched off."""
    with ExitStack() as off, TemporaryDirectory(prefix="onrecord-ablation-") as folder:
        for target, name, replacement in group.patches:
            off.enter_context(patch.object(target, name, replacement))
        found: dict[str, dict[str, Any]] = {name: {} for name in material.readers}
        for what, case_file in material.cases.items():
            if group.follow_ups_alone and what == "seeds":
                continue
            with _corpus(Path(folder) / what, _articles(case_file), material) as corpus:
                for name, reader in material.readers.items():
                    pipeline = Pipeline(corpus, reader)
                    found[name][what] = _pass(case_file, pipeline)
        if material.news and not group.follow_ups_alone:
            asked = {article.article.id: article.article for article, _ in material.news}
            with _corpus(Path(folder) / "news", [*asked.values()], material) as corpus:
                for name, reader in material.readers.items():
                    outcomes = ask_all(corpus, reader, material.news, own=True)
                    found[name]["news"] = news_figures(outcomes, reader.calibration.threshold)
                    found[name] |= _quoted(Pipeline(corpus, reader), material.news)
        return found


def _pass(case_file: CaseFile, pipeline: Pipeline) -> dict[str, Any]:
    reports = [check_case(case, pipeline.ask(case.as_question())) for case in case_file.cases]
    failing = [report.case.line for report in reports if not report.holds]
    return {"cases": len(reports), "pass": len(reports) - len(failing), "failing_lines": failing}


def _quoted(pipeline: Pipeline, asked: Asked) -> dict[str, Any]:
    """How many first quotes hold half of a pair of quotation marks, and how many empty questions are answered."""
    quotes = []
    for article, question in asked:
        result = pipeline.ask(Question(question.text, filter=Filter(article_ids=(article.article.id,))))
        quotes += [result.quotes[0]] if isinstance(result, Answer) else []
    empty = [pipeline.ask(Question(text)) for text in NAMING_NOTHING]
    return {
        "quotes": len(quotes),
        "torn": sum(_torn(each.span.exact) and not _torn(each.passage.text) for each in quotes),
        "naming_nothing": len(empty),
        "naming_nothing_answered": sum(isinstance(each, Answer) for each in empty),
    }


def _torn(text: str) -> bool:
    return text.count("“") != text.count("”") or text.count('"') % 2 == 1


def _corpus(folder: Path, articles: Sequence[Article], material: Material) -> Corpus:
    corpus = Corpus.open(folder, material.embedder)
    corpus.add(articles)
    return corpus


def _articles(case_file: CaseFile) -> list[Article]:
    files = [file for found in case_file.articles for file in sources.discover(found)]
    found = [each for file in files for each in sources.load_all(file, root=case_file.path.parent)]
    return [each for each in found if not isinstance(each, SourceError)]


def _readers(threads: int) -> dict[str, Reader]:
    fast = Remembering(CrossEncoderReader(threads=threads))
    return {"accurate": CascadeReader(fast, Remembering(accurate_reader(threads=threads))), "fast": fast}


def _in_short(found: Mapping[str, Any]) -> str:
    cases = " ".join(f"{what} {found[what]['pass']}" for what in CASES if what in found)
    if "news" not in found:
        return cases
    news = found["news"]
    told = {
        each: news[each] for each in ("right_first", "right_never_refusing", "answered_wrongly", "refused", "auroc")
    }
    speech = f"said {news['kinds'].get('said')} torn {found['torn']} of {found['quotes']}"
    return f"{cases} {told} {speech} naming nothing {found['naming_nothing_answered']}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=["cases", "news"], default=["cases", "news"])
    parser.add_argument("--readers", nargs="+", choices=["accurate", "fast"], default=["accurate"])
    parser.add_argument("--articles", type=int, default=24)
    parser.add_argument("--questions", type=int, default=168)
    parser.add_argument("--groups", nargs="+", choices=[*GROUPS], default=[*GROUPS])
    parser.add_argument("--threads", type=int, default=2)
    figures.add_option(parser)
    options = parser.parse_args(arguments)
    reported = [each for each in read_news(options.data, "validation") if not calibrates(each)]
    material = Material(
        {what: load(path) for what, path in CASES.items()} if "cases" in options.only else {},
        chosen(reported[: options.articles], options.questions) if "news" in options.only else [],
        RememberingEmbedder(SentenceTransformerEmbedder(threads=options.threads)),
        {name: reader for name, reader in _readers(options.threads).items() if name in options.readers},
    )
    values: dict[str, Any] = {}
    groups: dict[str, Group] = {"none": EVERYTHING} | {name: GROUPS[name] for name in options.groups}
    for name, group in groups.items():
        values[name] = measured(group, material)
        for reader, found in values[name].items():
            print(f"{name:24}{reader:10}{_in_short(found)}", flush=True)
            print(
                "   ", json.dumps({what: found[what]["failing_lines"] for what in CASES if what in found}), flush=True
            )
    if options.figures:
        figures.record(
            options.figures,
            "ablation.accurate",
            values,
            command=(
                "python -m benchmarks.ablation --data DATA "
                f"--articles {options.articles} --questions {options.questions}"
            ),
            reader=ACCURATE_FOLDER,
        )


if __name__ == "__main__":
    main()
