"""The elements of HTML by how a browser shows them. Pure."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


HEADINGS = _words("h1 h2 h3 h4 h5 h6 summary")
LISTS = _words("ul ol menu dir")
BLOCKS = _words(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noscript ol p pre search section "
    "summary table tbody td tfoot th thead tr ul"
)
UNSEEN = _words(
    "audio button canvas datalist del embed frame head iframe input map meter noscript object option progress rp rt "
    "s script select strike style svg template textarea title video"
)
