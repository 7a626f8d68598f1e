"""Tells case files from other tools' `*.qa.yaml`, such as Helm's values or Docker's compose file for a stage “qa”.

pytest asks about every such file of every project it runs in, so one that nowhere says `cases` is told by its text
alone, with nothing imported but the standard library.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KEY = "cases"
_BEGINS_A_LINE = re.compile(rf"^(?:{KEY}|'{KEY}'|\"{KEY}\")[ \t]*:", re.MULTILINE)


def is_case_file(path: Path) -> bool:
    """Whether a file is a YAML mapping with a key `cases`; what else is wrong with it is for `files.load` to say.

    Where YAML is broken before such a key was found, a line that begins with it is enough. A file that cannot be read
    is not known to be one.
    """
    try:
        text = _decoded(path.read_bytes())
    except OSError:
        return False
    return KEY in text and _has_key(text)


def _decoded(content: bytes) -> str:
    # A case file is UTF-8. One that was saved otherwise is recognised all the same, so that `load` can say so.
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def _has_key(text: str) -> bool:
    """Whether the first document has the key at its top, by the parser's events: they stop where the key stands."""
    import yaml  # noqa: PLC0415 - saves 10 ms where no file says `cases`

    from onrecord.rag.cases.nodes import FAST_LOADER  # noqa: PLC0415 - saves 17 ms there

    depth = nodes = 0  # how deep the next event stands, and how many keys and values of the top were met
    try:
        for event in yaml.parse(text, Loader=FAST_LOADER):
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if isinstance(event, yaml.NodeEvent):
                if depth == 0 and not isinstance(event, yaml.MappingStartEvent):
                    return False
                if depth == 1:
                    if nodes % 2 == 0 and isinstance(event, yaml.ScalarEvent) and event.value == KEY:
                        return True
                    nodes += 1
                depth += isinstance(event, yaml.CollectionStartEvent)
            if isinstance(event, yaml.DocumentEndEvent):
                return False
    except yaml.YAMLError:
        return bool(_BEGINS_A_LINE.search(text))
    return False
