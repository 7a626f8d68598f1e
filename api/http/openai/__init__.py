"""The same answers in the shape of OpenAI's chat completions."""
