"""WordprocessingML as a reader of the finished document sees it: changes accepted, hidden text left away."""
