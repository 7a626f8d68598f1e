"""Keeps articles and passages in the database, which is the truth."""
