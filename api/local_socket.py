"""The Unix socket in a data directory: there a command finds the server that runs on the same articles.

It needs no port and no key. Whoever answers there serves this directory, and only who may write to the socket's file,
the server's own user, can ask. Its name is made of the version and of every setting that an answer depends on, so a
server that would answer otherwise is not found. A socket whose server was killed refuses, and the next server takes it
away.
"""

from __future__ import annotations

import hashlib
import os
import socket
from contextlib import contextmanager, suppress
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.api.settings import Settings

BACKLOG = 128

_PATTERN = "ask-*.sock"
_DECIDING = ("embedder", "reader", "min_confidence", "candidates")
_OPEN_FOLDERS = Path("/proc/self/fd")
_PATIENCE_SECONDS = 10.0


def path(settings: Settings) -> Path:
    """Where a server with these settings answers, if there is one."""
    told = [version("onrecord"), *(_told(getattr(settings, name)) for name in _DECIDING)]
    return settings.data_dir / _PATTERN.replace("*", hashlib.sha256("\n".join(told).encode()).hexdigest()[:12])


@contextmanager
def offered(settings: Settings) -> Iterator[socket.socket | None]:
    """Listen there meanwhile; None where another server does, or where no socket can be.

    Commands then answer themselves, so nothing is raised.
    """
    place = path(settings)
    try:
        listener = _listen(place)
    except OSError:  # a file system without sockets, a directory that cannot be written: opening it will tell
        listener = None
    if listener is None:
        yield None
        return
    ours = place.stat()
    try:
        with listener:
            yield listener
    finally:
        with suppress(OSError):
            if os.path.samestat(place.stat(), ours):
                place.unlink()


def post(settings: Settings, route: str, body: bytes) -> bytes | None:
    """Send JSON to the server of these settings; what it answers, or None where it cannot: then ask without it."""
    place = path(settings)
    if not place.is_socket():
        return None
    from http.client import HTTPConnection, HTTPException  # noqa: PLC0415 - only where a server is

    connection = HTTPConnection("localhost", timeout=_PATIENCE_SECONDS)
    try:
        connection.sock = _connected(place)
        connection.request("POST", route, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.read() if response.status == HTTPStatus.OK else None
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def _listen(place: Path) -> socket.socket | None:
    place.parent.mkdir(parents=True, exist_ok=True)
    for known in place.parent.glob(_PATTERN):
        if _left_behind(known):
            known.unlink(missing_ok=True)
    if place.exists():
        return None
    # Named only when it listens, so that nobody takes it for one that was left behind.
    fresh = place.with_name(f".{place.name}.new")
    fresh.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    try:
        with _address(fresh) as address:
            listener.bind(address)
        fresh.chmod(0o600)
        listener.listen(BACKLOG)
        fresh.replace(place)
    except OSError:
        listener.close()
        raise
    return listener


def _left_behind(place: Path) -> bool:
    try:
        _connected(place).close()
    except ConnectionRefusedError:
        return True
    except OSError:  # somebody else's, or one with a long queue
        pass
    return False


def _connected(place: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_PATIENCE_SECONDS)
    try:
        with _address(place) as address:
            connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


@contextmanager
def _address(place: Path) -> Iterator[str]:
    """A path as a socket takes it, a hundred bytes at most: where there is a /proc, through the open folder."""
    if not _OPEN_FOLDERS.is_dir():
        yield str(place)
        return
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        yield str(_OPEN_FOLDERS / str(folder) / place.name)
    finally:
        os.close(folder)


def _told(value: object) -> str:
    """A setting as the name is made of it: a folder by where it is, since the two may run in different ones."""
    if isinstance(value, str) and Path(value).expanduser().is_dir():
        return str(Path(value).expanduser().resolve())
    return repr(value)
