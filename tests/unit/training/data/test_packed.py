from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from onrecord.rag.reading.encoding import Encoder, Limits
from training.data.packed import Example, Packed, pack
from training.data.splits import Span
from training.run.batches import Order, Windows, batches

WORDS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", *"abcdefgh"]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token=WORDS[3]))
    tokenizer.pre_tokenizer = Whitespace()
    return Encoder(tokenizer, Limits(window=16, overlap=4))


def example(passage: str, answer: str | None, question: str = "a b", title: str = "c", lead: str = "d") -> Example:
    start = passage.index(answer) if answer else 0
    span = Span(start, start + len(answer)) if answer else None
    return Example("one" if answer else "none", question, title, lead, passage, span)


def packed(encoder: Encoder, *examples: Example) -> Packed:
    return pack(examples, encoder, ("one", "none"))


def test_the_target_covers_the_answer_and_nothing_else(encoder: Encoder) -> None:
    windows = packed(encoder, example("a b e f g", "e f"))
    ids = windows.ids[windows.begin[0] : windows.end[0] + 1]
    assert [WORDS[index] for index in ids] == ["e", "f"]


def test_no_answer_points_at_cls(encoder: Encoder) -> None:
    windows = packed(encoder, example("a b e f g", None))
    assert (windows.begin.tolist(), windows.end.tolist()) == ([0], [0])


def test_only_the_window_that_holds_the_answer_is_kept(encoder: Encoder) -> None:
    windows = packed(encoder, example("a b " * 20 + "h", "h"))
    assert len(windows) == 1
    assert WORDS[windows.ids[windows.begin[0]]] == "h"


def test_without_an_answer_every_window_is_kept(encoder: Encoder) -> None:
    assert len(packed(encoder, example("a b " * 20, None))) > 1


def test_what_is_saved_is_loaded(encoder: Encoder, tmp_path: Path) -> None:
    windows = packed(encoder, example("a b e", "e"), example("g h", None))
    windows.save(tmp_path / "windows.npz")
    loaded = Packed.load(tmp_path / "windows.npz")
    assert loaded.names == windows.names
    for name in ("ids", "starts", "first", "passage", "begin", "end", "kinds"):
        assert np.array_equal(getattr(loaded, name), getattr(windows, name))


def test_a_batch_lets_spans_stand_in_the_passage_or_at_cls(encoder: Encoder) -> None:
    windows = packed(encoder, example("e f", "f"), example("g", None))
    batch = Windows(windows, torch.device("cpu")).batch(np.array([0, 1]))
    shown = [
        [WORDS[i] for i, allowed in zip(*row, strict=True) if allowed]
        for row in zip(batch.ids, batch.allowed, strict=True)
    ]
    assert shown == [["[CLS]", "e", "f"], ["[CLS]", "g"]]
    assert batch.types[0].tolist()[:5] == [0, 0, 0, 0, 1]
    assert batch.mask.sum(dim=1).tolist() == np.diff(windows.starts).tolist()
    assert batch.ids.shape[1] % 8 == 0


def test_batches_hold_every_window_once_within_the_token_budget(encoder: Encoder) -> None:
    windows = packed(encoder, *(example("e " * (1 + number % 7), None) for number in range(50)))
    made = list(batches(np.arange(50), windows.lengths(), 64, seed=3))
    assert sorted(np.concatenate(made).tolist()) == list(range(50))
    assert all(len(rows) * -(-int(windows.lengths()[rows].max()) // 8) * 8 <= 64 for rows in made)


def test_the_order_goes_on_where_it_was_left() -> None:
    whole = Order(60, seed=1)
    first = whole.chunk(20)
    second = whole.chunk(20)
    resumed = Order(60, 1, 20)
    assert sorted(first.tolist()) != sorted(second.tolist())
    assert resumed.chunk(20).tolist() == second.tolist()
    assert resumed.taken == whole.taken


def test_a_pass_shows_each_window_once_and_a_chunk_may_reach_into_the_next() -> None:
    order = Order(40, seed=1)
    assert sorted(order.chunk(40).tolist()) == list(range(40))
    assert len(order.chunk(100)) == 100


def test_windows_that_nobody_has_labelled_stand_beside_others(encoder: Encoder) -> None:
    one, other = packed(encoder, example("a b e", "e")), packed(encoder, example("g h", "h"))
    both = one.and_those(other.unlabelled())
    assert len(both) == 2
    assert both.begin.tolist() == [one.begin[0], -1]
    batch = Windows(both, torch.device("cpu")).batch(np.array([1]))
    assert batch.ids[0, : other.lengths()[0]].tolist() == other.ids.tolist()
    assert batch.begin.tolist() == [-1]
