"""Reads documents, a module for each format."""
