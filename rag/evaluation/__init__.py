"""Makes figures of checked cases, and compares them."""
