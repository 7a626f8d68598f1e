"""What fetching may take, and in whose name it is done."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from onrecord.index.sources.document import LARGEST_DOCUMENT

USER_AGENT = f"OnRecord/{version('onrecord')}"


@dataclass(frozen=True, slots=True)
class Manners:
    """What fetching may take.

    One fetch: `max_bytes` of unpacked body, `seconds` from the first request to the last byte, `redirects`. A feed or
    sitemap is expanded to `max_urls`. Between two fetches from one host pass `delay` seconds, more where its robots.txt
    asks for more, up to half a minute.
    """

    max_bytes: int = LARGEST_DOCUMENT
    seconds: float = 30.0
    redirects: int = 5
    max_urls: int = 500
    delay: float = 1.0
