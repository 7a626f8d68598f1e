"""What an answer looks like in a terminal."""

from __future__ import annotations

from onrecord.api.cli import output
from onrecord.api.http.messages.answers import AskResponse
from onrecord.api.http.shared import examples

ANSWERED = examples.ASK["answered"]["value"]


def test_where_articles_disagree_that_is_said_first_and_each_quote_has_its_date() -> None:
    plain = AskResponse.model_validate(ANSWERED)
    assert "2025-02-10" not in output.answer(plain).plain
    quotes = [{**quote, "disagrees": True} for quote in ANSWERED["quotes"]]
    told = output.answer(AskResponse.model_validate({**ANSWERED, "quotes": quotes})).plain
    assert told.startswith("The articles do not agree on this.\n\n")
    assert " · 2025-02-10 · paragraph " in told


def test_what_agrees_is_not_told_of_at_all() -> None:
    (quote, *_) = AskResponse.model_validate(ANSWERED).quotes
    assert "disagrees" not in quote.model_dump()
