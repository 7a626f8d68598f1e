from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import pytest
from safetensors.numpy import save_file

from onrecord.index.errors import ModelUnavailable
from onrecord.rag.reading.accurate.prepared import default_cache, prepared
from tests.unit.rag.reading.accurate.tiny_mpnet import LONGEST, TinyMPNet

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def tiny() -> TinyMPNet:
    return TinyMPNet.random()


@pytest.fixture
def deltas(tiny: TinyMPNet, tmp_path: Path) -> Path:
    file = tmp_path / "deltas.safetensors"
    learnt = {name: value.astype(np.float16) for name, value in tiny.learnt.items()}
    save_file({**learnt, "layers.0.up.outliers": np.array([1, 5], dtype=np.int16)}, file)
    return file


class Making:
    """Prepares the tiny model and counts how often it really was made."""

    def __init__(self, tiny: TinyMPNet, deltas: Path, cache: Path) -> None:
        self._tiny = tiny
        self._deltas = deltas
        self.cache = cache
        self.told: list[tuple[str, int, int]] = []

    def __call__(self) -> Path:
        return prepared(
            self._deltas,
            LONGEST,
            progress=lambda *told: self.told.append(told),
            cache=self.cache,
            base=self._tiny.base.items(),
        )

    @property
    def times(self) -> int:
        return sum(done == total for _, done, total in self.told)


@pytest.fixture
def making(tiny: TinyMPNet, deltas: Path, tmp_path: Path) -> Making:
    return Making(tiny, deltas, tmp_path / "cache")


def test_it_is_made_once_and_can_be_run(making: Making) -> None:
    model = making()
    assert making() == model
    assert making.times == 1
    assert [done for _, done, _ in making.told] == list(range(1, making.told[0][2] + 1))
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    ids = np.array([[101, 7, 102, 9, 102]])
    (relevance,) = session.run(
        ["relevance"], {"input_ids": ids, "token_type_ids": ids * 0, "attention_mask": ids * 0 + 1}
    )
    assert np.isfinite(relevance).all()


def test_two_that_want_it_at_once_make_it_once(making: Making) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: making(), range(2))
    assert first == second
    assert making.times == 1


@pytest.mark.parametrize("damage", [b"", b"not a model"])
def test_a_damaged_model_is_made_anew(making: Making, damage: bytes) -> None:
    model = making()
    whole = model.read_bytes()
    model.write_bytes(damage)
    assert making().read_bytes() == whole
    assert making.times == 2


@pytest.mark.parametrize("suffix", [".onnx", ".sha256"])
def test_a_partial_cache_is_made_anew(making: Making, suffix: str) -> None:
    making().with_suffix(suffix).unlink()
    assert making().is_file()
    assert making.times == 2


def test_other_deltas_make_another_file(making: Making, tiny: TinyMPNet, deltas: Path) -> None:
    first = making()
    save_file({name: value * np.float32(0.5) for name, value in tiny.learnt.items()}, deltas)
    assert making() != first
    assert first.is_file()


def test_deltas_that_do_not_fit_are_refused(making: Making, tiny: TinyMPNet, deltas: Path) -> None:
    save_file({name: value for name, value in tiny.learnt.items() if name != "layers.1.key.up"}, deltas)
    with pytest.raises(ModelUnavailable, match=r"layers\.1\.key\.up"):
        making()


def test_deltas_without_a_norm_are_refused(making: Making, tiny: TinyMPNet, deltas: Path) -> None:
    save_file({name: value for name, value in tiny.learnt.items() if name != "layers.1.out_norm.bias"}, deltas)
    with pytest.raises(ModelUnavailable, match=r"layers\.1\.out_norm\.beta"):
        making()


def test_a_cache_that_cannot_be_written_says_what_to_do(making: Making) -> None:
    making.cache.write_text("a file, not a folder")
    with pytest.raises(ModelUnavailable, match="XDG_CACHE_HOME"):
        making()


def test_the_cache_is_where_the_platform_keeps_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "onrecord"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_cache() == tmp_path / ".cache" / "onrecord"
