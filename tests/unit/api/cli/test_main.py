from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from onrecord.api import wiring
from onrecord.api.cli.main import app
from onrecord.api.settings import Settings, variable
from onrecord.index.errors import StoreBusy
from tests.fakes import HashingEmbedder
from tests.unit.index.sources.documents import column, pdf

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

BRIDGE = """A bridge closes

The harbour bridge will close on 3 March, the port authority said on Monday.

Ferries will run every ten minutes, its head told reporters.
"""
SCHOOL = """A school opens

The new school on Mill Lane opened its doors to 300 pupils on Tuesday morning.
"""


class ReadyEmbedder(HashingEmbedder):
    def warm_up(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.setenv("ONRECORD_MIN_CONFIDENCE", "0.3")
    monkeypatch.setattr(wiring, "_shared_embedder", lambda _model, _threads: ReadyEmbedder())
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    (articles / "school.md").write_text(SCHOOL, encoding="utf-8")


def onrecord(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code, result.output
    return result


def ids() -> dict[str, str]:
    lines = onrecord("articles").stdout.splitlines()
    return {line.split(maxsplit=2)[2]: line.split()[0] for line in lines}


def test_indexing_prints_what_it_did_to_each_article() -> None:
    first = onrecord("index", "articles")
    assert [line.split()[0] for line in first.stdout.splitlines()[:-1]] == ["added", "added"]
    assert first.stdout.splitlines()[-1] == "2 added, 0 changed, 0 unchanged, 0 refused"


def test_links_to_folders_are_told_and_change_no_exit_code(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "more.txt").write_text(SCHOOL, encoding="utf-8")
    (tmp_path / "articles" / "more").symlink_to(tmp_path / "elsewhere")
    told = onrecord("index", "articles")
    assert told.stdout.splitlines()[-1] == "2 added, 0 changed, 0 unchanged, 0 refused"
    assert "passed over articles/more: the link leads to a folder elsewhere" in told.stderr
    assert "passed over" not in onrecord("index", "articles", "elsewhere").stderr


def test_two_lines_of_one_file_with_one_id_are_both_there(tmp_path: Path) -> None:
    lines = [
        {"text": "The quay closes.", "title": "Quay", "id": 7},
        {"text": "The bath opens.", "title": "Bath", "id": 7},
    ]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert onrecord("index", "lines.jsonl").stdout.splitlines()[-1] == "2 added, 0 changed, 0 unchanged, 0 refused"
    assert ids().keys() == {"Quay", "Bath"}


def test_indexing_again_refreshes_only_what_changed(tmp_path: Path) -> None:
    onrecord("index", "articles")
    (tmp_path / "articles" / "school.md").write_text(SCHOOL.replace("300", "310"), encoding="utf-8")
    assert onrecord("index", "articles").stdout.splitlines()[-1] == "0 added, 1 changed, 1 unchanged, 0 refused"


def test_a_file_given_twice_is_indexed_once() -> None:
    result = onrecord("index", "articles/bridge.txt", "articles/../articles", "articles/bridge.txt")
    assert result.stdout.splitlines()[-1] == "2 added, 0 changed, 0 unchanged, 0 refused"


def test_a_refused_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "articles" / "broken.txt").write_bytes(b"\xff\xfe\xfa\xff\x00")
    (tmp_path / "articles" / "empty.txt").write_text("")
    result = onrecord("index", "nowhere.txt", "http://127.0.0.1/a", "articles", code=1)
    assert result.stdout.splitlines()[-1] == "2 added, 0 changed, 0 unchanged, 4 refused"
    refused = [line for line in result.stderr.splitlines() if line.startswith("refused")]
    assert len(refused) == 4
    assert any("nowhere.txt does not exist" in line for line in refused)
    assert any("http://127.0.0.1/a: 127.0.0.1 is a loopback address" in line for line in refused)
    assert set(ids()) == {"A bridge closes", "A school opens"}


def test_more_articles_than_one_batch_holds_are_all_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.index.adding.batches.BATCH_ARTICLES", 3)
    for number in range(8):
        (tmp_path / "articles" / f"{number}.txt").write_text(f"Number {number}\n\nThis is article number {number}.")
    assert onrecord("index", "articles").stdout.splitlines()[-1] == "10 added, 0 changed, 0 unchanged, 0 refused"
    assert len(ids()) == 10


def test_an_answer_shows_the_quote_where_it_stands_and_how_sure_it_is() -> None:
    onrecord("index", "articles")
    result = onrecord("ask", "When will the harbour bridge close?")
    quote, place = result.stdout.splitlines()[:2]
    assert quote == "The harbour bridge will close on 3 March, the port authority said on Monday."
    start = BRIDGE.index(quote)
    assert f"A bridge closes · paragraph 2 · characters {start}–{start + len(quote)} · " in place
    assert re.search(r" the answer \(\d\.\d\d\)$", place)
    assert "\x1b" not in result.output


@pytest.mark.parametrize(("no_color", "bold"), [("", True), ("1", False)])
def test_the_words_that_answer_are_bold_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, no_color: str, *, bold: bool
) -> None:
    onrecord("index", "articles")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", no_color)
    assert ("\x1b[1m" in onrecord("ask", "When will the harbour bridge close?").stdout) == bold


def test_abstaining_is_a_success_and_shows_the_nearest_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    onrecord("index", "articles")
    monkeypatch.setenv("ONRECORD_MIN_CONFIDENCE", "1")
    result = onrecord("ask", "Who painted the harbour?")
    assert result.stdout.startswith("The articles do not answer this. Some passages come close")
    assert "1. The harbour bridge" in result.stdout


def test_asking_without_articles_says_how_to_add_some() -> None:
    assert "onrecord index PATH" in onrecord("ask", "Who?").stdout


def test_asking_for_json_prints_one_answer() -> None:
    onrecord("index", "articles")
    result = onrecord("ask", "When will the harbour bridge close?", "--json", "--top-k", "1")
    answer: dict[str, Any] = json.loads(result.stdout)
    assert answer["status"] == "answered"
    assert len(answer["passages"]) == 1
    assert result.stdout.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", ""),
        ("ask", "  "),
        ("ask", "x" * 1001),
        ("ask", "a\udcffb"),
        ("ask", "x", "--top-k", "0"),
        ("ask", "x", "--top-k", "51"),
        ("ask", "x", "--colour"),
        ("ask",),
        ("index",),
        ("eval",),
        ("dance",),
        ("articles", "show"),
    ],
)
def test_wrong_usage_is_told_as_such(arguments: tuple[str, ...]) -> None:
    assert "Error" in onrecord(*arguments, code=2).stderr


def test_an_unknown_setting_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_DATADIR", "x")
    assert "ONRECORD_DATA_DIR" in onrecord("articles", code=2).stderr


def test_articles_can_be_listed_shown_and_removed() -> None:
    onrecord("index", "articles")
    assert onrecord("articles").stdout == onrecord("articles", "list").stdout
    article_id = ids()["A bridge closes"]
    shown = onrecord("articles", "show", article_id).stdout
    assert f"id:        {article_id}" in shown
    assert "paragraph 2 · body · characters 17–93\nThe harbour bridge will close" in shown
    onrecord("articles", "remove", article_id)
    assert set(ids()) == {"A school opens"}


def test_of_a_pdf_the_page_is_told_too(tmp_path: Path) -> None:
    pages = column("The pilots of Varn went on strike in May."), column("A pilot boat burnt down\nin the harbour.")
    (tmp_path / "strike.pdf").write_bytes(pdf(*pages, title="Pilots"))
    onrecord("index", "strike.pdf")
    assert "Pilots · page 2 · paragraph 2 · characters " in onrecord("ask", "Where burnt down a pilot boat?").stdout
    shown = onrecord("articles", "show", ids()["Pilots"]).stdout
    assert "page 1 · paragraph 1 · body · characters 0–" in shown


@pytest.mark.parametrize("command", ["show", "remove"])
def test_an_unknown_article_cannot_be_shown_or_removed(command: str) -> None:
    assert "error: There is no article 'none'" in onrecord("articles", command, "none", code=1).stderr


def test_the_data_directory_can_be_given_before_or_after_the_subcommand(tmp_path: Path) -> None:
    other = str(tmp_path / "other")
    onrecord("index", "articles", "--data", other)
    listed = onrecord("articles", "list", "--data", other).stdout
    assert len(listed.splitlines()) == 2
    assert onrecord("articles", "--data", other).stdout == listed
    assert onrecord("articles", "--data", other, "list").stdout == listed
    assert onrecord("articles").stdout == ""


def test_a_damaged_data_directory_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / ".onrecord").mkdir()
    (tmp_path / ".onrecord" / "corpus.db").write_bytes(b"this is no database" * 1000)
    for command in (["articles"], ["ask", "x"], ["index", "articles"]):
        assert "is damaged" in onrecord(*command, code=1).stderr


def test_an_interrupted_command_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(wiring, "open_corpus", interrupted)
    assert "Traceback" not in onrecord("articles", code=130).output


def test_what_was_committed_before_a_failure_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from onrecord.index.corpus import Corpus  # noqa: PLC0415 - after the environment of this test is set

    monkeypatch.setattr("onrecord.index.adding.batches.BATCH_ARTICLES", 1)
    add, calls = Corpus.add, []

    def add_once(self: Corpus, articles: Any, **options: Any) -> Any:
        calls.append(articles)
        if len(calls) > 1:
            raise StoreBusy("Another process is writing.", hint="Wait.")
        return add(self, articles, **options)

    monkeypatch.setattr(Corpus, "add", add_once)
    result = onrecord("index", str(tmp_path / "articles"), code=1)
    assert result.stdout.splitlines()[-1] == "1 added, 0 changed, 0 unchanged, 0 refused"
    assert "error: Another process is writing. Wait." in result.stderr


def test_text_that_a_terminal_would_obey_is_not_printed(tmp_path: Path) -> None:
    (tmp_path / "articles" / "bridge.txt").write_text(
        "A \x1b[31mred\x07 title\n\nThe \x1b[1mbold\u202e text stands here."
    )
    onrecord("index", "articles/bridge.txt")
    listed = onrecord("articles")
    shown = onrecord("articles", "show", listed.stdout.split()[0]).stdout
    for printed in (listed.stdout, shown):
        assert not {"\x1b", "\x07", "\u202e"} & set(printed)


HEAVY = {"torch", "sentence_transformers", "transformers"}


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["articles", "list"], ["articles", "show", "x"]])
def test_a_command_that_embeds_nothing_does_not_load_what_embeds(tmp_path: Path, arguments: list[str]) -> None:
    script = (
        "import sys\nfrom onrecord.api.cli.main import app\n"
        f"try:\n    app({arguments!r})\nexcept SystemExit:\n    print(sorted({HEAVY!r} & sys.modules.keys()))\n"
        "    print(sorted({'fastapi', 'uvicorn'} & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["[]", "[]"], done.stderr
