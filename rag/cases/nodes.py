"""YAML nodes, taken apart strictly: whatever is not as it should be is refused by line, with what to write instead.

A file is parsed to nodes and validated as nodes, because a node knows its line and a value does not. Nothing is ever
constructed from a tag but numbers, truth values and texts.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from onrecord.rag.cases.case import CaseFileError
from onrecord.rag.cases.matching import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Parsing in C is five times as fast; the parser in Python says better what is wrong.
FAST_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Characters that no text of a case may hold."""


@dataclass(frozen=True, slots=True)
class Document:
    """The file being read: every complaint names it, and the line of the node that it is about."""

    path: Path

    def error(self, where: yaml.Node | int, problem: str, remedy: str) -> CaseFileError:
        """A complaint about a node or a line."""
        line = where if isinstance(where, int) else where.start_mark.line + 1
        return CaseFileError(f"{self.path}:{line}: {problem}.", hint=remedy)

    def root(self) -> yaml.Node:
        """Read the file and parse it."""
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except OSError as cause:
            hint = "Give the path of a case file."
            raise CaseFileError(f"{self.path}: cannot be read: {cause.strerror}.", hint=hint) from cause
        except UnicodeDecodeError as cause:
            hint = "Save it in UTF-8."
            raise CaseFileError(f"{self.path}: cannot be read: it is not UTF-8.", hint=hint) from cause
        root = self._parse(text)
        if root is None:
            raise self.error(1, "the file is empty", "Write `articles:` and `cases:`.")
        return root

    def _parse(self, text: str) -> yaml.Node | None:
        try:
            return yaml.compose(text, Loader=FAST_LOADER)
        except yaml.YAMLError as cause:
            reached = _line(cause)
            told = cause
        try:
            return yaml.compose(text, Loader=yaml.SafeLoader)
        except ReaderError as cause:
            line = text.count("\n", 0, cause.position) + 1
            problem = f"the character {text[cause.position]!a} may not stand in YAML"
            raise self.error(line, problem, "Remove it, or write it as an escape in double quotes.") from cause
        except MarkedYAMLError as cause:
            # The parser in Python also stumbles over what is right, such as `[Who?]`: then the other one got further.
            if _line(cause) >= reached or not isinstance(told, MarkedYAMLError):
                told = cause
            remedy = (
                "Put a text that holds a colon, a hash, a bracket or quotation marks in quotes; indent with spaces."
            )
            raise self.error(_line(told), f"this is not YAML: {told.problem}", remedy) from cause

    def mapping(self, node: yaml.Node, *, known: Sequence[str], required: Sequence[str] = ()) -> dict[str, yaml.Node]:
        """The values under the keys of a mapping that has only known keys, each once, and all required ones."""
        names = ", ".join(f"`{name}`" for name in known)
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, "keys with values are expected here", f"Write `key: value`; the keys are {names}.")
        values: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.error(key, "a key is a word, and no list or mapping", f"The keys are {names}.")
            if key.value not in known:
                near = difflib.get_close_matches(key.value, known, n=1)
                perhaps = f"; perhaps `{near[0]}` is meant" if near else ""
                problem = f"“{key.value}” is no key that is known here"
                raise self.error(key, problem, f"The keys are {names}{perhaps}.")
            if key.value in values:
                raise self.error(key, f"`{key.value}` is given twice", "Keep one of them.")
            values[key.value] = value
        for name in required:
            if name not in values:
                raise self.error(node, f"`{name}` is missing", f"Add `{name}:`.")
        return values

    def items(self, node: yaml.Node) -> list[yaml.Node]:
        """The items of a list that has some."""
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.error(node, "a list of one item or more is expected here", 'Write `["…"]`, or lines of `- …`.')
        return list(node.value)

    def text(self, node: yaml.Node) -> str:
        """A text that says something, without the white space around it."""
        if not isinstance(node, yaml.ScalarNode) or kind(node) not in ("str", "null"):
            remedy = "Write a text; put numbers, dates, yes and no in quotation marks."
            raise self.error(node, "this is read as something else than a text", remedy)
        if kind(node) == "null" or not fold(node.value):
            raise self.error(node, "the text is empty", "Write it, or leave its key or item out.")
        unusable = NO_TEXT.search(node.value)
        if unusable:
            raise self.error(node, f"the text holds {unusable.group()!a}, which is no character", "Take it out.")
        return str(node.value).strip()

    def texts(self, node: yaml.Node | None) -> tuple[str, ...]:
        """A list of different texts; nothing if it is not given."""
        found: dict[str, str] = {}
        for item in self.items(node) if node else ():
            text = self.text(item)
            if fold(text) in found:
                raise self.error(item, f"“{text}” stands in this list twice", "Keep one of them.")
            found[fold(text)] = text
        return tuple(found.values())

    def number(self, node: yaml.Node, name: str, least: int, most: int | None, *, whole: bool) -> float:
        """A number between two bounds, both included."""
        value: Any = None
        if isinstance(node, yaml.ScalarNode) and kind(node) in ("int", "float"):
            try:
                value = SafeConstructor().construct_object(node)
            except ValueError:  # “1_” and the like look like numbers
                value = None
        if (
            not isinstance(value, int if whole else int | float)
            or not least <= value
            or (most is not None and value > most)
        ):
            bounds = f"from {least} to {most}" if most is not None else f"of {least} or more"
            raise self.error(node, f"`{name}` is out of range", f"Write a {'whole ' if whole else ''}number {bounds}.")
        return value


def _line(cause: yaml.YAMLError) -> int:
    """The line, from 1, on which a parser gave up; the first where it does not say."""
    mark = cause.problem_mark if isinstance(cause, MarkedYAMLError) else None
    return mark.line + 1 if mark else 1


def kind(node: yaml.Node) -> str:
    """What YAML reads a node as: str, int, bool, null, seq, map and so on."""
    return str(node.tag).rpartition(":")[2]
