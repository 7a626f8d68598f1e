"""Models are found on this machine: in a folder, or in its Hugging Face cache. Nothing is ever downloaded."""

from __future__ import annotations

from pathlib import Path

from onrecord.index.errors import ModelUnavailable


def local_folder(name: str, *, setting: str) -> Path:
    """The folder of a model given as a path, or by the name that this machine's Hugging Face cache has it under.

    Args:
        name: what the user gave.
        setting: the environment variable that it was given with, for the message.

    Raises:
        ModelUnavailable: it is neither.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - huggingface_hub: 0.2 s
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415 - likewise

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError) as error:
        raise ModelUnavailable(
            f"The model {name!r} is neither a folder nor in this machine's Hugging Face cache.",
            hint=f"Where a network is: hf download {name}; or set {setting} to a folder with the model, or unset it.",
        ) from error
