"""What HTTP answers with, made from the types of `rag` and `index`. Field order is the order of the JSON."""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from onrecord.api.http.messages.links import text_fragment_url
from onrecord.index.records import ArticleContents, ArticleReference, ArticleSummary, Passage, PassageKind
from onrecord.rag.answer import Answer, NotFound, Quote, RankedPassage, Reason, Span, Timings

CONTEXT_LENGTH = 32
"""How many characters of the article a quote selector gives on each side."""


class HighlightOut(BaseModel):
    """The words that answer, inside the text they stand in: `before + exact + after` is the whole of that text."""

    exact: str
    start: int
    end: int
    before: str
    after: str

    @classmethod
    def of(cls, span: Span, text: str, offset: int) -> Self:
        """Place a span in the text that begins at `offset` of the article."""
        return cls(
            exact=span.exact,
            start=span.start,
            end=span.end,
            before=text[: span.start - offset],
            after=text[span.end - offset :],
        )


class TextQuoteSelector(BaseModel):
    """The quote and the characters of the article on each side (W3C Web Annotation)."""

    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: str
    prefix: str
    suffix: str


class TextPositionSelector(BaseModel):
    """Where the quote stands in the article (W3C Web Annotation)."""

    type: Literal["TextPositionSelector"] = "TextPositionSelector"
    start: int
    end: int


class ArticleReferenceOut(BaseModel):
    """Another article, by what it takes to point at it."""

    article_id: str
    title: str
    url: str | None

    @classmethod
    def of(cls, reference: ArticleReference) -> Self:
        """Point at an article."""
        return cls(article_id=reference.id, title=reference.title, url=reference.url)


class CitationOut(BaseModel):
    """Where a quote stands. Quotes of one passage share a number; numbers count from 1 in the order of the quotes."""

    number: int
    article_id: str
    passage_id: str
    paragraph: int = Field(description="Which paragraph of the article, from 1.")
    page: int | None = Field(description="The page of a PDF on which it begins, from 1; null for everything else.")
    title: str
    url: str | None
    author: str | None
    published: date | None
    link: str | None = Field(description="The page, scrolled to the quote (text fragment); null without a web address.")
    selector: tuple[TextQuoteSelector, TextPositionSelector]
    also_in: list[ArticleReferenceOut] = Field(description="Near-duplicates of the article that say it in these words.")

    @classmethod
    def of(cls, quote: Quote, number: int) -> Self:
        """Cite the passage that a quote was taken from."""
        article, span = quote.article, quote.span
        return cls(
            number=number,
            article_id=article.id,
            passage_id=quote.passage.id,
            paragraph=quote.passage.paragraph,
            page=article.page_at(span.start),
            title=article.title,
            url=article.url,
            author=article.author,
            published=article.published,
            link=text_fragment_url(article.url, article.text, span.start, span.end),
            selector=(
                TextQuoteSelector(
                    exact=span.exact,
                    prefix=article.text[max(0, span.start - CONTEXT_LENGTH) : span.start],
                    suffix=article.text[span.end : span.end + CONTEXT_LENGTH],
                ),
                TextPositionSelector(start=span.start, end=span.end),
            ),
            also_in=[ArticleReferenceOut.of(each) for each in quote.passage.also_in],
        )


class QuoteOut(BaseModel):
    """Whole sentences of an article, verbatim."""

    text: str
    start: int
    end: int
    highlight: HighlightOut
    confidence: float = Field(description="The calibrated probability that this answers the question.")
    citation: CitationOut
    disagrees: bool = Field(
        default=False,
        exclude_if=lambda disagrees: not disagrees,
        description="True, or absent: whether another article that is quoted here says something else in its place.",
    )

    @classmethod
    def of(cls, quote: Quote, number: int) -> Self:
        """Tell a quote, cited by `number`."""
        span = quote.span
        return cls(
            text=span.exact,
            start=span.start,
            end=span.end,
            highlight=HighlightOut.of(quote.highlight, span.exact, span.start),
            confidence=round(quote.confidence, 4),
            citation=CitationOut.of(quote, number),
            disagrees=quote.disagrees,
        )


class PassageOut(BaseModel):
    """A passage that was read for the question."""

    rank: int
    passage_id: str
    article_id: str
    paragraph: int = Field(description="Which paragraph of the article, from 1.")
    page: int | None = Field(description="The page of a PDF on which it begins, from 1; null for everything else.")
    kind: PassageKind
    text: str
    start: int
    end: int
    score: float
    title: str
    url: str | None
    published: date | None
    highlights: list[HighlightOut]
    also_in: list[ArticleReferenceOut] = Field(description="Near-duplicates of the article that say it in these words.")

    @classmethod
    def of(cls, ranked: RankedPassage) -> Self:
        """Tell a passage in its rank."""
        passage, article = ranked.hit.passage, ranked.hit.article
        return cls(
            rank=ranked.rank,
            passage_id=passage.id,
            article_id=passage.article_id,
            paragraph=passage.paragraph,
            page=article.page_at(passage.start),
            kind=passage.kind,
            text=passage.text,
            start=passage.start,
            end=passage.end,
            score=round(ranked.score, 4),
            title=article.title,
            url=article.url,
            published=article.published,
            highlights=[HighlightOut.of(span, passage.text, passage.start) for span in ranked.highlights],
            also_in=[ArticleReferenceOut.of(each) for each in passage.also_in],
        )


class TimingsOut(BaseModel):
    """Milliseconds; the only part of an answer that differs between two calls."""

    search: float
    read: float
    total: float

    @classmethod
    def of(cls, timings: Timings) -> Self:
        """Round to tenths."""
        return cls(search=round(timings.search, 1), read=round(timings.read, 1), total=round(timings.total, 1))


class AskResponse(BaseModel):
    """What the articles say, or that they do not say it."""

    question: str
    status: Literal["answered", "not_found"]
    quotes: list[QuoteOut]
    passages: list[PassageOut]
    confidence: float = Field(description="That of the best candidate, also when it was refused.")
    reason: Reason | None = Field(description="Why nothing was found; null when answered.")
    corpus_generation: int
    timings_ms: TimingsOut

    @classmethod
    def of(cls, result: Answer | NotFound) -> Self:
        """Tell what asking returned."""
        quotes = result.quotes if isinstance(result, Answer) else ()
        numbers: dict[tuple[str, str], int] = {}
        for quote in quotes:
            numbers.setdefault((quote.article.id, quote.passage.id), len(numbers) + 1)
        return cls(
            question=result.question,
            status="answered" if isinstance(result, Answer) else "not_found",
            quotes=[QuoteOut.of(quote, numbers[quote.article.id, quote.passage.id]) for quote in quotes],
            passages=[PassageOut.of(ranked) for ranked in result.passages],
            confidence=round(result.confidence, 4),
            reason=result.reason if isinstance(result, NotFound) else None,
            corpus_generation=result.generation,
            timings_ms=TimingsOut.of(result.timings),
        )


class ArticleSummaryOut(BaseModel):
    """One article of the list."""

    id: str
    title: str
    url: str | None
    author: str | None
    published: date | None
    passages: int = Field(description="How many of its passages can be found.")

    @classmethod
    def of(cls, summary: ArticleSummary) -> Self:
        """Tell an article with the number of its passages."""
        return cls(
            id=summary.id,
            title=summary.title,
            url=summary.url,
            author=summary.author,
            published=summary.published,
            passages=summary.passages,
        )


class ArticlesResponse(BaseModel):
    """Every article, by title."""

    articles: list[ArticleSummaryOut]
    corpus_generation: int


class ArticlePassageOut(BaseModel):
    """A passage where it stands in its article. Only body and caption passages can be found or quoted."""

    passage_id: str
    paragraph: int
    kind: PassageKind
    text: str
    start: int
    end: int

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Tell a passage."""
        return cls(
            passage_id=passage.id,
            paragraph=passage.paragraph,
            kind=passage.kind,
            text=passage.text,
            start=passage.start,
            end=passage.end,
        )


class ArticleResponse(BaseModel):
    """One article as it is stored: `text` is what every offset counts in."""

    id: str
    title: str
    url: str | None
    author: str | None
    published: date | None
    text: str
    passages: list[ArticlePassageOut]
    near_duplicates: list[ArticleReferenceOut] = Field(description="The other articles that tell the same story.")

    @classmethod
    def of(cls, contents: ArticleContents) -> Self:
        """Tell an article with all its passages, in text order."""
        article = contents.article
        return cls(
            id=article.id,
            title=article.title,
            url=article.url,
            author=article.author,
            published=article.published,
            text=article.text,
            passages=[ArticlePassageOut.of(passage) for passage in contents.passages],
            near_duplicates=[ArticleReferenceOut.of(each) for each in contents.near_duplicates],
        )


class RemovedResponse(BaseModel):
    """The article is gone."""

    id: str
    corpus_generation: int


class HealthResponse(BaseModel):
    """The process is up."""

    status: Literal["ok"] = "ok"


class ReadyResponse(BaseModel):
    """Questions can be asked."""

    status: Literal["ready"] = "ready"
    corpus_generation: int


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    model_config = ConfigDict(populate_by_name=True)

    where: str = Field(alias="in", description="`body`, `query` or `path`.")
    field: str
    message: str


class Problem(BaseModel):
    """What went wrong and what to do about it (RFC 9457)."""

    type: str = Field(description="A URN that names the kind of problem.")
    title: str
    status: int
    detail: str = Field(description="What happened here, and what to do.")
    instance: str = Field(description="The path that was asked for.")
    errors: list[FieldProblem] = Field(default=[], description="The fields at fault; only where a request is invalid.")
