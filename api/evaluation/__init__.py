"""Runs case files, shows how it went, and drafts new cases from what was asked."""
