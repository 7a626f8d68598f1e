"""ONNX models, run on the processor. onnxruntime is imported here and nowhere else, when a model is first read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def session(model: Path, *, weights: Path | None = None) -> Any:
    """Read a model as an `onnxruntime.InferenceSession`: one thread a call, and any number of calls side by side.

    Args:
        model: the ONNX file.
        weights: the folder of the files that hold the weights, where the model only tells where in them each begins;
            they are mapped, so what needs no other layout is never copied.

    Raises:
        Exception: what onnxruntime has for a file that it cannot use; its own classes are private.
    """
    import onnxruntime  # noqa: PLC0415 - onnxruntime: 0.15 s

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    providers = ["CPUExecutionProvider"]
    if weights is None:
        return onnxruntime.InferenceSession(str(model), options, providers=providers)
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(weights))
    return onnxruntime.InferenceSession(model.read_bytes(), options, providers=providers)
