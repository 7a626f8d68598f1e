"""A real web server in a thread, for fetching from; what each path answers, a test says."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import TYPE_CHECKING

from onrecord.index.sources.web.connection import resolve
from onrecord.index.sources.web.fetcher import Fetcher
from onrecord.index.sources.web.manners import Manners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from email.message import Message
    from typing import Any

    from onrecord.index.sources.web.connection import Resolver

HERE = (ip_network("127.0.0.1"),)
"""The exception that lets a fetcher reach the server, and nothing else that is private."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a path answers. `write` writes the body itself, for bodies that are slow or never end."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    write: Callable[[Callable[[bytes], object]], None] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server saw it."""

    path: str
    headers: Message


@dataclass(slots=True)
class WebServer:
    """Answers with `replies` by path, 404 to anything else, and keeps what it was asked."""

    port: int
    replies: dict[str, Reply | Callable[[Request], Reply]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The URL of a path."""
        return f"http://{host}:{self.port}{path}"

    def asked(self) -> list[str]:
        """The paths that were asked for, robots.txt aside."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]


def fetcher(resolver: Resolver = resolve, **manners: Any) -> Fetcher:
    """A fetcher that may reach the server and does not wait between requests."""
    polite = Manners(**{"delay": 0.0, "seconds": 10.0, **manners})
    return Fetcher(polite, allowed=HERE, resolver=resolver)


@contextmanager
def serving_pages() -> Iterator[WebServer]:
    """Serve on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            request = Request(self.path, self.headers)
            server.requests.append(request)
            found = server.replies.get(self.path, Reply("not here", 404))
            reply = found(request) if callable(found) else found
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            headers = {"Content-Type": "text/html; charset=utf-8", **reply.headers}
            if reply.write is None:
                headers.setdefault("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.close_connection = True
            self.end_headers()
            try:
                if reply.write:
                    reply.write(self.wfile.write)
                elif reply.status != 304:
                    self.wfile.write(body)
            except OSError:
                pass  # the fetcher has had enough, as it should

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class calls it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server = WebServer(http.server_address[1])
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
