"""A tiny extractive question-answering model that knows one answer, for what reads with transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WINDOW = 32
"""Tokens that it reads at once."""

_WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *["who", "leads", "the", "dockers", "ada", "moss", "she", "ships", "may", "dock", "until", "council"],
    "?",
    ".",
]


def save_model(folder: Path) -> None:
    """Write a model to which “Ada Moss” answers every question, with its tokenizer, as `save_pretrained` writes them.

    Untrained but for two dimensions: the word “ada” alone stands out in the first, which makes starts, and “moss” in
    the second, which makes ends. The null answer has some of both, so that other words lose against it. What stands
    around a word moves its scores a little.
    """
    import torch  # noqa: PLC0415 - torch: 1 s
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors  # noqa: PLC0415 - as above
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast  # noqa: PLC0415 - as above

    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(_WORDS)}, unk_token="[UNK]"))  # noqa: S106 - no password
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=WINDOW,
        pad_token="[PAD]",  # noqa: S106 - no password
        unk_token="[UNK]",  # noqa: S106 - no password
        cls_token="[CLS]",  # noqa: S106 - no password
        sep_token="[SEP]",  # noqa: S106 - no password
    ).save_pretrained(folder)
    torch.manual_seed(0)
    model = BertForQuestionAnswering(
        BertConfig(
            vocab_size=len(_WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
        )
    )
    with torch.no_grad():
        embeddings = model.bert.embeddings
        for table in (embeddings.word_embeddings, embeddings.position_embeddings, embeddings.token_type_embeddings):
            table.weight[:, :2] = 0
        words = embeddings.word_embeddings.weight
        for dimension, word in enumerate(("ada", "moss")):
            words[_WORDS.index(word), dimension] = 1
            words[_WORDS.index("[CLS]"), dimension] = 1
            model.qa_outputs.weight[dimension, dimension] = 1
    model.save_pretrained(folder)
