from __future__ import annotations

import dataclasses
import os
from datetime import date
from typing import TYPE_CHECKING

import pytest

from onrecord.index import errors
from onrecord.index.atomic import replace_file
from onrecord.index.records import Article, Filter, PassageKind
from onrecord.index.store.write_lock import WriteLock

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = Article.create(source="file:///a.txt", text="Text", title="Title")


def test_the_source_alone_decides_the_id() -> None:
    changed = Article.create(source=ARTICLE.source, text="Other", title="Other")
    assert changed.id == ARTICLE.id
    assert len(ARTICLE.id) == 16
    assert Article.create(source="file:///b.txt", text="Text", title="Title").id != ARTICLE.id


@pytest.mark.parametrize(
    "change",
    [{"text": "Text "}, {"title": "Titles"}, {"url": "https://x"}, {"author": "A"}, {"published": date(2020, 1, 1)}],
)
def test_any_change_of_what_is_shown_changes_the_content_hash(change: dict[str, object]) -> None:
    fields = {"source": ARTICLE.source, "text": ARTICLE.text, "title": ARTICLE.title} | change
    assert Article.create(**fields).content_hash != ARTICLE.content_hash  # type: ignore[arg-type]


def test_values_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ARTICLE.text = "x"  # type: ignore[misc]


def test_what_answers() -> None:
    assert [kind.value for kind in PassageKind if kind.answers] == ["body", "caption"]


def test_an_empty_list_of_articles_restricts_and_an_empty_filter_does_not() -> None:
    assert Filter(article_ids=()).restricts
    assert not Filter().restricts


def test_the_error_tree_is_the_one_in_the_docstring() -> None:
    documented = {word for word in (errors.__doc__ or "").split() if isinstance(getattr(errors, word, None), type)}
    tree = {name for name, thing in vars(errors).items() if isinstance(thing, type)}
    assert documented == tree
    assert all(issubclass(getattr(errors, name), errors.OnRecordError) for name in tree)


def test_an_error_holds_message_and_hint_apart_and_together() -> None:
    error = errors.StoreBusy("It is busy.", hint="Wait.")
    assert (error.message, error.hint, str(error)) == ("It is busy.", "Wait.", "It is busy. Wait.")
    assert str(errors.StoreBusy("It is busy.")) == "It is busy."


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    replace_file(path, b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_a_failed_replacement_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    replace_file(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_the_write_lock_is_shared_within_and_exclusive_between_holders(tmp_path: Path) -> None:
    ours, theirs = WriteLock(tmp_path), WriteLock(tmp_path)
    with ours.held(), ours.held(), pytest.raises(errors.StoreBusy, match="Another process"), theirs.held():
        pass
    with theirs.held(), pytest.raises(errors.StoreBusy), ours.held():
        pass
