from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pytest

from onrecord.index import sources
from onrecord.index.errors import SourceError, UnreadableSource
from onrecord.index.passages.split import split
from onrecord.index.sources.document import LARGEST_DOCUMENT
from onrecord.index.sources.readers.text import article_from_text

if TYPE_CHECKING:
    from pathlib import Path

BODY = "The harbour of Larnholm was dredged in spring, and the work cost four million crowns in all."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_is_stored_character_for_character_without_its_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    text = "Tïtle 👍🏽\r\n\r\nשלום e\u0301\u2028.\n"
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    file = tmp_path / "a.txt"
    file.write_bytes(mark + text.encode(encoding))
    article = sources.load(file)
    assert article.text == text
    assert article.title == "Tïtle 👍🏽"
    assert article.source == file.resolve().as_uri()


def test_a_file_has_one_id_however_its_path_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / "link.txt").symlink_to("a.txt")
    monkeypatch.chdir(tmp_path)
    relative = type(tmp_path)("a.txt")
    assert sources.load(relative).id == sources.load(tmp_path / "a.txt").id == sources.load(tmp_path / "link.txt").id


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (b"caf\xe9", "not UTF-8 text", "iconv"),
        (b"\xff\xfea", "not UTF-16 text", "iconv"),
        (b"a\x00b", "NUL", "text or Markdown"),
    ],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes, message: str, hint: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(content)
    with pytest.raises(UnreadableSource, match=message) as refused:
        sources.load(file)
    assert hint in refused.value.hint


@pytest.mark.parametrize("content", ["", " \r\n\u2028\ufeff", "— … !"])
def test_a_file_without_words_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(content)
    with pytest.raises(SourceError, match="holds no text"):
        sources.load(file)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(SourceError, match="surrogate"):
        article_from_text("a \ud83d b", source="text:a", name="a")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    with file.open("wb") as sparse:
        sparse.truncate(LARGEST_DOCUMENT + 1)
    with pytest.raises(UnreadableSource, match="larger than 20 MiB"):
        sources.load(file)


def test_a_directory_stands_for_the_article_files_below_it(tmp_path: Path) -> None:
    for name in ("b.md", "a.TXT", "deep/er/c.markdown", ".hidden.txt", ".git/d.txt", "e.png", "dir.txt/f.text"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(BODY)
    found = [path.relative_to(tmp_path).as_posix() for path in sources.discover(tmp_path)]
    assert found == ["a.TXT", "b.md", "deep/er/c.markdown", "dir.txt/f.text"]
    assert sources.discover(tmp_path / "b.md") == [tmp_path / "b.md"]


def test_what_cannot_be_an_article_is_refused_with_what_can(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for name, message in (
        ("pipe.txt", "of a kind"),
        ("missing.txt", "does not exist"),
        ("x" * 300 + ".txt", "cannot be read"),
    ):
        with pytest.raises(UnreadableSource, match=message) as refused:
            sources.discover(tmp_path / name)
        assert refused.value.hint
    with pytest.raises(UnreadableSource, match="No such file"):
        sources.load(tmp_path / "missing.txt")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Harbour dredged\n\n{BODY}", "Harbour dredged"),
        (f"# Harbour  dredged #\n\n{BODY}", "Harbour  dredged"),
        (f"Skip to content\n\nAdvertisement\n\nHarbour dredged\n\nBy Jane Roe\n\n{BODY}", "Harbour dredged"),
        (f"By Jane Roe\n\nHarbour\tdredged\n\n{BODY}", "Harbour dredged"),
        (f"{BODY}\n\n{BODY}", "the file name"),
        ("Harbour dredged", "the file name"),
        ("Note:\n\nMind the step.", "the file name"),
    ],
)
def test_the_title_is_the_first_headline_or_the_name(text: str, title: str) -> None:
    assert article_from_text(text, source="text:a", name="the-file_name").title == title


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Published Nov. 4, 2024, 10:15 AM", date(2024, 11, 4)),
        ("November 4, 2024", date(2024, 11, 4)),
        ("Sept. 3, 2021 at 5 p.m.", date(2021, 9, 3)),
        ("Mon, 4 Nov 2024 09:00 GMT", date(2024, 11, 4)),
        ("3rd March 2020", date(2020, 3, 3)),
        ("Posted on 2023-02-28", date(2023, 2, 28)),
        ("Updated on 2023-02-28", None),  # the day of a change is not that of publication
        ("2023-02-30", None),
        ("Nov 4, 2024 was warm", None),
    ],
)
def test_a_date_line_in_the_head_dates_the_article(line: str, day: date | None) -> None:
    article = article_from_text(f"Harbour dredged\n\nBy Jane Roe\n\n{line}\n\n{BODY}", source="text:a", name="a")
    assert article.published == day
    assert article.author == "Jane Roe"


def test_a_byte_order_mark_does_not_move_offsets(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(f"\ufeffTitle\r\n\r\n{BODY}".encode())
    article = sources.load(file)
    assert [article.text[p.start : p.end] for p in split(article)] == ["Title", BODY]


def test_below_a_root_an_article_keeps_its_id_wherever_the_root_is(tmp_path: Path) -> None:
    for project in ("here", "there"):
        (tmp_path / project / "news").mkdir(parents=True)
        (tmp_path / project / "news" / "a.txt").write_text("Words.")
    here, there = (
        sources.load(tmp_path / project / "news" / "a.txt", root=tmp_path / project) for project in ("here", "there")
    )
    assert here.source == there.source == "file:news/a.txt"
    assert here.id == there.id
    assert sources.load(tmp_path / "here" / "news" / "a.txt", root=tmp_path / "there").id != here.id


def test_links_to_folders_are_not_followed_and_can_be_told(tmp_path: Path) -> None:
    for folder in ("given/deep", "given/.hidden", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.txt").write_text(BODY)
    (tmp_path / "given" / "deep" / "out").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "given" / ".hidden" / "out").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "given" / "round").symlink_to(tmp_path / "given" / "deep")
    (tmp_path / "given" / "file.txt").symlink_to(tmp_path / "elsewhere" / "a.txt")
    (tmp_path / "given" / "lost.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "given" / "lost.png").symlink_to(tmp_path / "nowhere.png")
    given = tmp_path / "given"
    assert sources.discover(given) == [given / "deep" / "a.txt", given / "file.txt"]
    assert sources.passed_over(given) == [given / "deep" / "out", given / "lost.txt"]
    assert sources.passed_over(tmp_path) == [given / "lost.txt"]
    assert sources.passed_over(given / "file.txt") == []
    assert sources.discover(given / "deep" / "out") == [given / "deep" / "out" / "a.txt"]
