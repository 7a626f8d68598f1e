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


def pytest_configure(config: pytest.Config) -> None:
    """Put the accurate reader's model together once, before workers and servers all want it."""
    from onrecord.rag.reading.accurate import base_weights, prepared  # noqa: PLC0415 - heavy only where it is made
    from onrecord.rag.reading.accurate.reader import ACCURATE_FOLDER, DELTAS  # noqa: PLC0415 - likewise
    from onrecord.rag.reading.encoding import Limits  # noqa: PLC0415 - likewise

    if not hasattr(config, "workerinput") and base_weights.installed():
        prepared.prepared(ACCURATE_FOLDER / DELTAS, Limits().window)
