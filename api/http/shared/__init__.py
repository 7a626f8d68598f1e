"""What all routes share: problems, limits, rights and figures."""
