"""Haystack: BM25 and embedding retrievers in memory, joined by reciprocal rank, and its extractive reader."""

from __future__ import annotations

from typing import Any

import torch
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader
from serving import SHOWN, serve

CANDIDATES = 16
"""How many passages are read, as in On Record; by default Haystack reads all that two retrievers of 10 each find."""

SEPARATOR = 102
"""[SEP] in BERT's uncased vocabulary."""

_BATCH = 32


class Haystack:
    """Every setting at its default where a reason is not given beside it."""

    def __init__(self, given: dict[str, Any]) -> None:
        torch.set_num_threads(given["threads"])
        self._given = given
        device = ComponentDevice.from_str("cpu")
        # cosine: MiniLM's vectors are made for it; both settings are what its own tutorial on hybrid search has
        self._store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self._embedder = SentenceTransformersDocumentEmbedder(
            model=given["embedder"], device=device, batch_size=_BATCH, progress_bar=False, local_files_only=True
        )
        self._embedder.warm_up()
        reader = TransformersExtractiveReader(given["reader"], device=device)
        reader.warm_up()
        reader.model.register_forward_pre_hook(_with_token_types, with_kwargs=True)
        self._pipeline = Pipeline()
        self._pipeline.add_component(
            "embedder",
            SentenceTransformersTextEmbedder(
                model=given["embedder"], device=device, progress_bar=False, local_files_only=True
            ),
        )
        self._pipeline.add_component("dense", InMemoryEmbeddingRetriever(self._store, top_k=CANDIDATES))
        self._pipeline.add_component("sparse", InMemoryBM25Retriever(self._store, top_k=CANDIDATES))
        self._pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=CANDIDATES))
        self._pipeline.add_component("reader", reader)
        self._pipeline.connect("embedder.embedding", "dense.query_embedding")
        self._pipeline.connect("dense", "joiner")
        self._pipeline.connect("sparse", "joiner")
        self._pipeline.connect("joiner", "reader.documents")
        self._pipeline.warm_up()

    def index(self) -> None:
        """Embed the passages and write them to the store."""
        documents = [Document(id=each["id"], content=each["text"]) for each in self._given["documents"]]
        self._store.write_documents(self._embedder.run(documents)["documents"])

    def ask(self, question: str) -> dict[str, Any]:
        """Run the pipeline."""
        asked = {"embedder": {"text": question}, "sparse": {"query": question}, "reader": {"query": question}}
        return self._pipeline.run(asked, include_outputs_from={"joiner"})

    def told(self, question: str, given: dict[str, Any]) -> dict[str, Any]:
        """Passages in the order of their best answers; the reader's “no answer” competes with these."""
        del question
        answers = given["reader"]["answers"]
        texts = [answer for answer in answers if answer.data is not None]
        found = [document.id for document in given["joiner"]["documents"]]
        ranked = list(dict.fromkeys([*(answer.document.id for answer in texts), *found]))
        return {
            "found": found[:SHOWN],
            "ranked": ranked[:SHOWN],
            "answer": texts[0].data if texts else None,
            "score": texts[0].score if texts else 0.0,
            "answered": bool(texts) and answers[0].data is not None,
        }


def _with_token_types(
    module: torch.nn.Module, given: tuple[Any, ...], named: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Add the token types that the reader leaves out and BERT was trained with: 1 after the first [SEP]."""
    del module
    separator = named["input_ids"] == SEPARATOR
    types = (separator.cumsum(1) - separator.long() > 0).long() * named["attention_mask"]
    return given, {**named, "token_type_ids": types}


if __name__ == "__main__":
    packages = ("haystack-ai", "transformers-haystack", "sentence-transformers-haystack", "torch", "transformers")
    serve(Haystack, packages)
