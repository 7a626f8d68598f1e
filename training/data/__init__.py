"""Rows of the public sets, put in order for a run."""
