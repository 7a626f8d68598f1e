"""Makes articles searchable: sources → passages → vectors and words → ranked hits. `index.corpus` is its door."""
