"""What several test rooms share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onrecord.index.corpus import Corpus
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def embedder() -> HashingEmbedder:
    """An embedder that costs nothing."""
    return HashingEmbedder()


@pytest.fixture
def corpus(tmp_path: Path, embedder: HashingEmbedder) -> Iterator[Corpus]:
    """An empty corpus in `tmp_path / "data"`."""
    with Corpus.open(tmp_path / "data", embedder) as opened:
        yield opened
