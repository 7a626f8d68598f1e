"""One HTTP GET that a stranger's URL cannot turn into harm: vetted addresses, bounded redirects, time and bytes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import httpx

from onrecord.index.errors import FetchError, FetchRefused
from onrecord.index.sources.packed import inflated
from onrecord.index.sources.web.connection import Deadline, GuardedTransport

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from onrecord.index.sources.web.addresses import Network
    from onrecord.index.sources.web.connection import Resolver

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_LONGEST_URL = 2_000
_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/pdf,*/*;q=0.5"
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one exchange may take: bytes of the unpacked body, seconds from the first to the last byte, redirects."""

    body: int
    seconds: float
    redirects: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The last response of a chain of redirects, with its unpacked body; of a status other than 200 without one."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    content: bytes
    charset: str | None


class Client:
    """Gets URLs. Safe to share between threads; it keeps neither connections nor cookies."""

    def __init__(self, *, user_agent: str, allowed: Sequence[Network], resolver: Resolver) -> None:
        self._headers = {"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        self._allowed = allowed
        self._resolver = resolver

    def get(
        self,
        url: httpx.URL,
        limits: Limits,
        *,
        headers: Mapping[str, str] | None = None,
        check: Callable[[httpx.URL], None] | None = None,
        truncate: bool = False,
    ) -> Reply:
        """Get a URL, following redirects; `check` sees the URL of each before it is followed, and may refuse it.

        With `truncate` a body that is too large ends at the limit instead of being refused.

        Raises:
            FetchRefused: a URL of the chain must not be fetched.
            FetchError: the network failed or a limit was reached.
            UnreadableSource: the body does not unpack.
        """
        deadline = Deadline(limits.seconds)
        asked = url
        try:
            # Not by httpx.Client, which would keep cookies, ask the environment for a proxy that connects unvetted on
            # our behalf, and read redirects that are not followed.
            with GuardedTransport(_tls(), deadline, self._resolver, self._allowed) as transport:
                for _ in range(limits.redirects + 1):
                    request = httpx.Request("GET", url, headers={**self._headers, **(headers or {})})
                    with closing(transport.handle_request(request)) as response:
                        response.request = request
                        target = response.headers.get("location")
                        if response.status_code not in REDIRECTS or target is None:
                            return _reply(response, limits, truncate=truncate)
                    url = parse(target, base=url)
                    if check:
                        check(url)
        except httpx.TimeoutException as error:
            raise FetchError(
                f"{asked} did not arrive in {limits.seconds:g} seconds.",
                hint="Try again later; ONRECORD_FETCH_SECONDS sets how long it may take.",
            ) from error
        except httpx.TransportError as error:
            raise FetchError(
                f"{asked} cannot be fetched: {error}.", hint="Check the address and the network, or try again later."
            ) from error
        raise FetchError(
            f"{asked} redirects more than {limits.redirects} times.", hint="Give the address that it ends at."
        )


def parse(url: str, *, base: httpx.URL | None = None) -> httpx.URL:
    """Read a URL that may be fetched, relative to a base if there is one.

    Raises:
        FetchRefused: it is no http or https URL with a host, is too long, or carries a user name or password.
    """
    try:
        parsed = base.join(url) if base else httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        raise FetchRefused(
            f"{url[:200]!r} is no URL: {error}.", hint="Give one like https://example.org/news."
        ) from error
    if len(str(parsed)) > _LONGEST_URL:
        raise FetchRefused(
            f"The URL {str(parsed)[:80]}… is longer than {_LONGEST_URL:,} characters.", hint="Shorten it."
        )
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise FetchRefused(f"{parsed} is not fetched.", hint="Only http and https URLs are; index a file by its path.")
    if parsed.userinfo:
        shown = parsed.copy_with(userinfo=b"")
        raise FetchRefused(
            f"The URL of {shown} carries a user name or password, which is not sent.",
            hint="Leave it away, or save the page from a browser and index the file.",
        )
    return parsed.copy_with(fragment=None)


def origin(url: httpx.URL) -> str:
    """Scheme, host and port: what a robots.txt speaks for."""
    return str(url.copy_with(path="/", query=None, fragment=None)).rstrip("/")


@cache
def _tls() -> ssl.SSLContext:
    """How servers are verified; reading the certificates takes tens of milliseconds."""
    return httpx.create_ssl_context()


def _reply(response: httpx.Response, limits: Limits, *, truncate: bool) -> Reply:
    content = bytearray()
    if response.status_code == httpx.codes.OK:
        for piece in _body(response):
            content += piece
            if len(content) > limits.body:
                if truncate:
                    break
                raise FetchError(
                    f"{response.url} is larger than {limits.body / 1024**2:g} MiB.",
                    hint="ONRECORD_FETCH_MAX_BYTES sets how large it may be.",
                )
    body = bytes(content[: limits.body])
    return Reply(response.url, response.status_code, response.headers, body, response.charset_encoding)


def _body(response: httpx.Response) -> Iterator[bytes]:
    """The body, unpacked in bounded steps: httpx' own decoder would unpack a whole chunk, a thousandfold, at once.

    Raises:
        FetchError: it is packed in a way that was not asked for.
        UnreadableSource: it does not unpack.
    """
    listed = response.headers.get("content-encoding", "").lower().split(",")
    packings = [packing.strip() for packing in listed if packing.strip() not in ("", "identity")]
    if packings and (len(packings) > 1 or packings[0] not in _PACKED):
        raise FetchError(
            f"{response.url} comes packed as {', '.join(packings)!r}, which was not asked for.",
            hint="Save the page from a browser and index the file.",
        )
    return inflated(response.iter_raw(), name=str(response.url)) if packings else response.iter_raw()
