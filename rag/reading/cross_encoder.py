"""The default reader: a cross-encoder that reads question and passage together, run by onnxruntime.

One pass gives relevance, and start and end of the answer for every token (see training/ and its model card). The model,
its tokenizer, its limits and its calibration stand together in one folder; `rag/models/reader` is the bundled one.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from onrecord.index.errors import ModelUnavailable
from onrecord.index.inference import session
from onrecord.rag.reading.encoding import Encoder, Limits, ModelInput, ReaderInput, Window
from onrecord.rag.reading.reader import Calibration, Reading
from onrecord.rag.reading.spans import ScoredSpan, best_span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from onrecord.index.records import Hit

BUNDLED_FOLDER = Path(__file__).parent.parent / "models" / "reader"
MODEL, TOKENIZER, CONFIG = "reader.onnx", "tokenizer.json", "config.json"


class WindowScores(NamedTuple):
    """Logits of one window. start, end: *Shape:* `(length,)`; relevance is a number."""

    start: NDArray[np.float32]
    end: NDArray[np.float32]
    relevance: float


class CrossEncoderReader:
    """Reads with an ONNX model. Building one is cheap; safe to share between threads.

    Args:
        folder: holds reader.onnx, tokenizer.json and config.json.
        threads: how many windows are read side by side.
        tokenizer: the file of a tokenizer that does not stand in the folder.
        model: finds the ONNX file, told the most tokens in a window, where the folder does not hold it. Called when
            something is first read; it may take its time, and raise ModelUnavailable.
    """

    def __init__(
        self,
        folder: Path = BUNDLED_FOLDER,
        *,
        threads: int,
        tokenizer: Path | None = None,
        model: Callable[[int], Path] | None = None,
    ) -> None:
        self._folder = folder
        self._threads = threads
        self._tokenizer = tokenizer or folder / TOKENIZER
        self._model = model or (lambda _: folder / MODEL)

    @cached_property
    def calibration(self) -> Calibration:
        """The calibration that came with the model.

        Raises:
            ModelUnavailable: the model's folder is missing or incomplete.
        """
        try:
            return Calibration(**self._config["calibration"])
        except (KeyError, TypeError) as error:
            raise _unusable(self._folder, f"{CONFIG} has no usable calibration ({error})") from error

    def warm_up(self) -> None:
        """Load the model and run it once."""
        self._scores(self._encoder.windows(ReaderInput("ready?", "", "", "Ready.")))

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Read each hit, a long one in overlapping windows of which the best counts.

        Raises:
            ModelUnavailable: the model's folder is missing or incomplete.
        """
        inputs = [ReaderInput.of(question, hit.article.title, hit.lead, hit.passage.text) for hit in hits]
        windows = [self._encoder.windows(each) for each in inputs]
        scores = iter(self._scores([window for each in windows for window in each]))
        return [
            _reading(hit, [(window, next(scores)) for window in each]) for hit, each in zip(hits, windows, strict=True)
        ]

    def _scores(self, windows: Sequence[Window]) -> list[WindowScores]:
        """Run the model on every window, the longest first so that the threads end together.

        Each runs alone: int8 activations have one scale a tensor, so in a batch a window's scores would depend on its
        neighbours, and with them what an article answers on which others are indexed.
        """
        order = sorted(range(len(windows)), key=lambda i: -len(windows[i].ids))
        session = self._session
        found = self._pool.map(lambda i: _run(session, windows[i]), order)
        scores = dict(zip(order, found, strict=True))
        return [scores[i] for i in range(len(windows))]

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="reader")

    @cached_property
    def _config(self) -> dict[str, Any]:
        try:
            config = json.loads((self._folder / CONFIG).read_text(encoding="utf-8"))
        except OSError as error:
            raise _unusable(self._folder, f"{CONFIG} cannot be read ({error.strerror})") from error
        except ValueError as error:
            raise _unusable(self._folder, f"{CONFIG} is not JSON ({error})") from error
        return dict(config)

    @cached_property
    def _limits(self) -> Limits:
        try:
            return Limits(**self._config.get("limits", {}))
        except TypeError as error:
            raise _unusable(self._folder, f"{CONFIG} has no usable limits ({error})") from error

    @cached_property
    def _encoder(self) -> Encoder:
        from tokenizers import Tokenizer  # noqa: PLC0415 - only when something is read

        file, limits = self._tokenizer, self._limits
        try:
            return Encoder(Tokenizer.from_file(str(file)), limits)
        except Exception as error:  # tokenizers raises bare Exception for a file it cannot read
            raise _unusable(self._folder, f"{TOKENIZER} cannot be loaded ({error})") from error

    @cached_property
    def _session(self) -> Any:
        file = self._model(self._limits.window)
        try:
            return session(file)  # of one thread: windows run side by side instead
        except Exception as error:  # onnxruntime's own exception classes are private
            raise _unusable(self._folder, f"{file.name} cannot be loaded ({error})") from error


def _run(session: Any, window: Window) -> WindowScores:
    start, end, relevance = session.run(["start", "end", "relevance"], ModelInput.of(window)._asdict())
    return WindowScores(start[0], end[0], float(relevance[0]))


def _reading(hit: Hit, read: Sequence[tuple[Window, WindowScores]]) -> Reading:
    """The best of a passage's windows, with offsets in the article."""
    best: ScoredSpan | None = None
    for window, scores in read:
        tokens = slice(window.passage_start, window.passage_start + len(window.offsets))
        null = float(scores.start[0] + scores.end[0])
        found = best_span(scores.start[tokens], scores.end[tokens], window.offsets, null=null)
        if found is not None and (best is None or found[2] > best.score):
            start, end, score = found
            best = ScoredSpan(hit.passage.start + start, hit.passage.start + end, score)
    return Reading(max((scores.relevance for _, scores in read), default=float("-inf")), best)


def _unusable(folder: Path, why: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The reader in {folder} cannot be used: {why}.",
        hint="Reinstall onrecord, or set ONRECORD_READER to a folder that `python -m training.network.export` wrote.",
    )
