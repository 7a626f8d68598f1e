"""How an application shows itself to pages, programs and chat UIs that come from elsewhere."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Exposure:
    """By default: to pages of its own origin, and to every program that reaches it.

    Args:
        allowed_origins: other origins whose pages may ask here and frame the chat page.
        api_key: what the OpenAI-shaped routes, and those that change articles, ask for, if anything.
        public_url: where links in chat completions begin, without a slash at the end; None for where the request went.
        open_webui: whether chat completions are told Open WebUI's way.
    """

    allowed_origins: tuple[str, ...] = ()
    api_key: str | None = field(default=None, repr=False)
    public_url: str | None = None
    open_webui: bool = False

    def admits(self, authorization: str | None) -> bool:
        """Whether the value of an `Authorization` header brings the key, where there is one."""
        if self.api_key is None:
            return True
        scheme, _, given = (authorization or "").partition(" ")
        # compare_digest takes as long for a key that is nearly right as for any other.
        return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), self.api_key.encode())
