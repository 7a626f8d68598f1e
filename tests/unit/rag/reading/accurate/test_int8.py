import numpy as np

from onrecord.rag.reading.accurate.int8 import Int8Matrix, Int8Table


def test_a_table_keeps_each_row_to_within_half_a_step() -> None:
    table = np.array([[1.0, -2.0], [0.0, 0.0], [300.0, 0.1]], dtype=np.float32)
    small = Int8Table.of(table)
    assert small.values.dtype == np.int8
    assert (np.abs(small.values * small.scale - table) <= small.scale / 2).all()


def test_outliers_are_kept_as_they_are_and_take_no_part_in_scaling() -> None:
    matrix = np.array([[0.5, -0.25], [90.0, 80.0], [-0.5, 0.125]], dtype=np.float32)
    small = Int8Matrix.of(matrix, np.array([1]))
    assert small.kept.tolist() == [1, 0, 1]
    assert small.exact.tolist() == [[90.0, 80.0]]
    assert not small.values[1].any()
    assert np.allclose(small.values * small.scale, matrix * small.kept[:, None], atol=0.003)


def test_joined_matrices_multiply_like_each_alone() -> None:
    rng = np.random.default_rng(0)
    parts = [Int8Matrix.of(rng.normal(size=(4, 3)).astype(np.float32), np.array([2])) for _ in range(3)]
    joined = Int8Matrix.joined(parts)
    assert np.array_equal(joined.values * joined.scale, np.hstack([part.values * part.scale for part in parts]))
    assert joined.exact.shape == (1, 9)
