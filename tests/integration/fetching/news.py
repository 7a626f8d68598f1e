"""A page of news as servers send it."""
# ruff: noqa: E501 - pages stand as servers send them

from __future__ import annotations

PARAGRAPHS = (
    "The ferry between Larnholm and the islands returned on Monday, nine years after the last crossing, with 212 passengers on board.",
    "The line was closed in 2015 when the operator went bankrupt, and two attempts to revive it failed for want of a ship.",
    "Tickets cost twelve crowns, and children under six travel free, the company said in a statement on its website.",
)


def page(*, head: str = "", extra: str = "") -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (*PARAGRAPHS, *([extra] if extra else [])))
    return f"<!doctype html><html lang=en><head><title>Ferry returns</title>{head}</head><body><article><h1>Ferry returns</h1>{body}</article></body></html>"
