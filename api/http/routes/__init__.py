"""The native routes: asking, articles, jobs and operations."""
