"""Fetches what URLs hold, with good manners and only from addresses that are vetted."""
