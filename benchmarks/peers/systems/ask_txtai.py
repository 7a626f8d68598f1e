"""txtai: a hybrid index with content, and its RAG pipeline (once called Extractor) with an extractive model."""

from __future__ import annotations

from typing import Any

import torch
from serving import SHOWN, serve
from txtai import Embeddings
from txtai.pipeline import RAG


class Txtai:
    """Every setting at its default but `hybrid` and `content`, which its own examples for this use set."""

    def __init__(self, given: dict[str, Any]) -> None:
        torch.set_num_threads(given["threads"])
        self._given = given
        self._embeddings = Embeddings(path=given["embedder"], hybrid=True, content=True, gpu=False)
        self._rag = RAG(self._embeddings, given["reader"], gpu=False, task="question-answering", output="flatten")

    def index(self) -> None:
        """Index the passages."""
        self._embeddings.index((each["id"], each["text"], None) for each in self._given["documents"])

    def ask(self, question: str) -> str | None:
        """The answer that the best three passages, put one after another, give in one reading."""
        try:
            answer = self._rag(question)
        except TypeError:
            # Its pipeline looks for the word of the likeliest token, and [CLS], which says "no answer", has none.
            return None
        return answer or None

    def told(self, question: str, given: str | None) -> dict[str, Any]:
        """It gives no score for an answer; that of the best passage is the only one it has."""
        (found,) = self._rag.query([question], None)
        ids = [id_ for id_, _, _ in found][:SHOWN]
        return {
            "found": ids,
            "ranked": ids,
            "answer": given,
            "score": max((score for _, _, score in found), default=0.0),
            "answered": given is not None,
        }


if __name__ == "__main__":
    serve(Txtai, ("txtai", "torch", "transformers", "faiss-cpu"))
