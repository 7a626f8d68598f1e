"""Fits confidence and measures the reader through the serving code."""
