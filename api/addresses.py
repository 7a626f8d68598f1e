"""What settings say about who may reach this server and where, checked and made canonical."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pydantic import SecretStr

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_PATH = re.compile(r"(/[A-Za-z0-9._~%-]*)*")
_VISIBLE = re.compile(r"[!-~]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


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
