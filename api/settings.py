"""What can be configured, as one frozen object read from `ONRECORD_…` environment variables."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from onrecord.index.errors import OnRecordError
from onrecord.index.sources.document import LARGEST_DOCUMENT
from onrecord.index.sources.web.addresses import Network, networks
from onrecord.index.sources.web.manners import USER_AGENT

PREFIX = "ONRECORD_"

_MOST_THREADS = 8
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_PATH = re.compile(r"(/[A-Za-z0-9._~%-]*)*")
_VISIBLE = re.compile(r"[!-~]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class InvalidSettings(OnRecordError):  # noqa: N818 - named for what is wrong, as those of index.errors
    """An `ONRECORD_…` variable or option is unknown or has a value that cannot be used."""


def _processors() -> int:
    """The processors this process may use, capped: small models slow down when spread over many."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MOST_THREADS)


def origins(given: str | tuple[str, ...]) -> tuple[str, ...]:
    """Split origins at commas, and write each as a browser sends it, once.

    Raises:
        ValueError: one is no `scheme://host[:port]`. A `*` is none: it would let every page on the web ask here.
    """
    listed = given.split(",") if isinstance(given, str) else given
    return tuple(dict.fromkeys(_origin(one.strip()) for one in listed if one.strip()))


def site(address: str) -> str:
    """Write the address of a site, which may lie under a path, without a slash at its end.

    Raises:
        ValueError: it is no web address, or says more than a scheme, a host, a port and a path.
    """
    parts = urlsplit(address.strip())
    if not parts.netloc:
        raise ValueError("write it as scheme://host, with the port and the path if there are any")
    if parts.query or parts.fragment:
        raise ValueError("leave out what follows the path")
    if not _PATH.fullmatch(parts.path):
        raise ValueError("its path has characters that no path has")
    return _origin(f"{parts.scheme}://{parts.netloc}") + parts.path.rstrip("/")


def checked_key(secret: SecretStr) -> SecretStr:
    """Let a key pass that can be sent in a header.

    Raises:
        ValueError: it has white space or characters beyond ASCII.
    """
    if not _VISIBLE.fullmatch(secret.get_secret_value()):
        raise ValueError("use only visible ASCII characters, without spaces")
    return secret


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
        description="`accurate` for two readers, of which the larger reads again what matters (it needs `pip install "
        '"onrecord[accurate]"`), `fast` for the small one alone, the folder of an ONNX reader that '
        "`training.network.export` wrote, or that of a Hugging Face extractive question-answering model, or such a "
        "model's name in the local cache; by default `accurate` where it is installed, else `fast`.",
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
    allowed_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(origins)] = Field(
        default_factory=tuple,
        description="Which other sites' pages may ask here and show the chat page in a frame: origins between commas, "
        "as `https://news.example, http://intranet.example:8080`; by default none.",
    )
    api_key: Annotated[SecretStr, AfterValidator(checked_key)] | None = Field(
        None,
        description="What `/v1/chat/completions`, `/v1/models` and adding or removing articles then need, as "
        "`Authorization: Bearer …`; by default nothing. Asking and reading by the other routes stay open.",
    )
    public_url: Annotated[str, AfterValidator(site)] | None = Field(
        None,
        description="Where users reach this server, as `https://ask.news.example`: links in chat completions begin "
        "with it. By default the address that a request was sent to.",
    )
    open_webui: bool = Field(
        default=False,
        description="Whether chat completions are told the way that Open WebUI shows best: with its `sources`, and "
        "with citation marks that it makes buttons of.",
    )
    read_only: bool | None = Field(
        None,
        description="Whether articles cannot be added or removed over HTTP; by default so where `host` can be reached "
        "from other machines and no `ONRECORD_API_KEY` is asked for.",
    )
    question_log: Path | None = Field(
        None,
        description="The file in which `serve` keeps what was asked and what was answered, for `onrecord cases "
        "suggest`; by default nothing is kept. See docs/question-log.md.",
    )
    question_log_max_bytes: int = Field(
        10_000_000, ge=1_000, description="How large the question log may grow before another file is begun."
    )
    question_log_backups: int = Field(
        4, ge=1, le=1_000, description="How many older files of the question log are kept; older ones are removed."
    )
    fetch_user_agent: str = Field(
        USER_AGENT,
        min_length=1,
        max_length=200,
        pattern=r"^[A-Za-z_-]+(/[!-~]+)?( [ -~]+)?$",
        description="Who asks, as servers see it where a URL is fetched; a robots.txt is matched with its first word. "
        "With an address behind it, as `Gazette/1.0 (+https://gazette.example/bot)`, sites can ask you.",
    )
    fetch_max_bytes: int = Field(
        LARGEST_DOCUMENT,
        ge=1_000,
        le=LARGEST_DOCUMENT,
        description="How many bytes a fetched page may have, unpacked.",
    )
    fetch_seconds: float = Field(
        30.0, gt=0, le=600, description="How many seconds fetching one URL may take in all, redirects included."
    )
    fetch_delay: float = Field(
        1.0,
        ge=0,
        le=60,
        description="How many seconds pass between two requests to one host; more where its robots.txt "
        "asks for more, up to 30.",
    )
    fetch_max_urls: int = Field(
        500, ge=1, le=100_000, description="How many of the URLs that a feed or sitemap lists are fetched."
    )
    fetch_allowed_networks: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(networks)] = Field(
        default_factory=tuple,
        description="Networks with private addresses from which URLs may be fetched: `10.1.0.0/16, 127.0.0.1`; "
        "by default none, so that no page or redirect can reach what only this machine can.",
    )
    log_level: Literal["debug", "info", "warning", "error"] | None = Field(
        None,
        description="The least severe log lines that are written to standard error; by default `info` where `serve` "
        "writes JSON, so that each request has its line, and `warning` elsewhere.",
    )
    log_format: Literal["json", "text"] | None = Field(
        None,
        description="How log lines are written: `json`, one object a line, or `text`, for people; by default `json` "
        "for `serve` where standard error is no terminal, and `text` elsewhere.",
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
        told = "what it is" if name == "api_key" else repr(first["input"])
        why = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"].lower()
        # Not from pydantic's error, which quotes what was given: a key must not get into a log.
        raise InvalidSettings(f"{variable(name)} cannot be {told}: {why}.", hint=f"Its meaning: {meaning}") from None


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


def _origin(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(f"{text!r} has a port or host that cannot be") from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        raise ValueError(f"write {text!r} as scheme://host or scheme://host:port, one for each site")
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(f"leave out of {text!r} what is no scheme, host or port")
    shown = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{shown}"
