from __future__ import annotations

import gzip
import zlib

import pytest

from onrecord.index.errors import UnreadableSource
from onrecord.index.sources.packed import gunzip, inflated


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 1_000_003])
@pytest.mark.parametrize("piece", [1_000, 10_000_000])
def test_what_was_packed_comes_out_whatever_pieces_it_comes_in(size: int, piece: int) -> None:
    content = (b"harbour " * (size // 8 + 1))[:size]
    packed = gzip.compress(content)
    chunks = [packed[i : i + piece] for i in range(0, len(packed), piece)]
    assert b"".join(inflated(chunks, name="a")) == content


def test_a_piece_is_never_larger_than_a_step() -> None:
    assert max(map(len, inflated([gzip.compress(bytes(10_000_000))], name="a"))) <= 64 * 1024


def test_zlib_raw_deflate_and_several_members_are_unpacked_and_padding_is_passed_over() -> None:
    raw = zlib.compressobj(wbits=-15)
    assert b"".join(inflated([zlib.compress(b"harbour")], name="a")) == b"harbour"
    assert b"".join(inflated([raw.compress(b"harbour") + raw.flush()], name="a")) == b"harbour"
    two = gzip.compress(b"har") + gzip.compress(b"bour")
    assert gunzip(two + bytes(100), limit=100, name="a") == b"harbour"


def test_a_limit_holds_and_damage_is_told_by_name() -> None:
    assert gunzip(gzip.compress(bytes(1024**2)), limit=1024**2, name="a.gz") == bytes(1024**2)
    for content, message in (
        (gzip.compress(bytes(1024**2 + 1)), "a.gz unpacks to more than 1 MiB"),
        (gzip.compress(b"harbour")[:-9], "end too early"),
        (gzip.compress(b"harbour")[:-8] + bytes(8), "does not unpack"),
    ):
        with pytest.raises(UnreadableSource, match=message):
            gunzip(content, limit=1024**2, name="a.gz")
