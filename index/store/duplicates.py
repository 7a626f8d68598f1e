"""Which texts are near-duplicates, and which passages have the same words. Pure. datasketch is imported here only.

Two articles are near-duplicates where they share about half of their runs of three words (resemblance, as in Broder,
“On the resemblance and containment of documents”, 1997), estimated by MinHash. Such articles are only *linked*: what
counts as the same passage in two of them is decided by its words alone, so linking too much never takes anything away.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

Signature = NDArray[np.uint32]
"""A MinHash. *Shape:* `(SIGNATURE_LENGTH,)`."""

SIGNATURE_LENGTH = 128
BAND_LENGTH = 4
"""Values in a band. With 32 bands of 4, of two texts that resemble by 0.5 (0.6, 0.7) 87 (99, 99.99) % share a band."""

ALIKE = 0.5
"""The resemblance from which two articles are linked."""

_SHINGLE = 3
_WORD = re.compile(r"\w+")
# How one agency's text differs from site to site: quotation marks, dashes and ellipses.
_TYPOGRAPHY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


def signature(texts: Iterable[str]) -> Signature:
    """The MinHash of what an article says, given as its passages."""
    words = _WORD.findall("\n".join(texts).casefold())
    shingles = {" ".join(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1))}
    minhash = _empty_minhash().copy()
    minhash.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in sorted(shingles)])
    values: Signature = minhash.hashvalues.astype("<u4")
    return values


def resemblance(one: Signature, other: Signature) -> float:
    """The estimated share of runs of words that two texts have in common, in [0, 1]."""
    return float(np.mean(one == other))


def bands(values: Signature) -> list[int]:
    """Keys, as signed 64-bit numbers, of which near-duplicates have at least one in common."""
    rows = values.astype("<u4").reshape(-1, BAND_LENGTH)
    return [_number(number.to_bytes(1, "little") + row.tobytes()) for number, row in enumerate(rows)]


def words_key(text: str) -> int:
    """A signed 64-bit number that two passages share where only typography and white space tell them apart."""
    plain = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY).casefold()
    return _number(" ".join(plain.split()).encode("utf-8", "surrogatepass"))


def _number(content: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little", signed=True)


@cache
def _empty_minhash() -> Any:
    from datasketch import MinHash  # noqa: PLC0415 - datasketch: 0.3 s, and a question needs none of it

    return MinHash(num_perm=SIGNATURE_LENGTH, seed=1, scheme="affine32")
