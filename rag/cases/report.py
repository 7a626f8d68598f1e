"""What a person reads about a checked case: what is wrong, was expected and came back, and how to accept it. Pure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from onrecord.rag.answer import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.index.records import Article
    from onrecord.rag.answer import Quote
    from onrecord.rag.cases.case import AnswerFinding, CaseReport, PassageFinding


def describe(report: CaseReport) -> str:
    """What went wrong in the first line, then the question, what was expected, what came back, how to accept it."""
    return "\n".join(_lines(report))


def _lines(report: CaseReport) -> Iterator[str]:
    yield verdict(report)
    for earlier in report.case.history:
        yield f"asked before: {earlier}"
    yield f"question: {report.case.question}"
    yield from _expected_passages(report)
    yield from _expected_answer(report)
    yield from _came_back(report)
    if not report.holds and not report.case.xfail:
        yield f"to accept what came back, change the case in line {report.case.line}:"
        yield from (f"  {change}" for change in _changes(report))
        yield "  or let it wait, with the reason: `xfail: …`"


def verdict(report: CaseReport) -> str:
    """What went wrong, in one line."""
    case, wrong = report.case, []
    if not report.passages_hold:
        wrong.append(f"an expected passage is not in the top {case.top_k}")
    if report.abstained and not case.not_found:
        wrong.append("refused, though an answer is expected")
    elif not report.abstained and case.not_found:
        wrong.append("answered, though nothing should be found")
    elif report.answers and not report.answer_quoted:
        wrong.append("an expected answer is in no quote" if case.all_answers else "no quote holds an expected answer")
    elif not report.citation_holds:
        wrong.append("the answer is quoted from elsewhere")
    if not wrong and case.xfail:
        wrong.append(f"all is as expected: remove “xfail: {case.xfail}” from the case in line {case.line}")
    return "; ".join(wrong) or "all is as expected"


def _expected_passages(report: CaseReport) -> Iterator[str]:
    case = report.case
    one = [found for found in report.passages if found.expected in case.any_passages]
    each = [found for found in report.passages if found.expected not in case.any_passages]
    for findings, how_many in ((each, "each"), (one, "one")):
        if findings:
            yield f"expected in the top {case.top_k} passages, {how_many} of:"
        for found in findings:
            yield from _found_passage(found, len(report.result.passages))


def _found_passage(found: PassageFinding, returned: int) -> Iterator[str]:
    yield f"  “{found.expected}”: " + (f"at rank {found.rank}" if found.rank else f"in none of {returned} returned")
    if found.near_miss:
        yield f"    nearest is rank {found.near_miss.rank}, [-expected-] {{+found+}}: {found.near_miss.difference}"


def _expected_answer(report: CaseReport) -> Iterator[str]:
    case = report.case
    asked = "" if case.min_confidence is None else f", asked with min_confidence {case.min_confidence:g}"
    if case.not_found:
        yield f"expected: not found{asked}"
    elif not report.answers:
        yield f"expected: an answer{asked}"
    needed = [found for found in report.answers if found.expected in case.all_answers]
    others = [found for found in report.answers if found.expected not in case.all_answers]
    for findings, how_many in ((needed, "quotes, each"), (others, "a quote, one")):
        if findings:
            yield f"expected in {how_many} of{asked}:"
        for found in findings:
            yield from _found_answer(found)
    if case.citation:
        paragraph = "" if case.citation.paragraph is None else f"paragraph {case.citation.paragraph} of "
        yield f"expected as its source: {paragraph}{case.citation.article}"
        quote = report.answering_quote
        if quote and not report.citation_holds and _is_file(case.citation.article) and not _is_of_file(quote.article):
            yield "  no file is known of what is quoted: name the article by its title, web address or id"


def _found_answer(found: AnswerFinding) -> Iterator[str]:
    yield f"  “{found.expected}”: " + (f"in quote {found.quote}" if found.quote else "in no quote")
    if found.near_miss:
        yield f"    nearest is quote {found.near_miss.rank}, [-expected-] {{+found+}}: {found.near_miss.difference}"


def _came_back(report: CaseReport) -> Iterator[str]:
    result = report.result
    status = f"not found ({result.reason})" if isinstance(result, NotFound) else "answered"
    yield f"came back: {status}, confidence {result.confidence:.2f}"
    for number, quote in enumerate(report.quotes, start=1):
        yield f"  quote {number}, confidence {quote.confidence:.2f}: “{quote.span.exact}”"
        yield f"    from paragraph {quote.passage.paragraph} of {_title(quote)}"
    for ranked in result.passages[: report.case.top_k]:
        yield f"  passage at rank {ranked.rank}, score {ranked.score:.2f}: “{ranked.hit.passage.text}”"


def _title(quote: Quote) -> str:
    return f"“{quote.article.title}”, {_place(quote.article)}"


def _place(article: Article) -> str:
    """Where an article is from, as a person writes it: an address, or a path as it stands or as in a URL."""
    if article.url:
        return article.url
    path = article.source.removeprefix("file:")
    return unquote(path.removeprefix("//")) if path.startswith("//") else path


def _is_file(named: str) -> bool:
    return "://" not in named and re.search(r"\.\w+$", named) is not None


def _is_of_file(article: Article) -> bool:
    return article.source.startswith("file:")


def _changes(report: CaseReport) -> Iterator[str]:
    """What to write so that this result passes. JSON's strings and lists are YAML's too."""
    case = report.case
    if report.abstained and not case.not_found:
        superfluous = [f"`{name}`" for name in ("passages", "answers", "citation") if getattr(case, name)]
        yield " without ".join(["write `not_found: true`", *([" and ".join(superfluous)] if superfluous else [])])
        return
    if not report.abstained and case.not_found:
        yield f"write `answers: {_yaml([report.quotes[0].highlight.exact])}` in place of `not_found: true`"
        return
    if not report.passages_hold:
        yield from _changes_of_passages(report)
    if report.answers and not report.answer_quoted:
        texts = _yaml([quote.highlight.exact for quote in report.quotes])
        yield f"write `answers: {f'{{all: {texts}}}' if case.all_answers else texts}`"
    quote = report.answering_quote
    if quote and not report.citation_holds:
        yield f"write `citation: {{article: {_yaml(quote.article.title)}, paragraph: {quote.passage.paragraph}}}`"


def _changes_of_passages(report: CaseReport) -> Iterator[str]:
    """Change each text that did not come back to what is nearest to it, and count as many passages as that takes."""
    case = report.case
    needed = [found for found in report.passages if found.expected not in case.any_passages]
    if case.any_passages:
        needed.append(min((each for each in report.passages if each.expected in case.any_passages), key=_how_far))
    for found in needed:
        if found.near_miss:
            yield f"write {_yaml(found.near_miss.text)} in place of {_yaml(found.expected)}"
        elif found.rank is None:
            yield f"correct {_yaml(found.expected)} to what a passage says, or take it out of `passages`"
    depth = max(map(_nearest_rank, needed))
    if depth > case.top_k:
        yield f"write `top_k: {depth}`"


def _how_far(found: PassageFinding) -> tuple[bool, bool, int]:
    """What came back is nearest, at the best rank; then what came back nearly."""
    return found.rank is None, found.near_miss is None, _nearest_rank(found)


def _nearest_rank(found: PassageFinding) -> int:
    """Where it came back, or nearly did; 0 where it did not."""
    return found.rank or (found.near_miss.rank if found.near_miss else 0)


def _yaml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
