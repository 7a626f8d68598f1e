"""Passages that BM25 finds for a question and that do not hold its answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import tantivy

from training.data.splits import Row

_PLAIN = re.compile(r"[^\w ]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a context, as it would be indexed: where it comes from, what stands before it, and its text."""

    source: str
    title: str
    context: int
    lead: str
    text: str


class PieceIndex:
    """BM25 over pieces, in memory."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", stored=False, tokenizer_name="en_stem")
        schema.add_unsigned_field("row", stored=True, indexed=False)
        self._index = tantivy.Index(schema.build())
        self._pieces = pieces
        writer = self._index.writer(heap_size=200_000_000, num_threads=1)
        for row, piece in enumerate(pieces):
            writer.add_document(tantivy.Document(text=[f"{piece.title} {piece.text}"], row=row))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, question: str, count: int) -> list[tuple[float, int]]:
        """Return (BM25 score, index of the piece), best first."""
        words = _PLAIN.sub(" ", question).split()
        if not words:
            return []
        query = self._index.parse_query(" ".join(f'"{word}"' for word in words[:48]), ["text"])
        hits = self._searcher.search(query, count).hits
        return [(float(score), int(self._searcher.doc(address)["row"][0])) for score, address in hits]

    def negatives(self, row: Row, context: int, count: int) -> list[Piece]:
        """Return the best pieces that hold none of the row's answers and are not its own context."""
        answers = [" ".join(_PLAIN.sub(" ", text.lower()).split()) for text in row.texts()]
        kept: list[Piece] = []
        for _, index in self.search(row.question, 4 * count):
            piece = self._pieces[index]
            plain = " ".join(_PLAIN.sub(" ", piece.text.lower()).split())
            if piece.context != context and not any(answer in plain for answer in answers):
                kept.append(piece)
        return kept[:count]
