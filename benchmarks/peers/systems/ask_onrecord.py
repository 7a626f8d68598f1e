"""On Record as it ships: `Corpus`, the bundled reader, every setting at its default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from serving import SHOWN, serve

from onrecord.api import wiring
from onrecord.api.settings import load_settings
from onrecord.index.records import Article
from onrecord.rag.answer import Answer, NotFound, Question
from onrecord.rag.pipeline import CANDIDATES
from onrecord.rag.reading.cross_encoder import CrossEncoderReader

_BATCH = 64


class OnRecord:
    """Asks with a threshold of 0, so that the best candidate can be seen; it is answered from the reader's own."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given
        settings = load_settings(data_dir=Path(given["folder"]), threads=given["threads"])
        self._services = wiring.load(settings, warm=True)
        self._threshold = CrossEncoderReader(threads=1).calibration.threshold

    def index(self) -> None:
        """Add the articles; On Record cuts them itself."""
        articles = [Article.create(**article) for article in self._given["articles"]]
        for first in range(0, len(articles), _BATCH):
            self._services.corpus.add(articles[first : first + _BATCH])

    def ask(self, question: str) -> Answer | NotFound:
        """Ask, and let all that was read come back."""
        return self._services.pipeline.ask(Question(question, top_k=CANDIDATES, min_confidence=0.0))

    def told(self, question: str, given: Answer | NotFound) -> dict[str, Any]:
        """The first quote's highlight is the answer."""
        del question
        hits = [passage.hit for passage in given.passages]
        found = sorted(hits, key=lambda hit: -hit.score)
        return {
            "found": [hit.passage.id for hit in found[:SHOWN]],
            "ranked": [hit.passage.id for hit in hits[:SHOWN]],
            "answer": given.quotes[0].highlight.exact if isinstance(given, Answer) else None,
            "score": given.confidence,
            "answered": given.confidence >= self._threshold,
        }


if __name__ == "__main__":
    serve(OnRecord, ("onrecord", "torch", "sentence-transformers", "onnxruntime", "faiss-cpu", "tantivy"))
