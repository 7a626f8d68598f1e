"""Any Hugging Face extractive question-answering model as a reader: start and end logits, null answer at [CLS].

torch and transformers are imported only when such a reader is asked for (`ONRECORD_READER`) and first used. The model
comes from a folder or from this machine's Hugging Face cache; nothing is downloaded.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.index.errors import ModelUnavailable
from onrecord.rag.reading.reader import UNCALIBRATED, Reading
from onrecord.rag.reading.spans import ScoredSpan, best_span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from transformers import PreTrainedModel, PreTrainedTokenizerFast

    from onrecord.index.records import Hit
    from onrecord.rag.reading.reader import Calibration

_WINDOW = 384
_OVERLAP = 1 / 3
"""Share of a window that the next one reads again."""

_BATCH = 16


class TransformersReader:
    """Reads with a model of class `AutoModelForQuestionAnswering`. Safe to share between threads.

    Args:
        folder: holds the model and its (fast) tokenizer, as `save_pretrained` writes them.
        threads: how many threads torch may use.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        self._folder = folder
        self._threads = threads
        self._lock = Lock()

    @property
    def calibration(self) -> Calibration:
        """The null-score rule of SQuAD 2.0, that a span must beat the null answer: no calibrated probability."""
        return UNCALIBRATED

    def warm_up(self) -> None:
        """Load the model."""
        _ = self._tokenizer, self._model

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Read each hit; a long one in overlapping windows of which the best span counts.

        Raises:
            ModelUnavailable: the model cannot be loaded.
        """
        best: list[ScoredSpan | None] = [None] * len(hits)
        for first in range(0, len(hits), _BATCH):
            batch = hits[first : first + _BATCH]
            for owner, span in self._spans(question, batch):
                held = best[first + owner]
                if held is None or span.score > held.score:
                    best[first + owner] = span
        return [Reading(0.0, span) for span in best]

    def _spans(self, question: str, hits: Sequence[Hit]) -> list[tuple[int, ScoredSpan]]:
        """The best span of each window, with the index of the hit that it belongs to."""
        import torch  # noqa: PLC0415 - torch: 1 s

        window_length = min(_WINDOW, self._tokenizer.model_max_length)
        before = [f"{hit.lead} " if hit.lead else "" for hit in hits]
        encoded = self._tokenizer(
            [question] * len(hits),
            [lead + hit.passage.text for lead, hit in zip(before, hits, strict=True)],
            truncation="only_second",
            max_length=window_length,
            stride=int(window_length * _OVERLAP),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            padding=True,
            return_tensors="pt",
        )
        owners = encoded.pop("overflow_to_sample_mapping").tolist()
        offsets = encoded.pop("offset_mapping").numpy()
        with self._lock, torch.inference_mode():
            logits: Any = self._model(**encoded)
        starts, ends = logits.start_logits.float().numpy(), logits.end_logits.float().numpy()
        found = []
        for window, owner in enumerate(owners):
            hit, skipped = hits[owner], len(before[owner])
            passage = np.array([part == 1 for part in encoded.sequence_ids(window)])
            passage &= (offsets[window, :, 0] >= skipped) & (offsets[window, :, 1] > offsets[window, :, 0])
            null = float(starts[window, 0] + ends[window, 0])
            span = best_span(starts[window, passage], ends[window, passage], offsets[window, passage], null=null)
            if span is not None:
                start, end, score = span
                shift = hit.passage.start - skipped
                found.append((owner, ScoredSpan(start + shift, end + shift, score)))
        return found

    @cached_property
    def _tokenizer(self) -> PreTrainedTokenizerFast:
        from transformers import AutoTokenizer  # noqa: PLC0415 - transformers: 0.7 s

        tokenizer = self._loaded(AutoTokenizer)
        if not tokenizer.is_fast:
            raise self._unusable("its tokenizer gives no offsets; a fast one is needed")
        return tokenizer

    @cached_property
    def _model(self) -> PreTrainedModel:
        import torch  # noqa: PLC0415 - torch: 1 s
        from transformers import AutoModelForQuestionAnswering  # noqa: PLC0415 - transformers: 0.7 s

        torch.set_num_threads(self._threads)
        return self._loaded(AutoModelForQuestionAnswering).eval()

    def _loaded(self, kind: Any) -> Any:
        try:
            return kind.from_pretrained(str(self._folder), local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise self._unusable(str(error)) from error

    def _unusable(self, why: str) -> ModelUnavailable:
        return ModelUnavailable(
            f"The reader in {self._folder} cannot be used: {why}.",
            hint="Give a folder that save_pretrained() wrote for an extractive question-answering model.",
        )
