from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from onrecord.api import local_socket
from onrecord.api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"


def settings(data: Path, **given: Any) -> Settings:
    return Settings(data_dir=data, **given)


@contextmanager
def answering(listener: socket.socket | None, response: bytes = OK) -> Iterator[list[bytes]]:
    """Answer one request meanwhile; what was asked is in the list."""
    assert listener is not None
    asked: list[bytes] = []

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            while not b"".join(asked).endswith(b"}"):
                asked.append(connection.recv(4096))
            connection.sendall(response)

    thread = threading.Thread(target=answer)
    thread.start()
    yield asked
    thread.join(timeout=10)


def descriptors() -> list[Path]:
    return list(Path("/proc/self/fd").iterdir())


def leave_behind(place: Path) -> None:
    """What a server leaves that is killed."""
    with local_socket._address(place) as address, socket.socket(socket.AF_UNIX) as killed:
        killed.bind(address)


@pytest.mark.parametrize("depth", [1, 30])
def test_a_question_reaches_the_server_of_the_directory_however_deep_that_lies(tmp_path: Path, depth: int) -> None:
    found = settings(tmp_path.joinpath(*["deep"] * depth))
    with local_socket.offered(found) as listener, answering(listener) as asked:
        assert local_socket.post(found, "/v1/ask", b'{"question": "Who?"}') == b"{}"
    request = b"".join(asked)
    assert request.startswith(b"POST /v1/ask HTTP/1.1\r\n")
    assert request.endswith(b'{"question": "Who?"}')


def test_the_socket_goes_with_the_server_and_is_its_users_alone(tmp_path: Path) -> None:
    served = settings(tmp_path)
    with local_socket.offered(served):
        assert local_socket.path(served).stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == []
    assert local_socket.post(served, "/v1/ask", b"{}") is None


@pytest.mark.parametrize(
    "other", [{"reader": "accurate"}, {"candidates": 8}, {"min_confidence": 0.5}, {"embedder": "elsewhere"}]
)
def test_a_server_that_would_answer_otherwise_is_not_found(tmp_path: Path, other: dict[str, Any]) -> None:
    with local_socket.offered(settings(tmp_path)):
        assert local_socket.post(settings(tmp_path, **other), "/v1/ask", b"{}") is None


def test_settings_that_change_no_answer_change_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "model"
    model.mkdir()
    monkeypatch.chdir(tmp_path)
    here, there = settings(tmp_path, reader="model"), settings(tmp_path, reader=str(model), threads=1, port=1)
    assert local_socket.path(here) == local_socket.path(there)


def test_what_a_killed_server_left_is_passed_over_and_the_next_server_takes_it_away(tmp_path: Path) -> None:
    served, before = settings(tmp_path), settings(tmp_path, candidates=3)
    for each in (served, before):
        leave_behind(local_socket.path(each))
    assert local_socket.post(served, "/v1/ask", b"{}") is None
    with local_socket.offered(served) as listener, answering(listener):
        assert local_socket.post(served, "/v1/ask", b"{}") == b"{}"
        assert not local_socket.path(before).exists()


def test_a_second_server_leaves_the_socket_to_the_first(tmp_path: Path) -> None:
    served = settings(tmp_path)
    with local_socket.offered(served) as listener:
        with local_socket.offered(served) as second:
            assert second is None
        assert listener is not None
        listener.accept()[0].close()  # the second one had a look
        with answering(listener):
            assert local_socket.post(served, "/v1/ask", b"{}") == b"{}"


def test_a_server_never_takes_away_the_socket_of_another(tmp_path: Path) -> None:
    served = settings(tmp_path)
    with local_socket.offered(served):
        local_socket.path(served).unlink()
        leave_behind(local_socket.path(served))
    assert local_socket.path(served).exists()


@pytest.mark.parametrize("response", [b"HTTP/1.1 503 Loading\r\nContent-Length: 0\r\n\r\n", b"what?\r\n\r\n", b""])
def test_whatever_is_no_answer_counts_as_none(tmp_path: Path, response: bytes) -> None:
    served = settings(tmp_path)
    with local_socket.offered(served) as listener, answering(listener, response):
        assert local_socket.post(served, "/v1/ask", b"{}") is None


def test_a_server_goes_on_without_a_socket_where_none_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with local_socket.offered(settings(tmp_path / "file")) as listener:
        assert listener is None


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    served = settings(tmp_path)
    before = len(descriptors())
    with local_socket.offered(served), local_socket.offered(served):
        local_socket.post(settings(tmp_path, candidates=2), "/v1/ask", b"{}")
    assert len(descriptors()) == before
