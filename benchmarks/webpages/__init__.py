"""How web pages are read, against what people say is in them."""
