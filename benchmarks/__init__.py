"""Speed, memory and quality, measured; not part of the tests. Each module says how to run it."""
