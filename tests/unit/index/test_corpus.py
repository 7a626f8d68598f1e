"""The corpus over indexes in memory: what it makes of any index that keeps the protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from onrecord.index.corpus import Corpus
from onrecord.index.records import Article, Change
from onrecord.index.search.protocols import DamagedIndex
from tests.fakes import HashingEmbedder, MemoryLexicalHome, NumpyVectorHome

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = [
    Article.create(source="test:ferry", title="The ferry", text="The ferry carries forty cars.\n\nIt sails at noon."),
    Article.create(source="test:crane", title="The crane", text="The crane lifts forty tonnes of steel each hour."),
    Article.create(source="test:frost", title="Frost", text="Frost killed the blossom of the pears in April."),
]


class DamagedVectors(NumpyVectorHome):
    """Finds a file that is not as it was written."""

    def load(self, directory: Path) -> NoReturn:
        raise DamagedIndex(directory)


class DamagedWords(MemoryLexicalHome):
    """Finds a folder that is not as it was written, until it is begun again."""

    def open(self, directory: Path) -> NoReturn:
        raise DamagedIndex(directory)


class Homes:
    """The two homes that a test opens its corpora with."""

    def __init__(self) -> None:
        self.vectors: NumpyVectorHome = NumpyVectorHome()
        self.lexical: MemoryLexicalHome = MemoryLexicalHome()

    def open(self, directory: Path) -> Corpus:
        return Corpus.open(directory, HashingEmbedder(), vector_index=self.vectors, lexical_index=self.lexical)


@pytest.fixture
def homes() -> Homes:
    return Homes()


def titles(corpus: Corpus, question: str) -> list[str]:
    return [hit.article.title for hit in corpus.search(question, k=3).hits]


def test_what_is_added_is_found_and_what_is_removed_is_not(homes: Homes, tmp_path: Path) -> None:
    with homes.open(tmp_path) as corpus:
        assert corpus.add(ARTICLES) == (Change.ADDED,) * 3
        assert titles(corpus, "blossom of the pears")[0] == "Frost"
        corpus.remove(ARTICLES[2].id)
        assert "Frost" not in titles(corpus, "blossom of the pears")


def test_no_file_of_faiss_or_tantivy_is_written(homes: Homes, tmp_path: Path) -> None:
    with homes.open(tmp_path) as corpus:
        corpus.add(ARTICLES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus.db", "write.lock"]


def test_indexes_that_lag_are_caught_up_on_opening(homes: Homes, tmp_path: Path) -> None:
    with homes.open(tmp_path) as corpus:
        corpus.add(ARTICLES[:2])
    others = Homes()
    with others.open(tmp_path) as corpus:
        corpus.add(ARTICLES[2:])
        corpus.remove(ARTICLES[0].id)
    with homes.open(tmp_path) as corpus:
        assert sorted(titles(corpus, "forty frost")) == ["Frost", "The crane"]


def test_indexes_that_are_damaged_are_made_again(homes: Homes, tmp_path: Path) -> None:
    with homes.open(tmp_path) as corpus:
        corpus.add(ARTICLES)
    homes.vectors, homes.lexical = DamagedVectors(), DamagedWords()
    with homes.open(tmp_path) as corpus:
        assert [titles(corpus, question)[0] for question in ("cars", "steel", "pears")] == [
            "The ferry",
            "The crane",
            "Frost",
        ]


def test_the_same_is_found_as_with_faiss_and_tantivy(homes: Homes, tmp_path: Path) -> None:
    questions = ["How many cars does the ferry carry?", "what lifts steel", "forty", "When does it sail?", "pears"]
    with homes.open(tmp_path / "memory") as ours, Corpus.open(tmp_path / "disk", HashingEmbedder()) as theirs:
        ours.add(ARTICLES)
        theirs.add(ARTICLES)
        for question in questions:
            assert titles(ours, question)[0] == titles(theirs, question)[0]
