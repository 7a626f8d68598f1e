"""The third room: lets people ask, over HTTP, in the shell and as regression tests."""
