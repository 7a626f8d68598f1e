"""The chat page, the widget, and the reference of the routes."""
