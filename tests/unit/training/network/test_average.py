from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from training.network.average import average


def run(folder: Path, **weights: list[float]) -> Path:
    folder.mkdir()
    arrays = {name: np.array(value, dtype=np.float32) for name, value in weights.items()}
    save_file(arrays, folder / "weights.safetensors")
    return folder


def test_the_second_run_has_its_share_in_every_weight(tmp_path: Path) -> None:
    first, second = run(tmp_path / "a", x=[0.0, 4.0], y=[1.0]), run(tmp_path / "b", x=[4.0, 0.0], y=[1.0])
    average(first, second, 0.75, tmp_path / "out")
    made = load_file(tmp_path / "out" / "weights.safetensors")
    assert {name: value.tolist() for name, value in made.items()} == {"x": [3.0, 1.0], "y": [1.0]}
    assert made["x"].dtype == np.float32


def test_runs_of_different_models_and_impossible_shares_are_refused(tmp_path: Path) -> None:
    first, second = run(tmp_path / "a", x=[0.0]), run(tmp_path / "b", x=[0.0, 1.0])
    with pytest.raises(ValueError, match="different models"):
        average(first, second, 0.5, tmp_path / "out")
    with pytest.raises(ValueError, match="share"):
        average(first, first, 1.5, tmp_path / "out")


def test_of_deltas_the_products_are_averaged_and_keep_their_rank(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    down, ups = rng.normal(size=(2, 7)).astype(np.float32), [rng.normal(size=(5, 2)).astype(np.float32) for _ in "ab"]
    for name, up, each in zip("ab", ups, (down, -down), strict=True):
        (tmp_path / name).mkdir()
        save_file({"layer.up": up, "layer.down": each}, tmp_path / name / "weights.safetensors")
    average(tmp_path / "a", tmp_path / "b", 0.25, tmp_path / "out")
    made = load_file(tmp_path / "out" / "weights.safetensors")
    assert made["layer.up"].shape == (5, 2)
    wanted = 0.75 * ups[0] @ down - 0.25 * ups[1] @ down
    np.testing.assert_allclose(made["layer.up"] @ made["layer.down"], wanted, atol=1e-5)
