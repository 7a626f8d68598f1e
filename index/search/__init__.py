"""Finds passages by meaning and by words, with indexes that are derived from the store."""
