"""Cases → the text of a case file, which `rag.cases.files` reads back as the same cases."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import yaml

from onrecord.rag.cases.case import DEFAULT_TOP_K
from onrecord.rag.cases.files import CASE_KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.rag.cases.case import Case


def head(articles: Sequence[str], *, comment: str = "") -> str:
    """How a case file begins; cases follow. Without articles it is one that asks what is indexed already."""
    told = "".join(f"# {line}\n" for line in comment.splitlines())
    return told + (_dump({"articles": list(articles)}) if articles else "") + "cases:\n"


def to_yaml(case: Case) -> str:
    """One item of `cases`; what is as it would be anyway is left out."""
    given: dict[str, Any] = {
        "question": case.question,
        "history": list(case.history),
        "passages": _lists(case.passages, "any", case.any_passages, plain="all"),
        "top_k": case.top_k if case.passages and case.top_k != DEFAULT_TOP_K else None,
        "answers": _lists(case.answers, "all", case.all_answers, plain="any"),
        "citation": _citation(case),
        "not_found": case.not_found or None,
        "min_confidence": case.min_confidence,
        "tags": list(case.tags),
        "xfail": case.xfail,
    }
    lines = _dump([{name: given[name] for name in CASE_KEYS if given[name] not in (None, [])}]).splitlines(
        keepends=True
    )
    return "".join(f"  {line}" if line.strip() else line for line in lines)


def _lists(texts: Sequence[str], part: str, marked: Sequence[str], *, plain: str) -> Any:
    others = [text for text in texts if text not in marked]
    if not marked:
        return others
    return {part: list(marked), plain: others} if others else {part: list(marked)}


def _citation(case: Case) -> dict[str, Any] | None:
    if case.citation is None:
        return None
    paragraph = {} if case.citation.paragraph is None else {"paragraph": case.citation.paragraph}
    return {"article": case.citation.article, **paragraph}


def _dump(value: Any) -> str:
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=math.inf))
