"""The format of case files as a JSON Schema, for editors; `rag.cases.files` is what decides.

It says all that a schema can say. Only `rag.cases.files` knows whether a pattern of `articles` matches a file, whether
a question is asked twice, and whether texts are the same but for white space and quotation marks.
"""

from __future__ import annotations

from typing import Any

from onrecord.rag.answer import MAX_HISTORY, MAX_QUESTION_LENGTH, MAX_TOP_K
from onrecord.rag.cases.case import DEFAULT_TOP_K
from onrecord.rag.cases.files import CASE_KEYS, RESERVED_TAGS, TAG, TOP_KEYS, UNANSWERED_LACKS

_TEXT = {"type": "string", "pattern": r"\S"}
_TEXTS = {"type": "array", "items": _TEXT, "minItems": 1, "uniqueItems": True}


def schema() -> dict[str, Any]:
    """The schema, in draft 7, which editors know best."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "On Record case file",
        "description": "Questions about articles, and what must come back for each. See docs/case-files.md.",
        "type": "object",
        "required": ["cases"],
        "additionalProperties": False,
        "properties": dict(zip(TOP_KEYS, (_articles(), _cases()), strict=True)),
        "definitions": {"case": _case()},
    }


def _articles() -> dict[str, Any]:
    described = (
        "Files, folders and patterns (*, ?, **) of the articles to index: relative to this file, absolute or ~/…"
    )
    return {"description": f"{described}. May be left out where a data directory or a server is asked.", **_TEXTS}


def _cases() -> dict[str, Any]:
    return {"description": "The cases.", "type": "array", "items": {"$ref": "#/definitions/case"}, "minItems": 1}


def _case() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["question"],
        "additionalProperties": False,
        "properties": {name: _PROPERTIES[name] for name in CASE_KEYS},
        "dependencies": {"top_k": ["passages"]},
        "if": {"required": ["not_found"]},
        "then": {"properties": dict.fromkeys(UNANSWERED_LACKS, False)},
    }


def _lists(description: str, plain: str) -> dict[str, Any]:
    lists = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            "all": {"description": "Each of these is needed.", **_TEXTS},
            "any": {"description": "One of these is enough.", **_TEXTS},
        },
    }
    return {"description": f"{description} A plain list is `{plain}`.", "anyOf": [_TEXTS, lists]}


_QUESTION = {**_TEXT, "maxLength": MAX_QUESTION_LENGTH}
_PROPERTIES: dict[str, dict[str, Any]] = {
    "question": {"description": "What is asked. It also names the test.", **_QUESTION},
    "history": {
        "description": "The questions asked before this one, oldest first.",
        "type": "array",
        "items": _QUESTION,
        "minItems": 1,
        "maxItems": MAX_HISTORY,
    },
    "passages": _lists("Texts that must stand inside the first `top_k` passages.", "all"),
    "top_k": {
        "description": "How many passages count.",
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_TOP_K,
        "default": DEFAULT_TOP_K,
    },
    "answers": _lists("Texts that must stand inside the quotes.", "any"),
    "citation": {
        "description": "Where the first quote that holds an expected answer must come from.",
        "type": "object",
        "required": ["article"],
        "additionalProperties": False,
        "properties": {
            "article": {"description": "Its file, title, web address or id.", **_TEXT},
            "paragraph": {"description": "Which of its paragraphs, from 1.", "type": "integer", "minimum": 1},
        },
    },
    "not_found": {"description": "The articles do not say: the question must be refused.", "const": True},
    "min_confidence": {
        "description": "How confident a quote must be to be an answer, instead of the threshold that applies.",
        "type": "number",
        "minimum": 0,
        "maximum": 1,
    },
    "tags": {
        "description": "Words to select cases by: pytest -m TAG.",
        "type": "array",
        "items": {"type": "string", "pattern": f"^{TAG}$", "not": {"enum": list(RESERVED_TAGS)}},
        "minItems": 1,
        "uniqueItems": True,
    },
    "xfail": {"description": "Why the case is known to fail for now.", **_TEXT},
}
