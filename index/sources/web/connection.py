"""Connections for fetching: to vetted addresses only, and never past a deadline. An httpx transport.

A name is resolved once for each connection, every address it has is vetted, and the connection goes to one of exactly
these addresses: between check and use there is no second look-up that could answer otherwise (DNS rebinding). TLS and
the Host header keep the name. httpx' own timeouts are for one read each; the deadline here is for the whole exchange,
so that a server which sends one byte a second ends too.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import httpcore
import httpx

from onrecord.index.errors import FetchError, FetchRefused
from onrecord.index.sources.web.addresses import refusal

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from onrecord.index.sources.web.addresses import Network

    Resolver = Callable[[str, int], Sequence[str]]
    """Host and port → the addresses that the name has. Raises OSError where it has none."""


def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for a name's addresses, each once, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class Deadline:
    """A moment by which everything must be done."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then.

        Raises:
            httpcore.ReadTimeout: it has passed.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout(f"not done after {self.seconds:g} seconds")
        return left


class GuardedTransport(httpx.BaseTransport):
    """Carries requests over connections of its own to vetted addresses, until a deadline."""

    def __init__(self, tls: ssl.SSLContext, deadline: Deadline, resolver: Resolver, allowed: Sequence[Network]) -> None:
        network = _GuardedNetwork(deadline, resolver, allowed)
        self._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=network)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body is read as the response is iterated.

        Raises:
            FetchRefused: the name has an address that must not be connected to.
            httpx.TimeoutException: the deadline has passed.
            httpx.TransportError: the connection failed.
        """
        url = request.url
        with _as_httpx_errors():
            response = self._pool.handle_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx_errors():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _GuardedNetwork(httpcore.NetworkBackend):
    """Connects to vetted addresses only."""

    def __init__(self, deadline: Deadline, resolver: Resolver, allowed: Sequence[Network]) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadline = deadline
        self._resolver = resolver
        self._allowed = allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline of the whole exchange counts
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception | None = None
        for address in self._vetted(host, port):
            try:
                stream = self._inner.connect_tcp(address, port, self._deadline.left(), local_address, socket_options)
            except httpcore.ConnectError as error:
                failed = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failed or httpcore.ConnectError(f"{host} has no address")

    def _vetted(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a name, if all may be connected to: one that may not makes the name suspect."""
        addresses = self._resolved(host, port)
        for address in addresses:
            why = refusal(address, self._allowed)
            if why:
                shown = f"{host} is {why}" if address == host else f"{host} has the address {address}, which is {why}"
                raise FetchRefused(
                    f"{shown}.",
                    hint="Only servers of the public internet are fetched from, and those of the networks that "
                    "ONRECORD_FETCH_ALLOWED_NETWORKS names.",
                )
        return addresses

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        """Resolve a name in a thread of its own: the system's resolver takes no timeout."""
        answer: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

        def look_up() -> None:
            try:
                answer.put(self._resolver(host, port))
            except (OSError, UnicodeError) as error:
                answer.put(error)

        threading.Thread(target=look_up, daemon=True).start()
        try:
            found = answer.get(timeout=self._deadline.left())
        except Empty:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in {self._deadline.seconds:g} seconds") from None
        if isinstance(found, OSError | UnicodeError):
            raise FetchError(
                f"The name {host} cannot be resolved: {found}.", hint="Check the address and the network."
            ) from found
        return found


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends by the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - likewise
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - likewise
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline of the whole exchange counts
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


@contextmanager
def _as_httpx_errors() -> Iterator[None]:
    """Turn httpcore's errors into those of httpx, as httpx' own transport does."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise httpx.TimeoutException(str(error) or "timed out") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise httpx.TransportError(str(error) or type(error).__name__) from error
