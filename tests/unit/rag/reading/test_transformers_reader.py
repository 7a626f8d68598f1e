from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from onrecord.index.errors import ModelUnavailable
from onrecord.rag.reading.transformers_reader import TransformersReader
from tests.unit.rag.articles import PARAGRAPHS, article, hits

if TYPE_CHECKING:
    from pathlib import Path

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *["who", "leads", "the", "dockers", "ada", "moss", "she", "ships", "may", "dock", "until", "council"],
    "?",
    ".",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny untrained model with its tokenizer, as `save_pretrained` writes them."""
    import torch  # noqa: PLC0415 - seconds that other tests must not pay
    from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: PLC0415
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast  # noqa: PLC0415

    where = tmp_path_factory.mktemp("tiny")
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - no password
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=32,
        pad_token="[PAD]",  # noqa: S106 - no password
        unk_token="[UNK]",  # noqa: S106 - no password
        cls_token="[CLS]",  # noqa: S106 - no password
        sep_token="[SEP]",  # noqa: S106 - no password
    ).save_pretrained(where)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertForQuestionAnswering(config).save_pretrained(where)
    return where


def test_any_extractive_model_reads_and_its_spans_stay_inside_the_passages(folder: Path) -> None:
    of = article(*PARAGRAPHS, "Until May the council leads. " * 20)
    found = hits(of)
    readings = TransformersReader(folder, threads=1).read("Who leads the dockers?", found)
    for hit, reading in zip(found, readings, strict=True):
        assert reading.span is not None
        assert hit.passage.start <= reading.span.start < reading.span.end <= hit.passage.end


def test_the_lead_is_read_but_never_quoted(folder: Path) -> None:
    of = article(*PARAGRAPHS)
    led = replace(hits(of)[2], lead="Ada Moss leads the dockers.")
    (with_lead,) = TransformersReader(folder, threads=1).read("Who leads?", [led])
    (without,) = TransformersReader(folder, threads=1).read("Who leads?", [hits(of)[2]])
    assert with_lead.span is not None
    assert without.span is not None
    assert led.passage.start <= with_lead.span.start < with_lead.span.end <= led.passage.end
    assert with_lead.span.score != without.span.score


def test_a_folder_that_holds_no_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be used"):
        TransformersReader(tmp_path, threads=1).warm_up()
