"""Says what must come back for a question, and checks whether it did."""
