"""What stands where in a data directory."""

DATABASE = "corpus.db"
"""SQLite, the truth."""

VECTORS = "vectors.faiss"
"""Nearest vectors, derived."""

LEXICAL = "lexical"
"""The folder of BM25, derived."""

LOCK = "write.lock"
"""Held by whoever changes something."""
