"""The model that is shipped, as files: loaded, moved, damaged."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import onrecord.index.search.vectors  # noqa: F401 - faiss is loaded before torch, as the product does
from onrecord.index.embedding import minilm
from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
from onrecord.index.errors import ModelUnavailable
from training.network.minilm import build
from training.network.start import base_folder

pytestmark = pytest.mark.integration

PAGES = Path(__file__).parents[1] / "pages"


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "copy"
    shutil.copytree(base_folder(), folder)
    return folder


@pytest.fixture(scope="module")
def changed_folder(model_folder: Path) -> Path:
    """The same weights in files that are not those published: a model of somebody else's."""
    folder = model_folder.with_name("changed")
    shutil.copytree(model_folder, folder)
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text() + "\n")
    return folder


LOADING = """
import socket, sys, warnings
def refuse(*_): raise AssertionError('the network was touched')
socket.socket.connect = socket.getaddrinfo = refuse
import onrecord.index.corpus
from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
warnings.simplefilter('default')
embedder = SentenceTransformerEmbedder({model!r}, threads=1)
embedder.warm_up()
"""


def test_the_shipped_model_is_loaded_without_torch_or_a_word_or_a_connection() -> None:
    code = LOADING.format(model=None)
    assert run(f"{code}assert not {{'torch', 'transformers', 'sentence_transformers'}} & {{*sys.modules}}") == ""


def test_loading_a_model_of_others_prints_nothing_and_opens_no_connection(changed_folder: Path) -> None:
    code = LOADING.format(model=str(changed_folder))
    said = run(f"{code}assert list(sys.modules).index('faiss') < list(sys.modules).index('torch')")
    assert "Loading weights" not in said
    assert "%|" not in said


def test_the_shipped_model_gives_the_vectors_of_sentence_transformers(changed_folder: Path) -> None:
    """On a thousand questions, and on what is no question: so corpora embedded by either stay as they are."""
    words = [word for page in sorted(PAGES.glob("*.txt")) for word in page.read_text("utf-8").split()]
    asked = [f"Who said that {' '.join(words[at : at + 3 + at % 24])} in {at}?" for at in range(0, 2 * 1000, 2)]
    odd = ["", "x", "[SEP] [MASK]", "\u200b\u2028", "👩‍👩‍👧‍👦", "שלום", "가나다라" * 60, " ".join(words[:900])]
    texts = [*asked, *odd]
    assert len({*asked}) == 1000
    ours = SentenceTransformerEmbedder(threads=2).encode_passages(texts)
    theirs = SentenceTransformerEmbedder(str(changed_folder), threads=1).encode_passages(texts)
    assert (ours * theirs).sum(axis=1).min() >= 0.9999
    assert np.abs(ours - theirs).max() < 1e-5


def test_the_graph_that_is_shipped_is_the_one_that_training_writes() -> None:
    assert minilm.GRAPH.read_bytes() == build(base_folder()).SerializeToString(deterministic=True)


def test_a_fingerprint_follows_the_files_and_not_the_folder(model_folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "copy"
    shutil.copytree(model_folder, moved)
    before = SentenceTransformerEmbedder(str(model_folder), threads=1).fingerprint
    assert SentenceTransformerEmbedder(str(moved), threads=1).fingerprint == before
    pooling = moved / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text() + "\n")
    assert SentenceTransformerEmbedder(str(moved), threads=1).fingerprint != before


def test_the_shipped_model_has_the_fingerprint_that_directories_were_made_with() -> None:
    assert SentenceTransformerEmbedder(threads=1).fingerprint == "all-MiniLM-L6-v2@a683a6d1843b7e38"


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
