"""A system's end of the protocol: JSON lines over standard input and output, with nothing but the standard library.

    in   {"threads", "folder", "embedder", "reader", "articles": [{source, title, text}], "documents": [{id, text}]}
    out  {"loaded": seconds, "indexed": seconds, "versions": {…}}
    in   a question, as a JSON string; the same is sent for each, one at a time
    out  {"found": [document ids], "ranked": [document ids], "answer": text or null, "score": number, "answered": bool,
          "milliseconds": number}
    out  {"peak_mib": number}, when the input ends

found: what retrieval alone puts first; ranked: the order once the reader has had its say. answer: the best candidate's
text, also where the system would refuse to give it; answered: whether it does give it, at its own settings; score: the
number it has for that decision, larger where it is surer.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN = 3
"""How many passages count."""


class System(Protocol):
    """What an adapter makes of a system; only `ask` is timed as a question's latency."""

    def index(self) -> None:
        """Index everything that was given."""
        ...

    def ask(self, question: str) -> Any:
        """What the system gives back for a question, in its own form."""
        ...

    def told(self, question: str, given: Any) -> dict[str, Any]:
        """The same in the protocol's form, `milliseconds` left out."""
        ...


def serve(make: Callable[[dict[str, Any]], System], packages: tuple[str, ...]) -> None:
    """Answer until the input ends. Whatever a library prints goes to standard error."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)

        def send(message: dict[str, Any]) -> None:
            out.write(json.dumps(message) + "\n")
            out.flush()

        given = json.loads(sys.stdin.readline())
        began = perf_counter()
        system = make(given)
        loaded = perf_counter()
        system.index()
        versions = {name: version(name) for name in packages}
        send({"loaded": loaded - began, "indexed": perf_counter() - loaded, "versions": versions})
        for line in sys.stdin:
            question = json.loads(line)
            began = perf_counter()
            answer = system.ask(question)
            milliseconds = 1000 * (perf_counter() - began)
            send({**system.told(question, answer), "milliseconds": milliseconds})
        send({"peak_mib": peak_mib()})


def peak_mib() -> float:
    """The most memory that this process held, in MiB."""
    try:  # `ru_maxrss` starts at what the parent held when it made this process
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
