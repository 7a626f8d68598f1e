import numpy as np

from onrecord.rag.reading.accurate.merging import merged
from tests.unit.rag.reading.accurate.tiny_mpnet import LAYERS, TinyMPNet
from training.network.export_accurate import KEPT, outliers


def test_the_channels_with_the_largest_values_are_outliers() -> None:
    tiny = TinyMPNet.random()
    weights = dict(merged(tiny.base.items(), tiny.learnt))
    weights["layers.0.out_norm.beta"] = weights["layers.0.out_norm.beta"].copy()
    weights["layers.0.out_norm.beta"][[5, 17]] = 500, -500
    windows = [np.array([101, 7, 102, 9, 11, 102]), np.array([101, 8, 102, 102])]
    found = outliers(weights, windows)
    assert set(found) == {f"layers.{n}.{part}.outliers" for n in range(LAYERS) for part in ("qkv", "up", "down")}
    assert all(len(set(channels.tolist())) == KEPT for channels in found.values())
    assert {5, 17} <= set(found["layers.0.up.outliers"].tolist())
