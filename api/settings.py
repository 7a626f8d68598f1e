"""What can be configured, as one frozen object read from `ONRECORD_…` environment variables."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import OnRecordError

PREFIX = "ONRECORD_"

_MOST_THREADS = 8


class InvalidSettings(OnRecordError):  # noqa: N818 - named for what is wrong, as those of index.errors
    """An `ONRECORD_…` variable or option is unknown or has a value that cannot be used."""


def _processors() -> int:
    """The processors this process may use, capped: small models slow down when spread over many."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MOST_THREADS)


class Settings(BaseSettings):
    """Every setting; the environment variable of `data_dir` is `ONRECORD_DATA_DIR`, and so on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    data_dir: Path = Field(
        Path(".onrecord"), description="Where articles and their indexes live; `--data` replaces it for one command."
    )
    host: str = Field(
        "127.0.0.1", min_length=1, description="The address `serve` listens on; `0.0.0.0` to be reached from elsewhere."
    )
    port: int = Field(8000, ge=0, le=65_535, description="The port `serve` listens on; 0 takes any free one.")
    threads: int = Field(
        default_factory=_processors,
        ge=1,
        le=256,
        description=f"How many threads the models may use; by default the processors at hand, at most {_MOST_THREADS}.",
    )
    embedder: str | None = Field(
        None,
        description="The folder of a sentence-transformers model, or its name in the local Hugging Face cache; "
        "by default the bundled all-MiniLM-L6-v2. Changing it embeds every article again.",
    )
    reader: str | None = Field(
        None,
        description="The folder of an ONNX reader that `training.export` wrote, or that of a Hugging Face extractive "
        "question-answering model, or such a model's name in the local cache; by default the bundled reader.",
    )
    min_confidence: float | None = Field(
        None,
        ge=0,
        le=1,
        description="How confident a quote must be to be an answer; by default the reader's own threshold. "
        "A request's `min_confidence` goes before it.",
    )
    candidates: int = Field(16, ge=1, le=200, description="How many passages are read for a question.")
    max_concurrent_questions: int = Field(
        2, ge=1, le=64, description="How many questions `serve` answers at once; further ones wait their turn."
    )
    max_waiting_questions: int = Field(
        32, ge=0, le=10_000, description="How many questions may wait; one more is refused with 503 and `Retry-After`."
    )
    log_level: Literal["debug", "info", "warning", "error"] | None = Field(
        None,
        description="The least severe log lines that are written to standard error; by default `info` for `serve` "
        "and `warning` for other commands.",
    )


def load_settings(**given: Any) -> Settings:
    """Read the settings from the environment; what is given, and is not None, goes before it.

    Raises:
        InvalidSettings: a variable that starts with `ONRECORD_` is unknown, or a value is out of bounds.
    """
    _refuse_unknown(os.environ)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0])
        meaning = Settings.model_fields[name].description
        raise InvalidSettings(
            f"{variable(name)} cannot be {first['input']!r}: {first['msg'].lower()}.", hint=f"Its meaning: {meaning}"
        ) from error


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def _refuse_unknown(environment: os._Environ[str]) -> None:
    known = [variable(name) for name in Settings.model_fields]
    for key in sorted(environment):
        if key.upper().startswith(PREFIX) and key.upper() not in known:
            near = difflib.get_close_matches(key.upper(), known, n=1, cutoff=0)
            raise InvalidSettings(
                f"The environment sets {key}, which is no setting.",
                hint=f"The nearest one is {near[0]}; docs/cli.md lists them all. Unset it or correct its name.",
            )
