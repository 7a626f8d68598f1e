"""Turns a question into a cited answer: search → read → decide. `rag.pipeline` is its door."""
