"""Questions made of rows: answerable, twisted and unanswerable."""
