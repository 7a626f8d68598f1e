from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onrecord.api import wiring
from onrecord.api.settings import load_settings
from onrecord.rag.reading.accurate.reader import CascadeReader
from onrecord.rag.reading.cross_encoder import CrossEncoderReader
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def fake_embedder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(wiring, "open_embedder", lambda _settings: HashingEmbedder())
    yield
    wiring._shared_reader.cache_clear()
    wiring._accurate_reader.cache_clear()


@pytest.mark.parametrize(
    ("reader", "installed", "kind"),
    [
        (None, True, CascadeReader),
        (None, False, CrossEncoderReader),
        (wiring.FAST, True, CrossEncoderReader),
        (wiring.ACCURATE, False, CascadeReader),
    ],
)
def test_the_setting_chooses_the_reader_and_without_one_what_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str | None, installed: object, kind: type
) -> None:
    monkeypatch.setattr("onrecord.rag.reading.accurate.base_weights.installed", lambda: installed)
    services = wiring.load(load_settings(data_dir=tmp_path, reader=reader))
    with services.corpus:
        assert isinstance(services.pipeline._reader, kind)
