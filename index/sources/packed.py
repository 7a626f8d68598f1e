"""Compressed bytes → bytes, in bounded steps: a few kilobytes can unpack to gigabytes. Pure."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from onrecord.index.errors import UnreadableSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GZIP_MAGIC = b"\x1f\x8b"

_AUTOMATIC = zlib.MAX_WBITS | 32  # gzip or zlib, told apart by the header
_RAW = -zlib.MAX_WBITS
_STEP = 64 * 1024


def gunzip(content: bytes, *, limit: int, name: str) -> bytes:
    """Unpack gzip, every member of it.

    Raises:
        UnreadableSource: it unpacks to more than `limit` bytes, or is damaged.
    """
    unpacked = bytearray()
    for piece in inflated([content], name=name):
        unpacked += piece
        if len(unpacked) > limit:
            raise UnreadableSource(
                f"{name} unpacks to more than {limit // 1024**2} MiB.", hint="Unpack it and split it by article."
            )
    return bytes(unpacked)


def inflated(chunks: Iterable[bytes], *, name: str) -> Iterator[bytes]:
    """Unpack a stream of gzip or deflate, in pieces of at most 64 KiB, so that whoever reads can stop in time.

    Raises:
        UnreadableSource: it is damaged, or ends too early.
    """
    unpacker = None
    for chunk in chunks:
        waiting = chunk
        while waiting:
            if unpacker is None or (unpacker.eof and waiting.startswith(GZIP_MAGIC)):
                unpacker = zlib.decompressobj(_AUTOMATIC if _has_header(waiting) else _RAW)
            if unpacker.eof:
                break  # what stands behind the last member is padding
            yield _step(unpacker, waiting, name)
            waiting = unpacker.unconsumed_tail or unpacker.unused_data
    while unpacker is not None and not unpacker.eof:
        if not (piece := _step(unpacker, b"", name)):
            raise UnreadableSource(f"{name} is damaged: its packed bytes end too early.", hint="Get it again.")
        yield piece


def _step(unpacker: zlib._Decompress, waiting: bytes, name: str) -> bytes:
    try:
        return unpacker.decompress(waiting, _STEP)
    except zlib.error as error:
        raise UnreadableSource(f"{name} is damaged: it does not unpack.", hint="Get it again.") from error


def _has_header(start: bytes) -> bool:
    """Whether bytes begin as gzip or zlib do; some servers send deflate without its header."""
    return start[:1] == GZIP_MAGIC[:1] or (start[:1] == b"\x78" and int.from_bytes(start[:2]) % 31 == 0)
