"""Tells what a question means after the questions before it."""
