"""Cuts an article into passages, tells their kinds, and finds the context that each is read in."""
