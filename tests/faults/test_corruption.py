"""Bytes are changed, cut off and removed, and files of another model swapped in: the truth answers, or nothing does."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest

from onrecord.index.corpus import Corpus
from onrecord.index.errors import OnRecordError
from tests.fakes import HashingEmbedder
from tests.faults import model

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.index.records import Article

pytestmark = pytest.mark.integration

SEED, COMMITS = 3, 9
STATE = model.states(SEED, COMMITS, removing=0.3)[COMMITS]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which a life of nine commits was lived."""
    directory = tmp_path_factory.mktemp("whole") / "data"
    live(directory, model.embedder())
    return directory


def live(directory: Path, embedder: HashingEmbedder) -> None:
    with Corpus.open(directory, embedder) as corpus:
        for step, _ in zip(model.steps(SEED, removing=0.3), range(COMMITS), strict=False):
            if step.removed is not None:
                corpus.remove(step.removed)
            else:
                corpus.add(step.added)


def answers_or_says_what_to_run(directory: Path, expected: dict[str, Article]) -> str:
    """What asking a directory comes to: `answered` rightly, `refused` with what to do, or else what is wrong."""
    try:
        with Corpus.open(directory, model.embedder()) as corpus:
            told = model.problems(corpus, expected)
    except OnRecordError as error:
        return "refused" if error.hint else "refused without a hint"
    return "answered" if not told else "; ".join(told)


def derived(directory: Path) -> list[str]:
    """One derived file of each kind, by its path in the directory."""
    files = sorted(path for path in directory.rglob("*") if path.is_file() and path.suffix != ".lock")
    ours = [path for path in files if not path.name.startswith("corpus.db")]
    by_kind = {path.suffix if path.suffix != ".json" else path.name: path for path in ours}
    return sorted(str(path.relative_to(directory)) for path in by_kind.values())


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 4)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def cut(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def overwrite(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    content[at : at + 512] = chance.randbytes(min(512, len(content) - at))
    path.write_bytes(content)


def remove(path: Path, _chance: random.Random) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [flip, cut, overwrite, remove])
def test_damaged_derived_files_never_change_an_answer(whole: Path, tmp_path: Path, damage: object) -> None:
    for number, name in enumerate(derived(whole)):
        chance = random.Random(f"{damage} {name}")
        directory = tmp_path / str(number)
        shutil.copytree(whole, directory)
        damage(directory / name, chance)  # type: ignore[operator]
        assert answers_or_says_what_to_run(directory, STATE) == "answered", name


@pytest.mark.parametrize("number", range(40))
def test_a_damaged_database_answers_from_its_articles_or_says_what_to_run(
    whole: Path, tmp_path: Path, number: int
) -> None:
    chance = random.Random(f"database {number}")
    directory = tmp_path / "data"
    shutil.copytree(whole, directory)
    chance.choice((flip, flip, overwrite, cut))(directory / "corpus.db", chance)
    if chance.random() < 0.5:  # so that all of it is read
        (directory / "vectors.faiss").unlink()
        shutil.rmtree(directory / "lexical")
    assert answers_or_says_what_to_run(directory, STATE) in ("answered", "refused")


def test_a_database_that_is_gone_leaves_no_passage_to_be_found(whole: Path, tmp_path: Path) -> None:
    directory = tmp_path / "data"
    shutil.copytree(whole, directory)
    (directory / "corpus.db").unlink()
    assert answers_or_says_what_to_run(directory, {}) == "answered"


def test_files_of_another_model_are_never_searched(whole: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    live(other, HashingEmbedder("another", dimension=model.DIMENSION))
    for name in ("vectors.faiss", "lexical"):
        directory = tmp_path / name
        shutil.copytree(whole, directory)
        if (other / name).is_dir():
            shutil.rmtree(directory / name)
            shutil.copytree(other / name, directory / name)
        else:
            shutil.copy(other / name, directory / name)
        assert answers_or_says_what_to_run(directory, STATE) == "answered"
    directory = tmp_path / "database"
    shutil.copytree(whole, directory)
    shutil.copy(other / "corpus.db", directory / "corpus.db")
    assert answers_or_says_what_to_run(directory, STATE) == "answered"
