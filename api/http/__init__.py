"""The server: answers over HTTP, for programs, chat clients and readers."""
