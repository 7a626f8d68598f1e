from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from onrecord.api import wiring
from onrecord.api.cli.main import app
from onrecord.api.settings import Settings, variable
from onrecord.index.errors import FetchError
from onrecord.index.sources.web.fetcher import Fetched
from tests.articles import article
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typer.testing import Result

URL = "https://news.example/page"


class OnePage:
    """The web, with one page on it that is gone when it is asked for a second time."""

    asked = 0

    def fetch(self, url: str, **_: object) -> Fetched:
        self.asked += 1
        if self.asked > 1:
            raise FetchError(f"{url} is gone.", hint="Check the address.", status=404)
        return Fetched(url, url, (article("page", "The ferry runs twice a day."),), etag='"1"')

    def expand(self, url: str) -> Iterator[Fetched]:
        yield self.fetch(url)


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.setattr(wiring, "_shared_embedder", lambda _model, _threads: HashingEmbedder())
    web = OnePage()
    monkeypatch.setattr(wiring, "fetcher", lambda _settings: web)
    (tmp_path / "bridge.txt").write_text("A bridge closes\n\nThe harbour bridge will close on 3 March.")


def onrecord(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code, result.output
    return result


def test_a_sound_directory_is_told_to_be_so() -> None:
    onrecord("index", "bridge.txt")
    assert onrecord("check").stdout == "1 articles, 2 passages, 1 vectors compared: sound\n"
    assert onrecord("check", "--sample", "0").stdout == "1 articles, 2 passages, 0 vectors compared: sound\n"


def test_damage_is_told_with_what_mends_it_and_mended(tmp_path: Path) -> None:
    onrecord("index", "bridge.txt")
    index = tmp_path / ".onrecord" / "vectors.faiss"
    index.write_bytes(index.read_bytes()[:-9])
    damaged = onrecord("check", code=1)
    assert "vectors.faiss is damaged" in damaged.stdout
    assert damaged.stdout.endswith(": 1 found damaged\n")
    assert "onrecord check --repair" in damaged.stderr
    mended = onrecord("check", "--repair").stdout.splitlines()
    assert mended[0].startswith("mended     ")
    assert mended[-1].endswith(": sound")


def test_where_there_is_nothing_to_check_that_is_told() -> None:
    assert "There is no corpus in" in onrecord("check", code=1).stderr


def test_compacting_gives_room_back(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").write_text(f"Report {number}\n\n" + f"word{number} " * 900)
    onrecord("index", ".")
    for line in onrecord("articles").stdout.splitlines()[5:]:
        onrecord("articles", "remove", line.split()[0])
    before, after = (int(word.replace(",", "")) for word in onrecord("compact").stdout.split()[1::3])
    assert after < before
    assert len(onrecord("articles").stdout.splitlines()) == 5
    assert onrecord("check").stdout.endswith(": sound\n")


def test_a_url_is_indexed_and_refreshed_when_it_is_due() -> None:
    onrecord("index", URL)
    assert onrecord("refresh").stdout == "0 fetched again, 0 refused\n"
    gone = onrecord("refresh", "--all", code=1)
    assert gone.stdout == "1 fetched again, 1 refused\n"
    assert f"refused    {URL}: {URL} is gone. Check the address." in gone.stderr
    assert "page" in onrecord("articles").stdout


@pytest.mark.parametrize("paths", [["bridge.txt"], [".", "."], ["nowhere"]])
def test_only_one_directory_can_be_watched(paths: list[str]) -> None:
    assert "one directory" in onrecord("index", "--watch", *paths, code=2).stderr
