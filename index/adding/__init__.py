"""Adds what files, URLs and watched directories hold to a corpus, and keeps it up to date."""
