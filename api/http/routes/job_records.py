"""What a job is: the work somebody sent, how far it is, what came of it; as HTTP shows it and as it lies on disk."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, model_validator

from onrecord.api.http.messages.questions import Day, Text
from onrecord.index.records import Article, Change

MOST_LISTED = 100
"""How many articles and refusals a job tells one by one; further ones are only counted."""

_TITLE = 1_000
_ADDRESS = 2_000


class AddBody(BaseModel):
    """The JSON body of `POST /v1/articles`: text, or HTML, or a `url` alone, which is then fetched."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Text | None = Field(None, min_length=1, description="The article as plain text.")
    html: Text | None = Field(None, min_length=1, description="The article as a web page.")
    url: Text | None = Field(
        None,
        max_length=_ADDRESS,
        description="Where the article stands on the web. Alone: a page, feed or sitemap to fetch.",
    )
    source: Text | None = Field(
        None,
        min_length=1,
        max_length=_ADDRESS,
        description="What the article is known by: one posted again under it replaces it. By default its `url`; "
        "without that the text itself, so that only the same text is the same article.",
    )
    title: Text | None = Field(None, min_length=1, max_length=_TITLE, description="By default read from the text.")
    author: Text | None = Field(None, min_length=1, max_length=_TITLE, description="By default read from the text.")
    published: Day | None = Field(None, description="By default read from the text.")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.text is None) == (self.html is None) and not (self.text is None and self.url):
            raise ValueError("give `text`, or `html`, or a `url` alone")
        described = (self.source, self.title, self.author, self.published)
        if self.text is None and self.html is None and any(described):
            raise ValueError("what is fetched from a `url` brings its own source, title, author and day")
        return self

    @property
    def name(self) -> str:
        """What the work is called in messages."""
        return self.title or self.url or self.source or "the posted article"


class UploadedFile(BaseModel):
    """A file that was sent: what it was called, and under which name it waits in the job's folder."""

    name: str
    kept_as: str


class Work(BaseModel):
    """What is to be done: exactly one of the two."""

    body: AddBody | None = None
    files: list[UploadedFile] = []


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self in (JobStatus.DONE, JobStatus.FAILED)


class ProgressOut(BaseModel):
    """What is being done, and how much of it."""

    what: str
    done: int
    total: int


class ChangedArticleOut(BaseModel):
    """An article that is in the corpus now, and what adding it did."""

    id: str
    title: str
    url: str | None
    published: date | None
    change: Change

    @classmethod
    def of(cls, article: Article, change: Change) -> Self:
        """Tell what became of an article."""
        return cls(id=article.id, title=article.title, url=article.url, published=article.published, change=change)


class RefusedOut(BaseModel):
    """What did not become an article, and why."""

    name: str
    reason: str


class CountsOut(BaseModel):
    """How many articles were added, changed, left unchanged and refused."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


class JobOut(BaseModel):
    """A job that adds articles."""

    id: str
    status: JobStatus
    created: datetime
    progress: ProgressOut | None = Field(None, description="What is being done now; null before and after.")
    counts: CountsOut = CountsOut()
    articles: list[ChangedArticleOut] = Field([], description=f"The first {MOST_LISTED} of them.")
    refused: list[RefusedOut] = Field([], description=f"The first {MOST_LISTED} of them.")
    detail: str | None = Field(None, description="Why the job failed, and what to do; null where it did not.")
    corpus_generation: int | None = Field(None, description="After the job; null until it is done.")


class JobRecord(JobOut):
    """A job with its work, as it lies on disk until it is forgotten."""

    work: Work

    @classmethod
    def new(cls, work: Work) -> Self:
        """A job that nobody has begun."""
        return cls(id=uuid4().hex, status=JobStatus.QUEUED, created=datetime.now(UTC), work=work)

    def begun_anew(self) -> Self:
        """The job without what came of it so far, for running it (again) from its beginning."""
        fresh: dict[str, Any] = {"progress": None, "counts": CountsOut(), "articles": [], "refused": [], "detail": None}
        return self.model_copy(update=fresh | {"status": JobStatus.RUNNING})

    def with_article(self, article: Article, change: Change) -> Self:
        """The job after one more article."""
        counts = self.counts.model_copy(update={change.value: getattr(self.counts, change.value) + 1})
        more = [ChangedArticleOut.of(article, change)] if len(self.articles) < MOST_LISTED else []
        return self.model_copy(update={"counts": counts, "articles": [*self.articles, *more]})

    def with_refusal(self, name: str, reason: str) -> Self:
        """The job after one more refusal."""
        counts = self.counts.model_copy(update={"refused": self.counts.refused + 1})
        more = [RefusedOut(name=name, reason=reason)] if len(self.refused) < MOST_LISTED else []
        return self.model_copy(update={"counts": counts, "refused": [*self.refused, *more]})

    def shown(self) -> JobOut:
        """The job as HTTP tells it."""
        return JobOut.model_validate(self.model_dump(exclude={"work"}))
