import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from onrecord.rag.reading.encoding import Encoder, Limits, ModelInput, ReaderInput, Window

PAD, UNK, CLS, SEP = 0, 1, 2, 3
WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[",
    "]",
    "sep",
    "who",
    "left",
    "the",
    "city",
    "cafe",
    "##s",
    "a",
    "b",
    "c",
    "d",
    "e",
]


def tokenizer(words: list[str] = WORDS) -> Tokenizer:
    made = Tokenizer(WordPiece({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))  # noqa: S106 - no password
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    made.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    return made


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(tokenizer())


def only(windows: list[Window]) -> Window:
    assert len(windows) == 1
    return windows[0]


def covered(window: Window, passage: str) -> list[str]:
    return [passage[start:end] for start, end in window.offsets.tolist()]


def test_parts_stand_in_order_between_separators(encoder: Encoder) -> None:
    window = only(encoder.windows(ReaderInput("who left", "the city", "a b", "c d e")))
    names = [WORDS[index] for index in window.ids]
    assert names == ["[CLS]", "who", "left", "[SEP]", "the", "city", "[SEP]", "a", "b", "c", "d", "e", "[SEP]"]
    assert window.type_ids.tolist() == [0] * 4 + [1] * 9
    assert window.passage_start == 9
    assert covered(window, "c d e") == ["c", "d", "e"]


def test_title_and_lead_may_be_empty(encoder: Encoder) -> None:
    window = only(encoder.windows(ReaderInput("who", "", "", "a")))
    assert [WORDS[index] for index in window.ids] == ["[CLS]", "who", "[SEP]", "[SEP]", "a", "[SEP]"]


def test_a_row_is_read_behind_the_headings_of_its_columns_and_only_its_own_words_have_a_place(encoder: Encoder) -> None:
    row = "a | b"
    window = only(encoder.windows(ReaderInput.of("who left", "", "c | d", row)))
    assert len(window.ids) - window.passage_start - 1 == len(["c", ":", "a", ".", "d", ":", "b", "."])
    assert covered(window, row) == ["", "", "a", "", "", "", "b", ""]
    assert ReaderInput.of("who left", "the", "a b", "c d e") == ReaderInput("who left", "the", "a b", "c d e")


def test_a_literal_separator_is_text_like_any_other(encoder: Encoder) -> None:
    text = "the [SEP] city"
    window = only(encoder.windows(ReaderInput("who [SEP]", "[SEP]", "[SEP]", text)))
    assert window.ids.tolist().count(SEP) == 3
    assert covered(window, text) == ["the", "[", "SEP", "]", "city"]


@pytest.mark.parametrize(
    "passage",
    [
        "the 😀 city left",
        unicodedata.normalize("NFD", "the café s city"),
        "the\u00a0city\u2028left",
        "“the city” — a’s b…",
        "the 👩‍👩‍👧 cafés left",
    ],
)
def test_offsets_are_code_points_of_the_original_passage(encoder: Encoder, passage: str) -> None:
    window = only(encoder.windows(ReaderInput("who", "a", "b", passage)))
    for index, (start, end) in zip(window.ids[window.passage_start :], window.offsets.tolist(), strict=False):
        piece = unicodedata.normalize("NFD", passage[start:end].lower())
        plain = "".join(char for char in piece if not unicodedata.combining(char))
        if index != UNK:
            assert plain == WORDS[index].removeprefix("##")
    assert window.offsets[-1, 1] <= len(passage)


def test_each_part_is_cut_to_its_limit_and_the_lead_keeps_its_end() -> None:
    encoder = Encoder(tokenizer(), Limits(question=2, title=1, lead=2, window=32, overlap=4))
    window = only(encoder.windows(ReaderInput("who left the city", "the city", "a b c d", "e")))
    names = [WORDS[index] for index in window.ids]
    assert names == ["[CLS]", "who", "left", "[SEP]", "the", "[SEP]", "c", "d", "e", "[SEP]"]


@pytest.mark.parametrize("count", [1, 11, 12, 13, 19, 20, 21, 57])
def test_windows_cover_a_long_passage_in_order_and_overlap(count: int) -> None:
    limits = Limits(question=4, title=4, lead=4, window=16, overlap=4)
    passage = " ".join("abcde"[number % 5] for number in range(count))
    windows = Encoder(tokenizer(), limits).windows(ReaderInput("", "", "", passage))
    starts = [int(window.offsets[0, 0]) for window in windows]
    assert starts == sorted(set(starts))
    assert {place for window in windows for place in window.offsets[:, 0].tolist()} == set(range(0, 2 * count, 2))
    assert all(len(window.ids) <= limits.window for window in windows)
    for before, after in pairwise(windows):
        assert len(set(before.offsets[:, 0].tolist()) & set(after.offsets[:, 0].tolist())) >= limits.overlap


@pytest.mark.parametrize("passage", ["", "   ", "\u200b"])
def test_a_passage_without_tokens_has_no_window(encoder: Encoder, passage: str) -> None:
    assert encoder.windows(ReaderInput("who", "", "", passage)) == []


def test_a_window_goes_into_the_model_alone_and_whole(encoder: Encoder) -> None:
    window = only(encoder.windows(ReaderInput("who", "the", "b", "a b c")))
    given = ModelInput.of(window)
    assert {array.dtype for array in given} == {np.dtype(np.int64)}
    assert given.input_ids.tolist() == [window.ids.tolist()]
    assert given.token_type_ids.tolist() == [window.type_ids.tolist()]
    assert given.attention_mask.tolist() == [[1] * len(window.ids)]


def test_the_tokenizer_that_is_given_stays_as_it_was() -> None:
    given = tokenizer()
    given.enable_truncation(2)
    Encoder(given)
    assert given.truncation is not None
    assert not given.encode_special_tokens


def test_truncation_and_padding_of_the_given_tokenizer_do_not_count() -> None:
    given = tokenizer()
    given.enable_truncation(2)
    given.enable_padding(length=8)
    window = only(Encoder(given).windows(ReaderInput("who", "", "", "a b c d e")))
    assert len(window.offsets) == 5


def test_a_tokenizer_without_the_special_tokens_is_refused() -> None:
    bare = Tokenizer(WordPiece({"[UNK]": 0, "a": 1}, unk_token="[UNK]"))  # noqa: S106 - no password
    with pytest.raises(ValueError, match=r"tokenizer has no \[CLS\] token"):
        Encoder(bare)
