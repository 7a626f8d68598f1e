"""The slice is held as a whole, by floors: its cases are no tests of their own."""

collect_ignore = ["slice"]
