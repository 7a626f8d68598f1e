"""Verifies a data directory and mends what can be mended."""
