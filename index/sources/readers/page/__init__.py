"""What a web page says about itself, and what on it is no part of its story."""
