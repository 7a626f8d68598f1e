import numpy as np
import onnxruntime
import torch

from training.network.graph import build, rows_to_int8
from training.network.model import ReaderModel


def test_the_graph_computes_what_the_module_computes() -> None:
    torch.manual_seed(0)
    model = ReaderModel().eval()
    weights = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    graph = build(weights, 384, small_embeddings=False)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    ids = torch.randint(0, 30000, (3, 17))
    types = (torch.arange(17) > 5).long().expand(3, 17)
    mask = (torch.arange(17) < torch.tensor([[17], [11], [9]])).long()
    with torch.no_grad():
        wanted = model(ids, types, mask)
    inputs = {"input_ids": ids.numpy(), "token_type_ids": types.numpy(), "attention_mask": mask.numpy()}
    start, end, relevance = session.run(["start", "end", "relevance"], inputs)
    inside = mask.numpy() > 0
    assert np.allclose(start[inside], wanted.start.numpy()[inside], atol=1e-3)
    assert np.allclose(end[inside], wanted.end.numpy()[inside], atol=1e-3)
    assert np.allclose(relevance, wanted.relevance.numpy(), atol=1e-3)


def test_rows_are_scaled_by_their_largest_value() -> None:
    table = np.array([[1.0, -2.0], [0.0, 0.0]], dtype=np.float32)
    small, scale = rows_to_int8(table)
    assert np.allclose(small * scale, table, atol=0.01)
    assert small.dtype == np.int8
