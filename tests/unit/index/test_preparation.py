from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.index import preparation
from onrecord.index.passages import context
from onrecord.index.preparation import embedded_texts, prepare
from onrecord.index.records import Article, Lead
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from onrecord.index.records import Passage

DAM = "The dam held through the night.\n\n“And it will hold again,” he added.\n\nRain is forecast for the whole of May."


def article(name: str, text: str = DAM) -> Article:
    return Article.create(source=f"text:{name}", text=text, title=name)


def silent(_what: str, _done: int, _total: int) -> None:
    """Report no progress."""


def test_the_leads_of_an_article_are_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(of: Article, passages: Sequence[Passage]) -> tuple[Lead, ...]:
        asked.append(of.title)
        return context.leads(of, passages)

    monkeypatch.setattr(preparation, "leads", counted)
    prepare([article("dam"), article("weir")], HashingEmbedder(), {}, silent)
    assert asked == ["dam", "weir"]


def test_what_is_stored_of_a_passage_is_its_lead_and_the_vector_of_what_is_embedded_for_it() -> None:
    embedder, dam = HashingEmbedder(), article("dam")
    (new,) = prepare([dam], embedder, {}, silent)
    passages = [each.passage for each in new.passages]
    assert [passage.lead.of(dam.text) for passage in passages] == [
        "",
        "The dam held through the night.",
        "“And it will hold again,” he added.",
    ]
    texts = embedded_texts(dam, passages)
    assert embedder.embedded == list(texts.values())
    assert texts[1] == f"dam\nThe dam held through the night.\n{passages[1].text}"
    for each in new.passages:
        assert each.vector is not None
        assert each.vector.tolist() == embedder.encode_query(texts[each.passage.ordinal]).tolist()


def test_a_text_whose_vector_is_known_is_not_embedded_again() -> None:
    embedder, dam = HashingEmbedder(), article("dam")
    (first,) = prepare([dam], embedder, {}, silent)
    texts = embedded_texts(dam, [each.passage for each in first.passages])
    known = {texts[each.passage.ordinal]: each.vector for each in first.passages[1:] if each.vector is not None}
    again = HashingEmbedder()
    prepare([dam], again, known, silent)
    assert again.embedded == [texts[0]]
