"""Letters at places on pages become lines and paragraphs; pure, and nothing here knows of PDF."""
