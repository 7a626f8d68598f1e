"""Whatever happens to the derived files, the corpus answers from what is committed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from onrecord.index.errors import StoreError
from tests.articles import BRIDGE, HARBOUR, ORCHARD, found
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


from tests.integration.corpora import opened

CRANE = "Its new crane lifts forty tonnes."
RIBBON = "Mayor Alder cut the ribbon."


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def delete(path: Path) -> None:
    path.unlink()


DERIVED = [
    "vectors.faiss",
    "lexical/*.store",
    "lexical/*.term",
    "lexical/*.idx",
    "lexical/*.fast",
    "lexical/*.fieldnorm",
]


@pytest.mark.parametrize("damage", [spoil, truncate, empty, delete])
@pytest.mark.parametrize("name", [*DERIVED, "lexical/meta.json", "lexical/manifest.json", "lexical/.managed.json"])
def test_a_damaged_derived_file_is_made_again(tmp_path: Path, name: str, damage: Callable[[Path], None]) -> None:
    with opened(tmp_path) as corpus:
        corpus.add([HARBOUR])
        corpus.add([BRIDGE])
        corpus.remove(BRIDGE.id)
        corpus.add([ORCHARD])
        expected = corpus.search("the crane and the pears", k=9)
    files = list(tmp_path.glob(name))
    assert files
    for file in files:
        damage(file)
    embedder = HashingEmbedder()
    with opened(tmp_path, embedder) as corpus:
        result = corpus.search("the crane and the pears", k=9)
        assert [hit.passage for hit in result.hits] == [hit.passage for hit in expected.hits]
        assert result.generation == 4
        assert embedder.embedded == []
        corpus.add([BRIDGE])
        assert found(corpus, "ribbon") == [RIBBON]


@pytest.mark.parametrize("name", ["vectors.faiss", "lexical"])
def test_a_derived_index_that_lags_is_caught_up(tmp_path: Path, name: str) -> None:
    data, old = tmp_path / "data", tmp_path / "old"
    with opened(data) as corpus:
        corpus.add([HARBOUR, ORCHARD])
    shutil.copytree(data, old)
    with opened(data) as corpus:
        corpus.remove(HARBOUR.id)
        corpus.add([BRIDGE])
    replace(old / name, data / name)
    with opened(data) as corpus:
        assert found(corpus, "ribbon") == [RIBBON]
        assert found(corpus, "crane forty tonnes") == []
        assert len(corpus.search("x", k=9).hits) == 4


@pytest.mark.parametrize("name", ["vectors.faiss", "lexical"])
def test_a_derived_index_of_another_directory_is_not_believed(tmp_path: Path, name: str) -> None:
    with opened(tmp_path / "data") as corpus:
        corpus.add([HARBOUR])
    with opened(tmp_path / "other") as corpus:
        corpus.add([ORCHARD])
    replace(tmp_path / "other" / name, tmp_path / "data" / name)
    with opened(tmp_path / "data") as corpus:
        assert found(corpus, "crane") == [CRANE]
        assert found(corpus, "pears") == []
        assert {hit.article.id for hit in corpus.search("pears", k=9).hits} == {HARBOUR.id}


def test_a_derived_index_is_not_believed_after_a_backup_was_restored(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    with opened(data) as corpus:
        corpus.add([HARBOUR])
    shutil.copytree(data, backup)
    with opened(data) as corpus:
        corpus.add([ORCHARD])
    with opened(backup) as corpus:
        corpus.add([BRIDGE])  # the same generation by another road
    for name in ("vectors.faiss", "lexical"):
        replace(data / name, backup / name)
    with opened(backup) as corpus:
        assert found(corpus, "ribbon") == [RIBBON]
        assert found(corpus, "pears") == []


def replace(source: Path, target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def test_another_embedder_makes_all_vectors_anew(tmp_path: Path) -> None:
    with opened(tmp_path, HashingEmbedder("old", dimension=64)) as corpus:
        corpus.add([HARBOUR, ORCHARD])
    embedder = HashingEmbedder("new", dimension=32)
    with opened(tmp_path, embedder) as corpus:
        assert len(embedder.embedded) == 5
        assert corpus.generation == 2
        hit = corpus.search("harbour\nA ferry calls twice a day.", k=1).hits[0]
        assert hit.passage.text == "A ferry calls twice a day."
        assert hit.dense == pytest.approx(1.0, abs=1e-5)
    embedder = HashingEmbedder("new", dimension=32)
    with opened(tmp_path, embedder):
        assert embedder.embedded == []


def test_who_still_has_the_old_embedder_is_told_so(tmp_path: Path) -> None:
    with opened(tmp_path, HashingEmbedder("old")) as corpus:
        corpus.add([HARBOUR])
        with opened(tmp_path, HashingEmbedder("new")) as other:
            assert found(other, "crane") == [CRANE]
        with pytest.raises(StoreError, match="embedded again with new@256") as refused:
            corpus.search("crane", k=1)
        assert refused.value.hint
        with pytest.raises(StoreError):
            corpus.add([BRIDGE])
    with opened(tmp_path, HashingEmbedder("new")) as corpus:
        assert found(corpus, "crane") == [CRANE]
