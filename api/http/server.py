"""Runs the application in this process: takes the port first, loads while serving, stops when loading fails."""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING

import uvicorn

from onrecord.api import local_socket, wiring
from onrecord.api.http.app import create_app
from onrecord.api.http.shared.exposure import Exposure
from onrecord.api.http.shared.write_guard import Writing, is_loopback
from onrecord.api.question_log import QuestionLog
from onrecord.index.errors import OnRecordError

if TYPE_CHECKING:
    from collections.abc import Callable

    from onrecord.api.settings import Settings
    from onrecord.api.wiring import Services

_BACKLOG = 2048
_SECONDS_TO_FINISH = 10
_WILDCARDS = {"0.0.0.0": "localhost", "::": "localhost"}  # noqa: S104 - shown, not bound


class AddressUnavailable(OnRecordError):  # noqa: N818 - named for what is wrong, as those of index.errors
    """The server cannot listen where it was told to."""


def serve(settings: Settings, *, on_loading: Callable[[str], None], on_ready: Callable[[str], None]) -> None:
    """Serve until stopped by a signal. SIGTERM ends it as a success, after the running questions have been answered.

    Args:
        settings: what is served, and where.
        on_loading: is called with the address as soon as it is taken; until `on_ready`, questions are refused there.
        on_ready: is called with the address when questions are answered.

    Raises:
        QuestionLogUnusable: the question log cannot be written.
        AddressUnavailable: the port is taken or the address is not this machine's; nothing has been loaded then.
        OnRecordError: the corpus or a model cannot be loaded.
    """
    listener = _listen(settings.host, settings.port)
    question_log = _question_log(settings)
    address = _address(listener)
    on_loading(address)
    failures: list[Exception] = []

    def load() -> Services:
        try:
            return wiring.load(settings, warm=True)
        except Exception as error:
            failures.append(error)
            server.should_exit = True
            raise

    app = create_app(
        load,
        max_concurrent=settings.max_concurrent_questions,
        max_waiting=settings.max_waiting_questions,
        exposure=exposure(settings),
        writing=writing(settings),
        question_log=question_log,
        on_ready=lambda: on_ready(address),
    )
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
    )
    # uvicorn stops on a signal, then raises it again for whoever handled it before.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with (
        listener,
        local_socket.offered(settings) as beside,
        closing(question_log) if question_log else nullcontext(),
    ):
        server.run(sockets=[listener, *([beside] if beside else [])])
    if failures:
        raise failures[0]


def exposure(settings: Settings) -> Exposure:
    """How the application shows itself, as the settings say."""
    return Exposure(
        allowed_origins=settings.allowed_origins,
        api_key=settings.api_key.get_secret_value() if settings.api_key else None,
        public_url=settings.public_url,
        open_webui=settings.open_webui,
    )


def writing(settings: Settings) -> Writing:
    """How articles are added and removed over HTTP, as the settings say."""
    reached = not is_loopback(settings.host) and settings.api_key is None
    read_only = reached if settings.read_only is None else settings.read_only
    return Writing(settings.data_dir / "jobs", lambda: wiring.fetcher(settings), read_only=read_only)


def _question_log(settings: Settings) -> QuestionLog | None:
    if settings.question_log is None:
        return None
    return QuestionLog(
        settings.question_log, max_bytes=settings.question_log_max_bytes, backups=settings.question_log_backups
    )


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _unavailable(host, port, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _unavailable(host, port, error) from error
    return listener


def _unavailable(host: str, port: int, error: OSError) -> AddressUnavailable:
    return AddressUnavailable(
        f"The server cannot listen on {host}, port {port}: {error.strerror}.",
        hint="Stop what uses it, or choose another: onrecord serve --port 8001.",
    )


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = _WILDCARDS.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"
