"""What is given away: the source distribution, and the wheel that is made of it."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.integration


def built(target: str, source: Path, folder: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    return next(path for path in folder.iterdir() if path.is_file())


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(built("sdist", ROOT, folder)) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    return ZipFile(built("wheel", source, tmp_path_factory.mktemp("wheel")))


def test_the_source_distribution_holds_the_licence_and_the_notice(source: Path) -> None:
    for name in ("LICENSE", "NOTICE"):
        assert (source / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_wheel_holds_the_licence_the_notice_and_what_notice_names(wheel: ZipFile) -> None:
    names = wheel.namelist()
    for name in ("LICENSE", "NOTICE"):
        (packed,) = [each for each in names if each.endswith(f".dist-info/licenses/{name}")]
        assert wheel.read(packed) == (ROOT / name).read_bytes()
    for named in ("rag/models/reader/MODEL_CARD.md", "api/http/page/static/newsreader-licence.txt"):
        assert f"onrecord/{named}" in names


def test_nothing_of_the_sample_articles_is_given_away(source: Path, wheel: ZipFile) -> None:
    sample = next((ROOT / "seeds").glob("*.txt")).name
    assert not list(source.rglob(sample))
    assert not [name for name in wheel.namelist() if name.endswith(sample)]


def test_the_wheel_says_under_which_licence_it_is_and_where_it_runs(wheel: ZipFile) -> None:
    (metadata,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    told = Parser().parsestr(wheel.read(metadata).decode())
    assert told["License-Expression"] == "Apache-2.0"
    assert told.get_all("License-File") == ["LICENSE", "NOTICE"]
    assert told["Requires-Python"] == ">=3.11"
