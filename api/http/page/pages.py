"""What a browser is shown: the chat page, an article's, the reference, the widget; and the files these are made of."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles

from onrecord.api.http.page import reference

router = APIRouter(include_in_schema=False)

_FOLDER = Path(__file__).parent / "static"


def static_files() -> StaticFiles:
    """The files below /static."""
    return StaticFiles(directory=_FOLDER)


@router.get("/")
async def chat_page() -> FileResponse:
    """Show the chat page."""
    return FileResponse(_FOLDER / "index.html")


@router.get("/articles/{article_id}")
async def article_page(article_id: str) -> FileResponse:  # noqa: ARG001 - the page reads the id from its own address
    """Show the page of an article, which fetches it from `/v1/articles/{id}`."""
    return FileResponse(_FOLDER / "article.html")


@router.get("/widget.js")
async def widget() -> FileResponse:
    """Give the script that defines `<onrecord-chat>` in any page (docs/widget.md)."""
    return FileResponse(_FOLDER / "widget.js")


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Show the reference, made from the OpenAPI document."""
    return HTMLResponse(reference.page(request.app.openapi()))
