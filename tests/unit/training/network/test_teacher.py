import pytest
import torch
from torch import nn

from training.network import teacher
from training.network.teacher import BERT_CLS, BERT_SEP, TeacherModel, buckets, from_mpnet

transformers = pytest.importorskip("transformers")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> TeacherModel:
    """A teacher of MPNet's shape and few numbers, all of them random."""
    for name, value in {"WIDTH": 24, "LAYERS": 2, "INNER": 40, "RANK": 4, "VOCABULARY": 600}.items():
        monkeypatch.setattr(teacher, name, value)
    torch.manual_seed(3)
    return TeacherModel().eval()


def test_without_deltas_it_is_mpnet(small: TeacherModel) -> None:
    config = transformers.MPNetConfig(
        vocab_size=600,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=12,
        intermediate_size=40,
        layer_norm_eps=1e-5,
        max_position_embeddings=514,
    )
    theirs = transformers.MPNetModel(config, add_pooling_layer=False).eval()
    missing, unexpected = small.load_state_dict(from_mpnet(theirs.state_dict()), strict=False)
    assert not unexpected
    assert all(name.endswith((".down", ".up")) or name.startswith(("span.", "relevance.")) for name in missing)
    ids = torch.randint(200, 500, (2, 40))
    ids[:, 0], ids[:, 9], ids[:, -1] = BERT_CLS, BERT_SEP, BERT_SEP
    mask = torch.ones_like(ids)
    mask[1, 30:] = 0
    own = torch.where(ids == BERT_CLS, 0, torch.where(ids == BERT_SEP, 2, ids + 4))
    with torch.no_grad():
        hidden = theirs(input_ids=torch.where(mask == 0, 1, own), attention_mask=mask).last_hidden_state
        scores = small(ids, torch.zeros_like(ids), mask)
        span = small.span(hidden)
    torch.testing.assert_close(scores.start[mask == 1], span[..., 0][mask == 1], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(scores.relevance, small.relevance(hidden[:, 0])[:, 0], atol=1e-5, rtol=1e-4)


def test_what_is_learnt_is_all_but_embeddings_and_base_matrices(small: TeacherModel) -> None:
    learnt = set(small.learnt())
    kept = {name for name, _ in small.named_parameters()} - learnt
    assert {"word.weight", "position.weight", "distance.weight", "norm.weight", "norm.bias"} < kept
    assert all(name.endswith("base.weight") for name in kept if name.startswith("layers."))
    assert "layers.1.query.up" in learnt
    assert "span.weight" in learnt


def test_a_delta_begins_at_nothing() -> None:
    layer = teacher.LowRank(6, 5)
    given = torch.randn(3, 6)
    torch.testing.assert_close(layer(given), layer.base(given))
    nn.init.ones_(layer.up)
    assert not torch.allclose(layer(given), layer.base(given))


def test_the_merged_product_has_the_gradients_of_base_and_delta_apart() -> None:
    layer = teacher.LowRank(6, 5).double()
    nn.init.normal_(layer.up)
    layer.base.weight.requires_grad = False
    learnt = [layer.base.bias, layer.down, layer.up]
    given = torch.randn(2, 3, 6, dtype=torch.double, requires_grad=True)
    weights = torch.randn(2, 3, 5, dtype=torch.double)
    apart = layer.base(given) + (given @ layer.down.t()) @ layer.up.t()
    merged = layer(given)
    torch.testing.assert_close(merged, apart)
    wanted = torch.autograd.grad((apart * weights).sum(), [given, *learnt])
    found = torch.autograd.grad((merged * weights).sum(), [given, *learnt])
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other)


def test_distances_are_told_apart_by_side_and_coarser_far_away() -> None:
    found = buckets(torch.arange(400))
    assert found[5, 5] == 0
    assert found[5, 6] != found[6, 5]
    assert found[0, 7] != found[0, 6]
    assert found[0, 300] == found[0, 399]
    assert int(found.max()) == teacher.BUCKETS - 1
